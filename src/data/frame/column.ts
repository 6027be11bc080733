import { type DataType, MillraceError, parseType } from '../../base/kernel/index.ts'
import { type Expr, exprName } from './expr.ts'
import { type Literal, literalExpr } from './literal.ts'
import type { LastPart, Ref } from './row-types.ts'
import type { WindowSpec } from './window-spec.ts'

/** A column or a constant, as the operators take them: a string is a constant, as in PySpark. */
export type Operand = Column | Literal
/** A column or its name, as functions take them: a string is a name, as in PySpark. */
export type ColumnOrName = Column | string

/** The column names an argument uses. */
export type UsesOf<A> = A extends Column<infer _T, infer _N, infer U> ? U : never
/** The column names an argument uses where a string is a name. */
export type NamesOf<A> = A extends string ? A : UsesOf<A>
/** The value type of an argument where a string is a name. */
export type TypeOf<A> = A extends string ? Ref<A> : A extends Column<infer T, infer _N, infer _U> ? T : never
/** The name of an argument where a string is a name. */
export type NameOf<A> = A extends string ? LastPart<A> : A extends Column<infer _T, infer N, infer _U> ? N : never

/**
 * An expression over a frame's columns, with the operators as methods under PySpark's names (`==` is `eq`, `&` is
 * `and`, `+` is `plus` …). Immutable. `T` is its value type, `N` its name and `U` the names of the columns it uses,
 * so that a frame with a row type can refuse a wrong name when it is compiled.
 */
// biome-ignore lint/suspicious/noExplicitAny: a column of unknown origin fits everywhere
export class Column<T = any, N extends string = any, U extends string = any> {
  declare private readonly type?: T
  declare private readonly names?: N
  declare private readonly uses?: U
  readonly expr: Expr

  constructor(expr: Expr) {
    this.expr = expr
  }

  /** The same value under another name. */
  as<M extends string>(name: M): Column<T, M, U> {
    return new Column({ kind: 'alias', arg: unnamed(this.expr), name })
  }
  /** The same as `as`; with several names those of the columns that a generator makes (`posexplode`). */
  alias<M extends string>(name: M, ...more: readonly string[]): Column<T, M, U> {
    if (more.length === 0) return this.as(name)
    return new Column({ kind: 'alias', arg: unnamed(this.expr), name, names: [name, ...more] })
  }
  /** The same as `as`. */
  name<M extends string>(name: M): Column<T, M, U> {
    return this.as(name)
  }

  eq<O extends Operand>(other: O): Condition<U | UsesOf<O>> {
    return call('eq', this, other)
  }
  ne<O extends Operand>(other: O): Condition<U | UsesOf<O>> {
    return call('ne', this, other)
  }
  lt<O extends Operand>(other: O): Condition<U | UsesOf<O>> {
    return call('lt', this, other)
  }
  le<O extends Operand>(other: O): Condition<U | UsesOf<O>> {
    return call('le', this, other)
  }
  gt<O extends Operand>(other: O): Condition<U | UsesOf<O>> {
    return call('gt', this, other)
  }
  ge<O extends Operand>(other: O): Condition<U | UsesOf<O>> {
    return call('ge', this, other)
  }
  /** Equal, where two nulls are equal and a null and a value are not; never null itself. */
  eqNullSafe<O extends Operand>(other: O): Column<boolean, string, U | UsesOf<O>> {
    return call('eq_null_safe', this, other)
  }
  between<A extends Operand, B extends Operand>(lower: A, upper: B): Condition<U | UsesOf<A> | UsesOf<B>> {
    return call('and', call('ge', this, lower), call('le', this, upper))
  }
  /** One of the values, which may be given one by one or as an array. */
  isin(...values: readonly (Operand | readonly Operand[])[]): Condition<U> {
    return call('in', this, ...(values.flat() as Operand[]))
  }
  isNull(): Column<boolean, string, U> {
    return call('is_null', this)
  }
  isNotNull(): Column<boolean, string, U> {
    return call('is_not_null', this)
  }

  and<O extends Operand>(other: O): Condition<U | UsesOf<O>> {
    return call('and', this, other)
  }
  or<O extends Operand>(other: O): Condition<U | UsesOf<O>> {
    return call('or', this, other)
  }
  not(): Condition<U> {
    return call('not', this)
  }

