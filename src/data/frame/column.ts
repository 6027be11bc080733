import { type DataType, parseType } from '../../base/kernel/index.ts'
import type { Accepted, Exists, Kinds, Need, PathNeed } from './argument-types.ts'
import type {
  ArithmeticOf,
  BothNeed,
  Branched,
  Cast,
  ColumnLike,
  Comparand,
  Compared,
  Computable,
  Computed,
  Computing,
  Elements,
  FrameLike,
  Item,
  Known,
  NeedsOf,
  name,
  needs,
  Operand,
  OperandType,
  Otherwise,
  Text,
  Truth,
  TypeOf,
  type,
  UsesOf,
  uses,
} from './column-types.ts'
import { type Expr, exprName, type Metadata } from './expr.ts'
import { literalExpr } from './literal.ts'
import { misused } from './place.ts'
import type { LastPart, Make, Ref } from './row-types.ts'
import type { WindowSpec } from './window-spec.ts'
import { columnExpr, textExpr, unnamed } from './written-expr.ts'
import type { TypeNamed } from './written-type.ts'

/**
 * An expression over a frame's columns, with the operators as methods under PySpark's names (`==` is `eq`, `&` is
 * `and`, `+` is `plus` …). Immutable. `T` is its value type, `N` its name, `U` the names of the columns it uses and `W`
 * what a row must be, so that a frame with a row type can refuse a wrong name or a wrong type when it is compiled.
 */
// biome-ignore lint/suspicious/noExplicitAny: a column of unknown origin fits everywhere
export class Column<T = any, N extends string = any, U extends string = any, W = any> implements ColumnLike<T, U, W> {
  declare readonly [type]: T
  declare readonly [name]: N
  declare readonly [uses]: U
  declare readonly [needs]: (row: W) => void
  readonly expr: Expr

  constructor(expr: Expr) {
    this.expr = expr
  }

  /** The same value under another name. */
  as<M extends string>(name: M): Column<T, M, U, W> {
    return new Column({ kind: 'alias', arg: unnamed(this.expr), name })
  }
  /** The same as `as`; with several names those of the columns that a generator makes (`posexplode`). */
  alias<M extends string>(
    name: M,
    ...more: readonly string[] | readonly [{ readonly metadata: Metadata }]
  ): Column<T, M, U, W> {
    const [first] = more
    if (first === undefined) return this.as(name)
    if (typeof first === 'object')
      return new Column({ kind: 'alias', arg: unnamed(this.expr), name, metadata: first.metadata })
    return new Column({ kind: 'alias', arg: unnamed(this.expr), name, names: [name, ...(more as readonly string[])] })
  }
  /** The same as `as`. */
  name<M extends string>(name: M): Column<T, M, U, W> {
    return this.as(name)
  }

  eq<const O extends Comparand<T>>(other: O): Condition<U | UsesOf<O>, W & Compared<T, O>> {
    return call('eq', this, other)
  }
  ne<const O extends Comparand<T>>(other: O): Condition<U | UsesOf<O>, W & Compared<T, O>> {
    return call('ne', this, other)
  }
  lt<const O extends Comparand<T>>(other: O): Condition<U | UsesOf<O>, W & Compared<T, O>> {
    return call('lt', this, other)
  }
  le<const O extends Comparand<T>>(other: O): Condition<U | UsesOf<O>, W & Compared<T, O>> {
    return call('le', this, other)
  }
  gt<const O extends Comparand<T>>(other: O): Condition<U | UsesOf<O>, W & Compared<T, O>> {
    return call('gt', this, other)
  }
  ge<const O extends Comparand<T>>(other: O): Condition<U | UsesOf<O>, W & Compared<T, O>> {
    return call('ge', this, other)
  }
  /** Equal, where two nulls are equal and a null and a value are not; never null itself. */
  eqNullSafe<const O extends Comparand<T>>(other: O): Column<boolean, string, U | UsesOf<O>, W & Compared<T, O>> {
    return call('eq_null_safe', this, other)
  }
  between<const A extends Comparand<T>, const B extends Comparand<T>>(
    lower: A,
    upper: B,
  ): Condition<U | UsesOf<A> | UsesOf<B>, W & Compared<T, A> & Compared<T, B>> {
    return call('and', call('ge', this, lower), call('le', this, upper))
  }
  /** One of the values, which may be given one by one or as an array, or are those of a frame of one column. */
  isin<const V extends readonly (Comparand<T> | readonly Comparand<T>[] | FrameLike)[]>(
    ...values: V
  ): Condition<U | UsesOf<Elements<V[number]>>, W & Compared<T, Elements<V[number]>>> {
    const [frame] = values
    if (values.length === 1 && isFrame(frame)) {
      return new Column({ kind: 'subquery', how: 'in', plan: frame.plan, arg: this.expr })
    }
    return call('in', this, ...(values.flat() as Operand[]))
  }
  isNull(): Column<boolean, string, U, W> {
    return call('is_null', this)
  }
  isNotNull(): Column<boolean, string, U, W> {
    return call('is_not_null', this)
  }

