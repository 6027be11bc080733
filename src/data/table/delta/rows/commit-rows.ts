import type { Txn } from '../actions.ts'
import { isRefused } from '../commit-files.ts'
import type { Provenance, ReadSet } from '../operation.ts'
import { checkRemovable } from '../plan-commit.ts'
import { lastNumber, withMarks } from '../rules/high-water-mark.ts'
import { changedMetadata } from '../schema/changed-metadata.ts'
import { type ChangeCounts, type ChangedFiles, changeRows } from './change-rows.ts'
import type { ChangeOptions, ChangeResult } from './changing-connection.ts'
import type { RowWork } from './row-work.ts'

/** What is told of a change of rows. */
export interface RowCommit {
  readonly read: ReadSet
  readonly txn?: Txn
  readonly provenance: (counts: ChangeCounts) => Provenance & { readonly metrics: Readonly<Record<string, string>> }
}

/** Changes rows in one commit; what certainly is not committed is removed. */
export async function commitRows(work: RowWork, commit: RowCommit, options: ChangeOptions): Promise<ChangeResult> {
  const { table, base } = work.target
  // Before any file is written, whether a row would be found or not, as in Spark.
  if (work.clauses.length > 0) checkRemovable(base)
  const begun = Date.now()
  const files = await changeRows(work, options)
  const { name, parameters, metrics } = commit.provenance(files.counts)
  const timed = { ...metrics, executionTimeMs: String(Date.now() - begun) }
  const schema = withMarks(work.schema, lastNumbers(work, files.counts.inserted))
  const becomes = schema === base.schema ? {} : changedMetadata(base, schema)
  if (isNothing(files) && !becomes.metadata && !commit.txn) {
    return { committed: false, version: base.version, metrics: numbers(timed), warnings: [] }
  }
  const { signal } = options
  try {
    const { committed, snapshot, warnings } = await table.commit(
      {
        kind: 'change',
        name,
        ...(parameters ? { parameters } : {}),
        metrics: timed,
        remove: files.remove,
        add: files.add,
        changeFiles: files.changeFiles,
        ...becomes,
        ...(commit.txn ? { txn: commit.txn } : {}),
        read: commit.read,
      },
      { base, ...(signal ? { signal } : {}) },
    )
    if (!committed) await files.discard()
    return { committed, version: snapshot.version, metrics: numbers(timed), warnings }
  } catch (thrown) {
    if (isRefused(thrown)) await files.discard()
    throw thrown
  }
}

function lastNumbers({ identities }: RowWork, inserted: number): Record<string, bigint> | undefined {
  if (!identities || identities.length === 0 || inserted === 0) return undefined
  return Object.fromEntries(identities.map(({ column, identity }) => [column, lastNumber(identity, inserted)]))
}

function isNothing({ add, remove }: ChangedFiles): boolean {
  return add.length === 0 && remove.length === 0
}

function numbers(metrics: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, text]) => [name, Number(text)]))
}

/** The part of the metrics that every change of rows has, by Spark's names. */
export function fileMetrics(counts: ChangeCounts): Record<string, number> {
  return {
    numAddedFiles: counts.addedFiles,
    numAddedBytes: counts.addedBytes,
    numRemovedFiles: counts.removedFiles,
    numRemovedBytes: counts.removedBytes,
    numCopiedRows: counts.copied,
    numAddedChangeFiles: counts.changeFiles,
    numDeletionVectorsAdded: counts.vectorsAdded,
    numDeletionVectorsUpdated: counts.vectorsUpdated,
    numDeletionVectorsRemoved: counts.vectorsRemoved,
  }
}

/** Metrics as the log keeps them. */
export function asText(metrics: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metrics).map(([name, count]) => [name, String(count)]))
}
