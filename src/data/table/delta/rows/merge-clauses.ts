import { MillraceError } from '../../../../base/kernel/index.ts'
import type { Sql } from '../../../../base/sql/index.ts'
import type { Given } from '../expression/table-expression.ts'

/** Values of columns as expressions, or `*`: every column from the source's of the same name. */
export type MergeValues = Readonly<Record<string, Given>> | '*'

/** What a merge does to rows, in the words of Delta's MERGE. The first clause of a kind whose condition holds wins. */
export type MergeClause =
  | { readonly kind: 'matched-update'; readonly condition?: Given; readonly set: MergeValues }
  | { readonly kind: 'matched-delete'; readonly condition?: Given }
  | { readonly kind: 'not-matched-insert'; readonly condition?: Given; readonly values: MergeValues }
  | {
      readonly kind: 'not-matched-by-source-update'
      readonly condition?: Given
      readonly set: Readonly<Record<string, Given>>
    }
  | { readonly kind: 'not-matched-by-source-delete'; readonly condition?: Given }

/** Of which rows a clause is. */
export type MergeSide = 'matched' | 'not-matched' | 'not-matched-by-source'

/** The side of a clause. */
export function sideOf({ kind }: MergeClause): MergeSide {
  if (kind.startsWith('not-matched-by-source')) return 'not-matched-by-source'
  return kind === 'not-matched-insert' ? 'not-matched' : 'matched'
}

/** A merge, complete. */
export interface Merge {
  readonly source: Sql
  readonly on: Given
  readonly clauses: readonly MergeClause[]
  /** Whether columns that only the source has become the table's. */
  readonly evolves: boolean
  readonly sourceAlias: string
  readonly targetAlias: string
}

/** A source that has not all columns that `*` stands for. */
export function lacking(columns: readonly string[]): MillraceError {
  return new MillraceError(
    'DELTA_SCHEMA_MISMATCH',
    `merging into a Delta table: the source lacks ${columns.join(', ')}`,
    {
      hint: 'Name the columns that are set, or let the table follow the source with withSchemaEvolution().',
      data: { columns: [...columns] },
    },
  )
}