  and<const O extends Truth | boolean | null>(
    this: Truth,
    other: O,
  ): Condition<U | UsesOf<O>, W & BothNeed<T, O, boolean | null>> {
    return call('and', this, other)
  }
  or<const O extends Truth | boolean | null>(
    this: Truth,
    other: O,
  ): Condition<U | UsesOf<O>, W & BothNeed<T, O, boolean | null>> {
    return call('or', this, other)
  }
  not(this: Truth): Condition<U, W & Need<T, boolean | null>> {
    return call('not', this)
  }

  plus<const O extends Computed>(
    this: ColumnLike<Accepted<Computable>>,
    other: O,
  ): Column<ArithmeticOf<T, O>, string, U | UsesOf<O>, W & Computing<T, O>> {
    return call('add', this, other)
  }
  minus<const O extends Computed>(
    this: ColumnLike<Accepted<Computable>>,
    other: O,
  ): Column<ArithmeticOf<T, O>, string, U | UsesOf<O>, W & Computing<T, O>> {
    return call('subtract', this, other)
  }
  multiply<const O extends Computed>(
    this: ColumnLike<Accepted<Computable>>,
    other: O,
  ): Column<ArithmeticOf<T, O>, string, U | UsesOf<O>, W & Computing<T, O>> {
    return call('multiply', this, other)
  }
  /** Division that keeps fractions. The action fails on a divisor of 0; `tryDivide` gives null. */
  divide<const O extends Computed>(
    this: ColumnLike<Accepted<Computable>>,
    other: O,
  ): Column<Make<'quotient', T | OperandType<O>>, string, U | UsesOf<O>, W & Computing<T, O>> {
    return call('divide', this, other)
  }
  /** The remainder, with the sign of the dividend. The action fails on a divisor of 0; `tryMod` gives null. */
  mod<const O extends Computed>(
    this: ColumnLike<Accepted<Computable>>,
    other: O,
  ): Column<ArithmeticOf<T, O>, string, U | UsesOf<O>, W & Computing<T, O>> {
    return call('mod', this, other)
  }
  neg(this: ColumnLike<Accepted<Kinds['number']>>): Column<T, string, U, W & Need<T, Kinds['number']>> {
    return call('negative', this)
  }
  /** This to the power of another, as a double. */
  pow<const O extends Computed>(exponent: O): Column<number | null, string, U | UsesOf<O>, W & Computing<T, O>> {
    return call('power', this, exponent)
  }
  /** The bits that are 1 in both whole numbers. */
  bitwiseAND<const O extends Computed>(
    other: O,
  ): Column<ArithmeticOf<T, O>, string, U | UsesOf<O>, W & Computing<T, O>> {
    return call('bitwise_and', this, other)
  }
  /** The bits that are 1 in one of the whole numbers. */
  bitwiseOR<const O extends Computed>(
    other: O,
  ): Column<ArithmeticOf<T, O>, string, U | UsesOf<O>, W & Computing<T, O>> {
    return call('bitwise_or', this, other)
  }
  /** The bits that are 1 in one of the whole numbers, and 0 in the other. */
  bitwiseXOR<const O extends Computed>(
    other: O,
  ): Column<ArithmeticOf<T, O>, string, U | UsesOf<O>, W & Computing<T, O>> {
    return call('bitwise_xor', this, other)
  }
  /** A struct's member, a map's value (null when there is none) or, by a number from 0, an array's element. The action fails on a place an array does not have. */
  getItem<const O extends Operand>(key: O): Column<Item<T, OperandType<O>>, string, U | UsesOf<O>, W & NeedsOf<O>> {
    return call('get_item', this, key)
  }
  /** A struct's member. */
  getField<const F extends string>(name: F): Column<Item<T, F>, string, U, W & Exists<T, F>> {
    return call('get_field', this, name)
  }
  /** The struct with a member added at its end, or replaced. */
  // biome-ignore lint/suspicious/noExplicitAny: the changed struct is not followed
  withField<O extends Operand>(name: string, value: O): Column<any, string, U | UsesOf<O>, W & NeedsOf<O>> {
    return call('with_field', this, name, value)
  }
  /** The struct without members. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  dropFields(...names: readonly string[]): Column<any, string, U, W> {
    return call('drop_fields', this, ...names)
  }

  /** The same as `cast`. */
  astype<const D extends string | DataType>(to: D): Column<Cast<T, D>, N, U, W> {
    return this.cast(to)
  }
  /** Not a number; false for null. */
  isNaN(): Condition<U, W> {
    return call('isnan', this)
  }
  /** `change(this)`: to chain a function of one's own. */
  transform<C extends Column>(change: (column: Column<T, N, U, W>) => C): C {
    return change(this)
  }