  // biome-ignore-start lint/suspicious/noExplicitAny: the type of arithmetic depends on engine types TypeScript cannot see
  plus<O extends Operand>(other: O): Column<any, string, U | UsesOf<O>> {
    return call('add', this, other)
  }
  minus<O extends Operand>(other: O): Column<any, string, U | UsesOf<O>> {
    return call('subtract', this, other)
  }
  multiply<O extends Operand>(other: O): Column<any, string, U | UsesOf<O>> {
    return call('multiply', this, other)
  }
  /** Division that keeps fractions. The action fails on a divisor of 0; `tryDivide` gives null. */
  divide<O extends Operand>(other: O): Column<any, string, U | UsesOf<O>> {
    return call('divide', this, other)
  }
  /** The remainder, with the sign of the dividend. The action fails on a divisor of 0; `tryMod` gives null. */
  mod<O extends Operand>(other: O): Column<any, string, U | UsesOf<O>> {
    return call('mod', this, other)
  }
  neg(): Column<any, string, U> {
    return call('negative', this)
  }
  /** A struct's member, a map's value (null when there is none) or, by a number from 0, an array's element. The action fails on a place an array does not have. */
  getItem<O extends Operand>(key: O): Column<any, string, U | UsesOf<O>> {
    return call('get_item', this, key)
  }
  /** A struct's member. */
  getField(name: string): Column<any, string, U> {
    return call('get_field', this, name)
  }
  /** The struct with a member added at its end, or replaced. */
  withField<O extends Operand>(name: string, value: O): Column<any, string, U | UsesOf<O>> {
    return call('with_field', this, name, value)
  }
  /** The struct without members. */
  dropFields(...names: readonly string[]): Column<any, string, U> {
    return call('drop_fields', this, ...names)
  }
  // biome-ignore-end lint/suspicious/noExplicitAny: as above

  /** The same as `cast`. */
  astype(to: string | DataType): Column<unknown, N, U> {
    return this.cast(to)
  }
  /** Not a number; false for null. */
  isNaN(): Condition<U> {
    return call('isnan', this)
  }
  /** `change(this)`: to chain a function of one's own. */
  transform<C extends Column>(change: (column: Column<T, N, U>) => C): C {
    return change(this)
  }

  /** Matches a pattern of SQL: `%` any text, `_` one character. */
  like(pattern: string): Condition<U> {
    return call('like', this, pattern)
  }
  /** `like` without regard to case. */
  ilike(pattern: string): Condition<U> {
    return call('ilike', this, pattern)
  }
  /** Holds a match of a regular expression. */
  rlike(pattern: string): Condition<U> {
    return call('rlike', this, pattern)
  }
  contains<O extends Operand>(part: O): Condition<U | UsesOf<O>> {
    return call('contains', this, part)
  }
  startsWith<O extends Operand>(part: O): Condition<U | UsesOf<O>> {
    return call('startswith', this, part)
  }
  endsWith<O extends Operand>(part: O): Condition<U | UsesOf<O>> {
    return call('endswith', this, part)
  }
  /** `length` characters from `start`, which counts from 1. */
  substr(start: number, length: number): Column<string | null, string, U> {
    return call('substring', this, start, length)
  }

  /**
   * The value as another type, such as `'string'`, `'decimal(10,2)'` or `'array<int>'`; the action fails on a value
   * that cannot be converted.
   * @throws MillraceError TYPE_INVALID
   */
  cast(to: string | DataType): Column<unknown, N, U> {
    return new Column({ kind: 'cast', arg: this.expr, to: typeof to === 'string' ? parseType(to) : to })
  }
  /** Like `cast`, with null for a value that cannot be converted. */
  tryCast(to: string | DataType): Column<unknown, N, U> {
    return new Column({ kind: 'cast', arg: this.expr, to: typeof to === 'string' ? parseType(to) : to, try: true })
  }

  /** Ascending, nulls first. */
  asc(): Column<T, N, U> {
    return sorted(this, false, true)
  }
  /** Descending, nulls last. */
  desc(): Column<T, N, U> {
    return sorted(this, true, false)
  }
  ascNullsFirst(): Column<T, N, U> {
    return sorted(this, false, true)
  }
  ascNullsLast(): Column<T, N, U> {
    return sorted(this, false, false)
  }
  descNullsFirst(): Column<T, N, U> {
    return sorted(this, true, true)
  }
  descNullsLast(): Column<T, N, U> {
    return sorted(this, true, false)
  }

