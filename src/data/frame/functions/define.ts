import type { DataType } from '../../../base/kernel/index.ts'
import { type Sql, type SqlPart, sqlOf, trusted } from '../../../base/sql/index.ts'
import type { Need } from '../argument-types.ts'
import { Column, named, operand } from '../column.ts'
import type { Argument, ColumnOrName, NameOf, NamesOf, NeedsOf, TypeOf, UsesOf } from '../column-types.ts'
import type { Make } from '../row-types.ts'
import type { IsNamed, NamedResult, Takes, TakesSecond } from './argument-kind.ts'
import type { Holding } from './math/held-decimal.ts'
import type { Native } from './native.ts'
import type { ResultType } from './result-type.ts'

/** Arguments as a template sees them: there are as many as the builder gave, so optional ones are asked for by `length`. */
export type TemplateArgs = readonly [Sql, Sql, Sql, ...Sql[]]

/** What a form is told beside the arguments. */
export interface Call {
  /** ` over (…)` of a function in a window, else nothing. Forms of PostgreSQL put it behind each aggregate of theirs. */
  readonly over: Sql
  /** The names of lambda parameters that `Lambdas` was told. */
  readonly variables: readonly [Sql, Sql]
  /** The type of the result, as far as it is known. */
  readonly type: DataType | undefined
  /** @throws MillraceError ENGINE_UNSUPPORTED naming the function */
  refuse(why: string, instead?: string): never
}

/**
 * A function's form in an engine: text with `$1`, `$2` … for arguments and `$*` for all of them; or a function of
 * them. A letter says what an argument has to be in PostgreSQL, which converts nothing by itself: `$t1` text, `$i1`
 * integer, `$f1` double, `$d1` date, `$w1` timestamp without zone, `$m1` moment; `$s1` orders as bytes do, `$u1` is
 * of the type that all arguments have in common (in DuckDB too), `$v1` both; `$o1` is what DuckDB orders it by, `$k1` both. `$over` is the window, at the end when
 * left out. A function may also give such a text.
 */
export type Template =
  | string
  | ((args: TemplateArgs, types: readonly (DataType | undefined)[], call: Call) => Sql | string)

/** A form that is computed. */
export type Form = (args: TemplateArgs, types: readonly (DataType | undefined)[], call: Call) => Sql

/** That an engine has no equal form, and why, or what to use instead. */
export interface Refusal {
  readonly refused: string
}

/** The forms of a function by engine; one alone is DuckDB's. */
export type Forms = Template | { readonly duckdb: Template; readonly postgres: Template | Refusal }

/** The same form in every engine. */
export function everywhere(template: Template): Forms {
  return { duckdb: template, postgres: template }
}

/** DuckDB's form, and why PostgreSQL has none that is equal. */
export function onlyDuckDb(duckdb: Template, refused = ''): Forms {
  return { duckdb, postgres: { refused } }
}

/** What kind of function: of one row, of a group of rows, or of a window only. */
export type FunctionKind = 'scalar' | 'aggregate' | 'window' | 'generator'

/** One function: its Spark SQL name, what it is in each engine, and its type. */
export interface FunctionDefinition {
  /** Spark SQL's name, which also stands in plans. */
  readonly name: string
  readonly kind: FunctionKind
  readonly duckdb: Template
  readonly postgres: Template | Refusal
  readonly result: ResultType<unknown>
  /** Arguments that must be numbers are refused early, with the place, when their type is known to be another. */
  readonly numeric?: true
  /** How many arguments it takes, where that is one number. */
  readonly arity?: number
  /** Takes any number of arguments, and so `*`. */
  readonly variadic?: true
  /** What is done with an aggregate's value in DuckDB; apart from it, because a window goes in between. */
  readonly finish?: Finish
  /** What the parameters of its lambdas are. */
  readonly lambdas?: Lambdas
  /** What its form in DuckDB calls that DuckDB lacks. */
  readonly natives?: readonly Native[]
  /** Takes decimals as DuckDB holds them, and how it gives its own. */
  readonly held?: Holding
}

/**
 * What the parameters of a function's lambda are in DuckDB, given the types of the arguments that are no lambdas, the
 * number of the lambda among the lambdas, and two names of lambda parameters that the form may use.
 */
export type Lambdas = (
  types: readonly (DataType | undefined)[],
  lambda: number,
  names: readonly [Sql, Sql],
) => readonly { readonly sql: Sql; readonly type: DataType | undefined }[]

export type Finish = (value: Sql, types: readonly (DataType | undefined)[]) => Sql

/** A builder of columns that carries its definition, so that the table of functions is made from what is exported. */
export interface Defined {
  readonly definition: FunctionDefinition
}

export interface More {
  readonly arity?: number
  readonly kind?: FunctionKind
  readonly numeric?: true
  readonly variadic?: true
  readonly finish?: Finish
  readonly lambdas?: Lambdas
  readonly natives?: readonly Native[]
  readonly held?: Holding
}

/** The value type that the result `R` of the function `F` gives for the argument `A`. */
export type Given<R, A, F extends string = string> =
  IsNamed<F> extends true
    ? NamedResult<F, TypeOf<A>>
    : R extends 'same'
      ? TypeOf<A>
      : R extends 'sum' | 'average' | 'list'
        ? Make<R, TypeOf<A>>
        : unknown extends R
          ? // biome-ignore lint/suspicious/noExplicitAny: only the engine knows
            any
          : R