  /** Matches a pattern of SQL: `%` any text, `_` one character. */
  like(this: Text, pattern: string): Condition<U, W & Need<T, Kinds['text']>> {
    return call('like', this, pattern)
  }
  /** `like` without regard to case. */
  ilike(this: Text, pattern: string): Condition<U, W & Need<T, Kinds['text']>> {
    return call('ilike', this, pattern)
  }
  /** Holds a match of a regular expression. */
  rlike(this: Text, pattern: string): Condition<U, W & Need<T, Kinds['text']>> {
    return call('rlike', this, pattern)
  }
  contains<const O extends Text | string>(
    this: Text,
    part: O,
  ): Condition<U | UsesOf<O>, W & BothNeed<T, O, Kinds['text']>> {
    return call('contains', this, part)
  }
  startsWith<const O extends Text | string>(
    this: Text,
    part: O,
  ): Condition<U | UsesOf<O>, W & BothNeed<T, O, Kinds['text']>> {
    return call('startswith', this, part)
  }
  endsWith<const O extends Text | string>(
    this: Text,
    part: O,
  ): Condition<U | UsesOf<O>, W & BothNeed<T, O, Kinds['text']>> {
    return call('endswith', this, part)
  }
  /** The same as `startsWith`. */
  startswith<const O extends Text | string>(
    this: Text,
    part: O,
  ): Condition<U | UsesOf<O>, W & BothNeed<T, O, Kinds['text']>> {
    return call('startswith', this, part)
  }
  /** The same as `endsWith`. */
  endswith<const O extends Text | string>(
    this: Text,
    part: O,
  ): Condition<U | UsesOf<O>, W & BothNeed<T, O, Kinds['text']>> {
    return call('endswith', this, part)
  }
  /** `length` characters from `start`, which counts from 1. */
  substr<const A extends number | Column, const B extends number | Column>(
    this: Text,
    start: A,
    length: B,
  ): Column<string | null, string, U | UsesOf<A> | UsesOf<B>, W & NeedsOf<A> & NeedsOf<B> & Need<T, Kinds['text']>> {
    return call('substring', this, start, length)
  }

  /**
   * The value as another type, such as `'string'`, `'decimal(10,2)'` or `'array<int>'`; the action fails on a value
   * that cannot be converted.
   * @throws MillraceError TYPE_INVALID
   */
  cast<const D extends string | DataType>(to: D): Column<Cast<T, D>, N, U, W> {
    return new Column({ kind: 'cast', arg: this.expr, to: typeof to === 'string' ? parseType(to) : to })
  }
  /** Like `cast`, with null for a value that cannot be converted. */
  tryCast<const D extends string | DataType>(to: D): Column<TypeNamed<D> | null, N, U, W> {
    return new Column({ kind: 'cast', arg: this.expr, to: typeof to === 'string' ? parseType(to) : to, try: true })
  }

