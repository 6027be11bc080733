import type { DataType } from '../../../base/kernel/index.ts'
import { type Sql, type SqlPart, sqlOf, trusted } from '../../../base/sql/index.ts'
import { Column, type ColumnOrName, type NameOf, type NamesOf, named, operand, type TypeOf } from '../column.ts'
import type { ListOf, OrNull, SumOf } from '../row-types.ts'
import type { ResultType } from './result-type.ts'

/** Arguments as a template sees them: there are as many as the builder gave, so optional ones are asked for by `length`. */
export type TemplateArgs = readonly [Sql, Sql, Sql, ...Sql[]]

/** DuckDB's form of a function: text with `$1`, `$2` … for arguments and `$*` for all of them; or a function of them. */
export type Template = string | ((args: TemplateArgs, types: readonly (DataType | undefined)[]) => Sql)

/** What kind of function: of one row, of a group of rows, or of a window only. */
export type FunctionKind = 'scalar' | 'aggregate' | 'window'

/** One function: its Spark SQL name, what it is in DuckDB, and its type. */
export interface FunctionDefinition {
  /** Spark SQL's name, which also stands in plans. */
  readonly name: string
  readonly kind: FunctionKind
  readonly duckdb: Template
  readonly result: ResultType<unknown>
  /** Arguments that must be numbers are refused early, with the place, when their type is known to be another. */
  readonly numeric?: true
  /** Takes any number of arguments, and so `*`. */
  readonly variadic?: true
  /** What is done with an aggregate's value; apart from it, because a window goes in between. */
  readonly finish?: Finish
}

export type Finish = (value: Sql, types: readonly (DataType | undefined)[]) => Sql

/** A builder of columns that carries its definition, so that the table of functions is made from what is exported. */
export interface Defined {
  readonly definition: FunctionDefinition
}

export interface More {
  readonly kind?: FunctionKind
  readonly numeric?: true
  readonly variadic?: true
  readonly finish?: Finish
}

/** The value type that a result gives for the argument `A`. */
export type Given<R, A> = R extends 'same'
  ? TypeOf<A>
  : R extends 'sum'
    ? SumOf<TypeOf<A>>
    : R extends 'average'
      ? OrNull<number>
      : R extends 'list'
        ? ListOf<TypeOf<A>>
        : R

/** A function of one column. */
export function unary<const F extends string, R>(name: F, duckdb: Template, result: ResultType<R>, more: More = {}) {
  const build = <const A extends ColumnOrName>(
    column: A,
  ): Column<Given<R, A>, `${F}(${NameOf<A> & string})`, NamesOf<A>> =>
    new Column({ kind: 'call', fn: name, args: [named(column)] })
  return Object.assign(build, { definition: define(name, duckdb, result, more) })
}

/** A function of two columns, of which the second may also be a constant that is not a string. */
export function binary<R>(name: string, duckdb: Template, result: ResultType<R>, more: More = {}) {
  const build = <const A extends ColumnOrName, const B extends ColumnOrName | number | bigint | boolean>(
    left: A,
    right: B,
  ): Column<Given<R, A>, string, NamesOf<A> | NamesOf<B>> =>
    new Column({ kind: 'call', fn: name, args: [named(left), named(right)] })
  return Object.assign(build, { definition: define(name, duckdb, result, more) })
}

/** A function of any number of columns. */
export function variadic<R>(name: string, duckdb: Template, result: ResultType<R>, more: More = {}) {
  const build = <const A extends readonly ColumnOrName[]>(
    ...columns: A
  ): Column<Given<R, A[number]>, string, NamesOf<A[number]>> =>
    new Column({ kind: 'call', fn: name, args: columns.map(named) })
  return Object.assign(build, { definition: define(name, duckdb, result, { ...more, variadic: true }) })
}

/** A function without arguments. */
export function nullary<const F extends string, R>(name: F, duckdb: Template, result: ResultType<R>, more: More = {}) {
  const build = (): Column<R, `${F}()`, never> => new Column({ kind: 'call', fn: name, args: [] })
  return Object.assign(build, { definition: define(name, duckdb, result, more) })
}

/** A function of one column and constants `L`: `leading<[length: number, pad: string]>()('lpad', …)`. */
export function leading<L extends readonly unknown[]>() {
  return <R>(name: string, duckdb: Template, result: ResultType<R>, more: More = {}) => {
    const build = <const A extends ColumnOrName>(column: A, ...rest: L): Column<Given<R, A>, string, NamesOf<A>> =>
      new Column({ kind: 'call', fn: name, args: [named(column), ...rest.map(operand)] })
    return Object.assign(build, { definition: define(name, duckdb, result, more) })
  }
}

/** A definition alone, for what methods of `Column` build. */
export function define(
  name: string,
  duckdb: Template,
  result: ResultType<unknown>,
  more: More = {},
): FunctionDefinition {
  return { kind: 'scalar', ...more, name, duckdb, result }
}

/** A template with its arguments in place. */
export function fillTemplate(template: Template, args: readonly Sql[], types: readonly (DataType | undefined)[]): Sql {
  if (typeof template !== 'string') return template(args as readonly Sql[] as TemplateArgs, types)
  const parts: SqlPart[] = []
  for (const piece of template.split(/(\$\d+|\$\*)/)) {
    if (piece === '$*') {
      args.forEach((arg, i) => {
        parts.push(...(i > 0 ? [{ text: ', ' }] : []), ...arg.parts)
      })
    } else if (/^\$\d+$/.test(piece)) parts.push(...(args[Number(piece.slice(1)) - 1] ?? trusted('null')).parts)
    else if (piece !== '') parts.push({ text: piece })
  }
  return sqlOf(parts)
}
