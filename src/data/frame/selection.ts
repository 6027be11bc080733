import { MillraceError } from '../../base/kernel/index.ts'
import { Column, columnExpr } from './column.ts'
import type { Expr } from './expr.ts'
import type { AnyRow, Both, Flat, LastPart, NameIn, ValueIn } from './row-types.ts'

/** A column over rows of `R`. */
// biome-ignore lint/suspicious/noExplicitAny: any type and name will do
export type ColumnOf<R> = Column<any, any, NameIn<R> | '*'>
/** What `select` takes: a name, `*`, or a column. */
export type Selectable<R> = NameIn<R> | '*' | ColumnOf<R>

/** The row of one selected item. */
type Selected<R, C> =
  C extends Column<infer T, infer N, infer _U>
    ? SelectedAs<R, N, ValueIn<R, T>>
    : C extends string
      ? ByName<R, C>
      : never

type SelectedAs<R, N, T> = N extends '*' ? R : N extends `${string}.*` ? AnyRow : { [K in N & string]: T }

type ByName<R, C extends string> = C extends '*'
  ? R
  : C extends `${string}.*`
    ? AnyRow
    : C extends keyof R
      ? { [K in C]: R[K] }
      : // biome-ignore lint/suspicious/noExplicitAny: a member of a struct or of an alias is not followed
        { [K in LastPart<C>]: any }

/** The rows that the selected items `C` make of rows `R`. */
export type SelectedRow<R, C extends readonly unknown[]> = Flat<Both<Selected<R, C[number]>>>

/** The expression of what `select` takes. @throws MillraceError COLUMN_TYPE */
export function expression(item: unknown): Expr {
  if (typeof item === 'string') return columnExpr(item)
  if (item instanceof Column) return item.expr
  throw new MillraceError('COLUMN_TYPE', `a ${typeof item} is not a column`, {
    hint: 'Write a name, or a column such as col("name") or lit(1).',
  })
}