  /** Ascending, nulls first. */
  asc(): Column<T, N, U, W> {
    return sorted(this, false, true)
  }
  /** Descending, nulls last. */
  desc(): Column<T, N, U, W> {
    return sorted(this, true, false)
  }
  ascNullsFirst(): Column<T, N, U, W> {
    return sorted(this, false, true)
  }
  ascNullsLast(): Column<T, N, U, W> {
    return sorted(this, false, false)
  }
  descNullsFirst(): Column<T, N, U, W> {
    return sorted(this, true, true)
  }
  descNullsLast(): Column<T, N, U, W> {
    return sorted(this, true, false)
  }

  /** Adds a branch to a column that `when` made. */
  when<C extends Truth, const V extends Operand>(
    condition: C,
    value: V,
  ): Column<
    Branched<T, OperandType<V>>,
    N,
    U | UsesOf<C> | UsesOf<V>,
    W & NeedsOf<C> & NeedsOf<V> & Need<TypeOf<C>, boolean | null>
  > {
    if (this.expr.kind !== 'case' || this.expr.otherwise) {
      throw misused('FRAME_PLAN_INVALID', 'when() continues a column made by when(), before otherwise()')
    }
    const branches = [...this.expr.branches, { when: condition.expr, value: operand(value) }]
    return new Column({ kind: 'case', branches })
  }
  /** The value when no branch of `when` holds; null without it. */
  otherwise<const V extends Operand>(value: V): Column<Otherwise<T, OperandType<V>>, N, U | UsesOf<V>, W & NeedsOf<V>> {
    if (this.expr.kind !== 'case' || this.expr.otherwise) {
      throw misused('FRAME_PLAN_INVALID', 'otherwise() ends a column made by when()')
    }
    return new Column({ ...this.expr, otherwise: operand(value) })
  }

  /**
   * A column of the frame around a subquery (`frame.scalar()`, `frame.exists()`, `lateralJoin`), where the frame it
   * stands in has none of that name.
   */
  // biome-ignore lint/suspicious/noExplicitAny: another frame's row knows the type
  outer(): Column<any, N, never, unknown> {
    return new Column({ kind: 'outer', arg: this.expr })
  }

  /** The function computed over a window of rows around each row. */
  over<V extends string, X>(window: WindowSpec<V, X>): Column<T, N, U | V, W & Known<X>> {
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
// biome-ignore lint/suspicious/noExplicitAny: of whatever row
export type Condition<U extends string, W = any> = Column<boolean | null, string, U, W>

/** A column by its name; `*` is every column, `data.*` every member of a struct or column of an alias. */
export function col<const K extends string>(name: K): Column<Ref<K>, LastPart<K>, K, PathNeed<K>> {
  return new Column(columnExpr(name))
}

/** A constant. A column is given back as it is. */
export function lit<const V extends Operand>(value: V): Column<OperandType<V>, string, UsesOf<V>, NeedsOf<V>> {
  return new Column(operand(value))
}

/**
 * The user's own SQL text as a column: `expr('amount * 1.19')`. As a template, what stands in `${}` is a value or
 * a column and never spliced as text: expr`date = ${ds}`.
 */
export function expr(
  text: string | TemplateStringsArray,
  ...values: readonly Operand[]
  // biome-ignore lint/suspicious/noExplicitAny: SQL text may give any type
): Column<any, string, never, unknown> {
  if (typeof text === 'string') return new Column(textExpr(text))
  const parts = text.flatMap((part, i) => (i < values.length ? [part, operand(values[i])] : [part]))
  return new Column({ kind: 'sql', parts: parts.filter((part) => part !== '') })
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
function call(fn: string, ...args: readonly unknown[]): Column<any, any, any, any> {
  return new Column({ kind: 'call', fn, args: args.map(operand) })
}

function sorted<T, N extends string, U extends string, W>(
  column: Column<T, N, U, W>,
  descending: boolean,
  nullsFirst: boolean,
): Column<T, N, U, W> {
  return new Column({ kind: 'sort', arg: column.expr, descending, nullsFirst })
}

function isFrame(value: unknown): value is FrameLike {
  return typeof value === 'object' && value !== null && 'plan' in value && 'collect' in value
}
