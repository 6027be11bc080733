import { Column } from './column.ts'
import type { ColumnLike, TypeOf } from './column-types.ts'
import type { Expr } from './expr.ts'
import { misused } from './place.ts'
import type {
  AnyRow,
  Both,
  Flat,
  IsAny,
  LastPart,
  NameIn,
  Ref,
  Replaced,
  ValueIn,
  WaitingCast,
  WaitingTruth,
} from './row-types.ts'
import { columnExpr } from './written-expr.ts'

/** A column over rows of `R`. */
// biome-ignore lint/suspicious/noExplicitAny: any type will do
export type ColumnOf<R> = ColumnLike<any, NameIn<R> | '*', Met<R>>
/** The row that meets a column's needs: one that nothing is known about meets all. */
// biome-ignore lint/suspicious/noExplicitAny: as said
export type Met<R> = string extends keyof R ? any : R
/** A column of yes or no over rows of `R`. */
export type ConditionOf<R> = ColumnLike<
  | boolean
  | null
  | undefined
  | WaitingTruth
  | WaitingCast<boolean | null>
  | Ref<NamesWith<R, boolean> | (`${string}.${string}` & {})>,
  NameIn<R>,
  Met<R>
>
/** The names of the columns of `R` whose values are `V` or null. */
export type NamesWith<R, V> = string extends keyof R
  ? string
  : { [K in keyof R & string]: R[K] extends V | null | undefined ? K : never }[keyof R & string]
/** What `select` takes: a name, `*`, or a column. */
export type Selectable<R> = NameIn<R> | '*' | ColumnOf<R>

/** `*` and `data.*` among items. */
type StarIn<C> =
  C extends Column<infer _T, infer N, infer _U, infer _W>
    ? IsAny<N> extends true
      ? never
      : Extract<N, '*' | `${string}.*`>
    : Extract<C, '*' | `${string}.*`>
/** The name of an item; `string` where it is only known when it runs. */
type ItemName<C> =
  C extends Column<infer _T, infer N, infer _U, infer _W>
    ? IsAny<N> extends true
      ? string
      : N
    : C extends string
      ? LastPart<C>
      : never
/** A column of the name `N`. Its type is an argument, so that it is known at once: types that wait for each other become too deep. */
type NamedAs<N, T> = string extends N ? AnyRow : { [K in N & string]: T }
type Named<R, C> = C extends string
  ? NamedAs<LastPart<C>, C extends keyof R ? R[C] : ValueIn<R, Ref<C>>>
  : NamedAs<ItemName<C>, ValueIn<R, TypeOf<C>>>

/** The members of a struct as columns; of a frame's alias, any. */
type MembersOf<S> =
  IsAny<S> extends true ? AnyRow : null extends S ? { [K in keyof NonNullable<S>]: NonNullable<S>[K] | null } : S
/** What a star stands for, and the named items beside it. */
type Starred<R, P, N> = [P] extends ['*']
  ? Replaced<R, N>
  : Flat<Both<P extends '*' ? R : P extends `${infer S}.*` ? MembersOf<ValueIn<R, Ref<S>>> : never> & N>

/** The rows that the selected items `C` make of rows `R`. */
export type SelectedRow<R, C extends readonly unknown[]> = [StarIn<C[number]>] extends [never]
  ? Flat<Both<Named<R, C[number]>>>
  : Starred<R, StarIn<C[number]>, Both<Named<R, Exclude<C[number], StarItem>>>>
// biome-ignore lint/suspicious/noExplicitAny: of whatever
type StarItem = '*' | `${string}.*` | Column<any, '*' | `${string}.*`, any, any>

/** One item or several, as a list of them. */
export type Listed<I> = I extends readonly unknown[] ? I : readonly [I]

/** The expression of what `select` takes. @throws MillraceError COLUMN_TYPE */
export function expression(item: unknown): Expr {
  if (typeof item === 'string') return columnExpr(item)
  if (item instanceof Column) return item.expr
  throw misused(
    'COLUMN_TYPE',
    `a ${typeof item} is not a column`,
    'Write a name, or a column such as col("name") or lit(1).',
  )
}