  /** Adds a branch to a column that `when` made. */
  when<V extends Operand>(condition: Column, value: V): Column<T, N, U | UsesOf<V>> {
    if (this.expr.kind !== 'case' || this.expr.otherwise) {
      throw new MillraceError('FRAME_PLAN_INVALID', 'when() continues a column made by when(), before otherwise()')
    }
    const branches = [...this.expr.branches, { when: condition.expr, value: operand(value) }]
    return new Column({ kind: 'case', branches })
  }
  /** The value when no branch of `when` holds; null without it. */
  otherwise<V extends Operand>(value: V): Column<T | OrLiteral<V>, N, U | UsesOf<V>> {
    if (this.expr.kind !== 'case' || this.expr.otherwise) {
      throw new MillraceError('FRAME_PLAN_INVALID', 'otherwise() ends a column made by when()')
    }
    return new Column({ ...this.expr, otherwise: operand(value) })
  }

  /** The function computed over a window of rows around each row. */
  over(window: WindowSpec): Column<T, N, U> {
    return new Column({ kind: 'over', fn: this.expr, ...window.spec })
  }

  /** The name the column has in a result. */
  toString(): string {
    return exprName(this.expr)
  }
  toJSON(): Expr {
    return this.expr
  }
}

/** A column of yes, no or unknown. */
export type Condition<U extends string> = Column<boolean | null, string, U>
type OrLiteral<V> = V extends Column<infer T, infer _N, infer _U> ? T : V

/** A column by its name; `*` is every column, `data.*` every member of a struct or column of an alias. */
export function col<K extends string>(name: K): Column<Ref<K>, LastPart<K>, K> {
  return new Column(columnExpr(name))
}

/** A constant. A column is given back as it is. */
export function lit<const V extends Operand>(value: V): Column<OrLiteral<V>, string, UsesOf<V>> {
  return new Column(operand(value))
}

/**
 * The user's own SQL text as a column: `expr('amount * 1.19')`. As a template, what stands in `${}` is a value or
 * a column and never spliced as text: expr`date = ${ds}`.
 */
// biome-ignore lint/suspicious/noExplicitAny: SQL text may give any type
export function expr(text: string | TemplateStringsArray, ...values: readonly Operand[]): Column<any, string, never> {
  if (typeof text === 'string') return new Column(textExpr(text))
  const parts = text.flatMap((part, i) => (i < values.length ? [part, operand(values[i])] : [part]))
  return new Column({ kind: 'sql', parts: parts.filter((part) => part !== '') })
}

const ALIASED = /^([\s\S]*\S)\s+as\s+(?:"([^"]+)"|`([^`]+)`|([a-z_]\w*))\s*$/i

/** SQL text as an expression; `… as name` at its end names the column. */
export function textExpr(text: string): Expr {
  const [, before, ...names] = ALIASED.exec(text) ?? []
  const name = names.find((found) => found !== undefined)
  // A trailing "as date" inside cast(…) would leave an open parenthesis in front of it.
  if (before === undefined || name === undefined || !balanced(before)) return { kind: 'sql', parts: [text] }
  return { kind: 'alias', arg: { kind: 'sql', parts: [before] }, name }
}

function balanced(text: string): boolean {
  const bare = text.replaceAll(/'(?:[^']|'')*'/g, '')
  return bare.split('(').length === bare.split(')').length
}

/** The expression of a column name, where `*` means all. */
export function columnExpr(name: string): Expr {
  if (name === '*') return { kind: 'star' }
  return name.endsWith('.*') ? { kind: 'star', of: name.slice(0, -2) } : { kind: 'column', name }
}

/** The expression of an argument where a string is a constant. */
export function operand(value: unknown): Expr {
  return value instanceof Column ? value.expr : literalExpr(value)
}

/** The expression of an argument where a string is a column name. */
export function named(value: unknown): Expr {
  return typeof value === 'string' ? columnExpr(value) : operand(value)
}

// biome-ignore lint/suspicious/noExplicitAny: the callers state the type
function call(fn: string, ...args: readonly unknown[]): Column<any, any, any> {
  return new Column({ kind: 'call', fn, args: args.map(operand) })
}

function sorted<T, N extends string, U extends string>(
  column: Column<T, N, U>,
  descending: boolean,
  nullsFirst: boolean,
): Column<T, N, U> {
  return new Column({ kind: 'sort', arg: column.expr, descending, nullsFirst })
}

function unnamed(expr: Expr): Expr {
  return expr.kind === 'alias' ? expr.arg : expr
}
