import { Column, type ColumnLike, columnExpr } from './column.ts'
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
  ValueIn,
  WaitingCast,
  WaitingTruth,
} from './row-types.ts'

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

/** The row of one selected item. */
type Selected<R, C> =
  C extends Column<infer T, infer N, infer _U, infer _W>
    ? SelectedAs<R, N, ValueIn<R, T>>
    : C extends string
      ? SelectedAs<R, C extends `${string}.*` | '*' ? C : LastPart<C>, ValueIn<R, Ref<C>>>
      : never

/** A column of the name `N`; any columns when its name is only known when it runs. */
type SelectedAs<R, N, T> =
  IsAny<N> extends true
    ? AnyRow
    : N extends '*'
      ? R
      : N extends `${infer P}.*`
        ? MembersOf<ValueIn<R, Ref<P>>>
        : string extends N
          ? AnyRow
          : { [K in N & string]: T }

/** The members of a struct as columns; of a frame's alias, any. */
type MembersOf<S> =
  IsAny<S> extends true ? AnyRow : null extends S ? { [K in keyof NonNullable<S>]: NonNullable<S>[K] | null } : S

/** The rows that the selected items `C` make of rows `R`. */
export type SelectedRow<R, C extends readonly unknown[]> = Flat<Both<Selected<R, C[number]>>>

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
