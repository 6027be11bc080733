import type { Accepted, Alike, Kinds, Need } from './argument-types.ts'
import type { Column } from './column.ts'
import type { Expr } from './expr.ts'
import type { Literal } from './literal.ts'
import type { Plan } from './plan.ts'
import type { Both, IsAny, LastPart, Made, Make, Ref, Waiting, Ways } from './row-types.ts'
import type { TypeNamed } from './written-type.ts'

/** A column or a constant, as the operators take them: a string is a constant, as in PySpark. */
export type Operand = Column | Literal
/** A column or its name, as functions take them: a string is a name, as in PySpark. */
export type ColumnOrName = Column | string

/** Members of a column that exist for types alone. */
export declare const type: unique symbol
export declare const name: unique symbol
export declare const uses: unique symbol
export declare const needs: unique symbol
/** What types tell of a column: its value type, the names it uses, and what a row must be. */
// biome-ignore lint/suspicious/noExplicitAny: a column of unknown origin fits everywhere
export interface ColumnLike<T = any, U extends string = any, W = any> {
  readonly [type]: T
  readonly [uses]: U
  readonly [needs]: (row: W) => void
  readonly expr: Expr
}

/** The column names an argument uses. */
export type UsesOf<A> = A extends ColumnLike<infer _T, infer U, infer _W> ? U : never
/** The column names an argument uses where a string is a name. */
export type NamesOf<A> = A extends string ? A : UsesOf<A>
/** What a row must be for an argument. */
export type NeedsOf<A> = Both<A extends ColumnLike<infer _T, infer _U, infer W> ? KnownNeed<W> : never>
export type KnownNeed<W> = IsAny<W> extends true ? never : unknown extends W ? never : W
export type Known<W> = IsAny<W> extends true ? unknown : W
/** The value type of an argument where a string is a name. */
export type TypeOf<A> = A extends string ? Ref<A> : A extends ColumnLike<infer T, infer _U, infer _W> ? T : A
/** The value type of an argument where a string is a constant. */
export type OperandType<A> = A extends ColumnLike<infer T, infer _U, infer _W> ? T : A
/** The name of an argument where a string is a name. */
export type NameOf<A> = A extends string
  ? LastPart<A>
  : A extends Column<infer _T, infer N, infer _U, infer _W>
    ? N
    : never
/** A column, or its name, whose values may be `V`. */
export type Argument<V> = string | ColumnLike<Accepted<V>>
/** A column of yes or no. */
export type Truth = ColumnLike<Accepted<boolean | null>>
export type Computable = Kinds['computable']
/** A column or a constant that takes part in arithmetic. */
export type Computed = ColumnLike<Accepted<Computable>> | Exclude<Computable, undefined>
/** What a value of `T` is compared with. */
export type Comparand<T> =
  IsAny<T> extends true
    ? Operand
    : [Extract<T, Waiting>] extends [never]
      ? ColumnLike<Accepted<Alike<T>>> | Extract<Literal, Alike<T>>
      : Operand
/** What a row must be, so that `T` and the operand `O` can be compared. */
export type Compared<T, O> = NeedsOf<O> & Need<T, Alike<OperandType<O>>> & Need<OperandType<O>, Alike<T>>
/** What a row must be for arithmetic of `T` and the operand `O`. */
export type Computing<T, O> = NeedsOf<O> & Need<T, Computable> & Need<OperandType<O>, Computable>
export type ArithmeticOf<T, O> = Make<'arithmetic', Leaves<T> | Leaves<OperandType<O>>>
/** What a sum of sums is made of: kept flat, so that long ones stay shallow. */
export type Leaves<T> = T extends Made<'arithmetic', infer L> ? L : T
/** What a row must be, so that `T` and the argument `A` are both `V`. */
export type BothNeed<T, A, V> = NeedsOf<A> & Need<T, V> & Need<OperandType<A>, V>
export type Text = ColumnLike<Accepted<Kinds['text']>>
export type Elements<V> = V extends FrameLike ? never : V extends readonly (infer E)[] ? E : V
/** A frame, whose class is made of columns. */
export interface FrameLike {
  readonly plan: Plan
  collect(): Promise<unknown[]>
}
/** The type of a part of `T`: a reference to a struct's member stays a reference. */
export type Item<T, K> =
  IsAny<T> extends true
    ? T
    : T extends Ref<infer P extends string>
      ? K extends string
        ? Ref<`${P}.${K}`>
        : Made<'item', { readonly of: T; readonly key: K }>
      : [Extract<T, Waiting>] extends [never]
        ? Ways<{ readonly of: T; readonly key: K }>['item']
        : Made<'item', { readonly of: T; readonly key: K }>
export type Cast<T, D> = [Extract<T, Waiting>] extends [never]
  ? Ways<{ readonly of: T; readonly to: TypeNamed<D> }>['cast']
  : Made<'cast', { readonly of: T; readonly to: TypeNamed<D> }>
/** The type of `when(…)` before it knows what the rest is, which is null until then. */
export type Branch<T> = T extends Made<'orNull', infer V> ? V : T
export type Branched<T, V> = Made<'orNull', Branch<T> | V>
export type Otherwise<T, V> = Branch<T> | V