/** What a row must be for the argument `A` of the function `F`. */
export type GivenNeeds<A, F extends string> = NeedsOf<A> & Need<TypeOf<A>, Takes<F>>
/** The name of a column that a function of one column makes. */
type UnaryName<F extends string, A> = F extends 'explode' | 'explode_outer'
  ? 'col'
  : F extends 'posexplode' | 'posexplode_outer' | 'inline' | 'inline_outer'
    ? string
    : `${F}(${NameOf<A> & string})`

/** A function of one column. */
export function unary<const F extends string, R>(name: F, forms: Forms, result: ResultType<R>, more: More = {}) {
  const build = <const A extends ColumnOrName>(
    column: A & Argument<Takes<F>>,
  ): Column<Given<R, A, F>, UnaryName<F, A>, NamesOf<A>, GivenNeeds<A, F>> =>
    new Column({ kind: 'call', fn: name, args: [named(column)] })
  return Object.assign(build, { definition: define(name, forms, result, { arity: 1, ...more }) })
}

/** A function of two columns, of which the second may also be a constant that is not a string. */
export function binary<const F extends string, R>(name: F, forms: Forms, result: ResultType<R>, more: More = {}) {
  const build = <const A extends ColumnOrName, const B extends ColumnOrName | number | bigint | boolean>(
    left: A & Argument<Takes<F>>,
    right: B & (Argument<TakesSecond<F>> | TakesSecond<F>),
  ): Column<
    Given<R, A, F>,
    string,
    NamesOf<A> | NamesOf<B>,
    GivenNeeds<A, F> & NeedsOf<B> & Need<TypeOf<B>, TakesSecond<F>>
  > => new Column({ kind: 'call', fn: name, args: [named(left), named(right)] })
  return Object.assign(build, { definition: define(name, forms, result, { arity: 2, ...more }) })
}

/** A function of any number of columns. */
export function variadic<const F extends string, R>(name: F, forms: Forms, result: ResultType<R>, more: More = {}) {
  const build = <const A extends readonly ColumnOrName[]>(
    ...columns: A & readonly Argument<Takes<F>>[]
  ): Column<Given<R, A[number], F>, string, NamesOf<A[number]>, GivenNeeds<A[number], F>> =>
    new Column({ kind: 'call', fn: name, args: columns.map(named) })
  return Object.assign(build, { definition: define(name, forms, result, { ...more, variadic: true }) })
}

/** A function without arguments. */
export function nullary<const F extends string, R>(name: F, forms: Forms, result: ResultType<R>, more: More = {}) {
  const build = (): Column<R, `${F}()`, never, unknown> => new Column({ kind: 'call', fn: name, args: [] })
  return Object.assign(build, { definition: define(name, forms, result, { arity: 0, ...more }) })
}

/** A function of one column and constants `L`: `leading<[length: number, pad: string]>()('lpad', …)`. */
export function leading<L extends readonly unknown[]>() {
  return <const F extends string, R>(name: F, forms: Forms, result: ResultType<R>, more: More = {}) => {
    const build = <const A extends ColumnOrName, const M extends L>(
      column: A & Argument<Takes<F>>,
      ...rest: M
    ): Column<Given<R, A, F>, string, NamesOf<A> | UsesOf<M[number]>, GivenNeeds<A, F> & NeedsOf<M[number]>> =>
      new Column({ kind: 'call', fn: name, args: [named(column), ...rest.map(operand)] })
    return Object.assign(build, { definition: define(name, forms, result, more) })
  }
}

/** A definition alone, for what methods of `Column` build. */
export function define(name: string, forms: Forms, result: ResultType<unknown>, more: More = {}): FunctionDefinition {
  const { duckdb, postgres } =
    typeof forms === 'string' || typeof forms === 'function' ? onlyForm(forms) : (forms as Exclude<Forms, Template>)
  const arity = more.arity ?? (typeof duckdb === 'string' && !more.variadic ? placesIn(duckdb) : undefined)
  return { kind: 'scalar', ...more, ...(arity === undefined ? {} : { arity }), name, duckdb, postgres, result }
}

/** How many arguments a text has places for; undefined when it takes all there are. */
function placesIn(template: string): number | undefined {
  const places = [...template.matchAll(/\$[a-z]?(\d+|\*)/g)].map(([, place]) => place)
  return places.includes('*') ? undefined : Math.max(0, ...places.map(Number))
}

function onlyForm(duckdb: Template): Exclude<Forms, Template> {
  return { duckdb, postgres: { refused: '' } }
}

/** How an engine makes an argument what the letter of a placeholder says. */
export type Conversion = (letter: string, arg: Sql, i: number) => Sql

const PLACEHOLDER = /(\$[a-z]?\d+|\$[a-z]?\*|\$over)/

/** A text template with its arguments in place. */
export function fillTemplate(template: string, args: readonly Sql[], over: Sql, convert: Conversion): Sql {
  const parts: SqlPart[] = []
  for (const piece of template.split(PLACEHOLDER)) {
    if (piece === '$over') parts.push(...over.parts)
    else if (PLACEHOLDER.test(piece)) {
      const [, letter = '', which = ''] = /^\$([a-z]?)(.+)$/.exec(piece) ?? []
      const wanted = which === '*' ? args.map((_, i) => i) : [Number(which) - 1]
      wanted.forEach((index, i) => {
        const arg = args[index]
        parts.push(...(i > 0 ? [{ text: ', ' }] : []), ...(arg ? convert(letter, arg, index) : trusted('null')).parts)
      })
    } else if (piece !== '') parts.push({ text: piece })
  }
  return template.includes('$over') ? sqlOf(parts) : sqlOf([...parts, ...over.parts])
}
