import type { Schema } from '../../../../base/kernel/index.ts'
import type { Sql } from '../../../../base/sql/index.ts'
import type { CompleteRows } from '../rules/complete-rows.ts'
import type { TargetRows } from './target-rows.ts'

/** What becomes of a row of the table. */
export type RowClause =
  | { readonly kind: 'delete' }
  /** New values of columns, over the rows under the target's alias and the source's. */
  | { readonly kind: 'update'; readonly set: ReadonlyMap<string, Sql> }

/** Which rows of a table are changed, and how. */
export interface RowWork {
  readonly target: TargetRows
  /** What expressions call the table's rows. */
  readonly alias: string
  /** The table's columns after the change; those it had before and new ones. */
  readonly schema: Schema
  readonly clauses: readonly RowClause[]
  /**
   * A temporary table of the rows that are found: `ROW_PLACE`, `clause` (the number of what becomes of them; null for
   * rows that stay) and `source` (the number of the source's row, or null).
   */
  readonly hits: Sql
  /** The source's rows with `SOURCE_ROW`, and what expressions call them. */
  readonly source?: { readonly rows: Sql; readonly alias: string }
  /** Rows that are added, with the columns of `schema`. */
  readonly inserted?: Sql
  /** Columns of these whose numbers the table gives. */
  readonly identities?: CompleteRows['identities']
}

/** Numbers the rows of a merge's source. */
export const SOURCE_ROW = 'millrace_source'
