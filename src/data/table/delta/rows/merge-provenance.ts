import type { Given } from '../expression/table-expression.ts'
import type { Provenance } from '../operation.ts'
import type { ChangeCounts } from './change-rows.ts'
import { asText } from './commit-rows.ts'
import { type MergeClause, type MergeSide, sideOf } from './merge-clauses.ts'
import { predicates, predicateText } from './predicates.ts'

/** What of a merge is told in the table's history. */
interface ToldMerge {
  readonly on: Given
  readonly clauses: readonly MergeClause[]
}

/**
 * How a merge is told in the table's history, with Spark's names.
 * @param changing the clauses that change rows, by which they are counted
 */
export function mergeProvenance(
  { on, clauses }: ToldMerge,
  changing: readonly MergeClause[],
  sourceRows: number,
): (counts: ChangeCounts) => Provenance & { readonly metrics: Readonly<Record<string, string>> } {
  const told = (side: MergeSide) =>
    JSON.stringify(
      clauses
        .filter((clause) => sideOf(clause) === side)
        .map(({ kind, condition }) => ({
          actionType: kind.endsWith('update') ? 'update' : kind.endsWith('insert') ? 'insert' : 'delete',
          ...(condition === undefined ? {} : { predicate: predicateText(condition) }),
        })),
    )
  return (counts) => {
    const rows = (kind: MergeClause['kind']) =>
      changing.reduce((sum, clause, at) => sum + (clause.kind === kind ? (counts.byClause[at] ?? 0) : 0), 0)
    const [matchedUpdated, matchedDeleted] = [rows('matched-update'), rows('matched-delete')]
    const [sweptUpdated, sweptDeleted] = [rows('not-matched-by-source-update'), rows('not-matched-by-source-delete')]
    return {
      name: 'MERGE',
      parameters: {
        predicate: predicates(on),
        matchedPredicates: told('matched'),
        notMatchedPredicates: told('not-matched'),
        notMatchedBySourcePredicates: told('not-matched-by-source'),
      },
      metrics: asText({
        numSourceRows: sourceRows,
        numTargetRowsInserted: counts.inserted,
        numTargetRowsUpdated: matchedUpdated + sweptUpdated,
        numTargetRowsDeleted: matchedDeleted + sweptDeleted,
        numTargetRowsMatchedUpdated: matchedUpdated,
        numTargetRowsMatchedDeleted: matchedDeleted,
        numTargetRowsNotMatchedBySourceUpdated: sweptUpdated,
        numTargetRowsNotMatchedBySourceDeleted: sweptDeleted,
        numTargetRowsCopied: counts.copied,
        numOutputRows: counts.inserted + counts.copied + matchedUpdated + sweptUpdated,
        numTargetFilesAdded: counts.addedFiles,
        numTargetFilesRemoved: counts.removedFiles,
        numTargetBytesAdded: counts.addedBytes,
        numTargetBytesRemoved: counts.removedBytes,
        numTargetChangeFilesAdded: counts.changeFiles,
        numTargetDeletionVectorsAdded: counts.vectorsAdded,
        numTargetDeletionVectorsUpdated: counts.vectorsUpdated,
        numTargetDeletionVectorsRemoved: counts.vectorsRemoved,
      }),
    }
  }
}
