import { MillraceError } from '../../../base/kernel/index.ts'
import type { AddFile, Txn } from './actions.ts'
import { addFile } from './add-file.ts'
import type { DeltaTable } from './delta-table.ts'
import { fileShape } from './maintain/file-shape.ts'
import type { Operation, PartitionFilter } from './operation.ts'
import type { Snapshot } from './snapshot.ts'
import { discardFiles, type StagedFiles } from './stage-files.ts'

/** What a commit of staged files does to the table. */
export type CommitKind =
  | { readonly kind: 'append' }
  | { readonly kind: 'overwrite' }
  | { readonly kind: 'overwrite-partitions'; readonly where: PartitionFilter | 'dynamic' }

/** How staged files are committed. */
export interface CommitFilesOptions {
  readonly operation: CommitKind
  /** Exactly once: a version that the table already holds of this application is not committed again. */
  readonly txn?: Pick<Txn, 'appId' | 'version'>
  /** The snapshot that the write was decided on; that of the files by default. */
  readonly base?: Snapshot
  readonly signal?: AbortSignal
}

/** What a write did. */
export interface WriteResult {
  /** False when the `txn` was there already, or when there was nothing to write or remove. */
  readonly committed: boolean
  /** The table's version after the write. */
  readonly version: number
  readonly rows: number
  readonly bytes: number
  readonly files: number
  readonly warnings: readonly string[]
}

/**
 * Commits files of one or several `stageFiles` in one version. They must have been staged with the same schema.
 * What is certainly not committed is removed.
 * @throws MillraceError DELTA_COMMIT_CONFLICT, DELTA_PARTITION_OUTSIDE, DELTA_SCHEMA_MISMATCH, DELTA_APPEND_ONLY
 */
export async function commitFiles(
  table: DeltaTable,
  staged: readonly [StagedFiles, ...StagedFiles[]],
  { operation, txn, base = staged[0].base, signal }: CommitFilesOptions,
): Promise<WriteResult> {
  const [{ schema, schemaMode }] = staged
  const now = Date.now()
  const sum = (of: (files: StagedFiles) => number) => staged.reduce((total, files) => total + of(files), 0)
  const rows = sum((files) => files.rows)
  try {
    const files: AddFile[] = staged
      .flatMap(({ written }) => written)
      .map((file) => addFile(file, fileShape(base, schema), now))
    const highWaterMarks = lastNumbers(staged)
    const planned: Operation = {
      ...operation,
      files,
      schema,
      schemaMode,
      rows,
      ...(highWaterMarks ? { highWaterMarks } : {}),
      ...(txn ? { txn } : {}),
    }
    const { committed, snapshot, warnings } = await table.commit(planned, { base, ...(signal ? { signal } : {}) })
    if (!committed) await discardFiles(table, staged)
    return committed
      ? { committed, version: snapshot.version, rows, bytes: sum(({ bytes }) => bytes), files: files.length, warnings }
      : { committed, version: snapshot.version, rows: 0, bytes: 0, files: 0, warnings }
  } catch (thrown) {
    if (isRefused(thrown)) await discardFiles(table, staged)
    throw thrown
  }
}

/** @throws MillraceError OPTION_INVALID when several writes would give the same numbers */
function lastNumbers(staged: readonly StagedFiles[]): StagedFiles['highWaterMarks'] {
  const found = staged.flatMap(({ highWaterMarks }) => (highWaterMarks ? [highWaterMarks] : []))
  if (found.length > 1) {
    throw new MillraceError('OPTION_INVALID', 'committing rows of several writes to a table that numbers its rows', {
      hint: 'Stage them in one query, or commit them one after the other.',
    })
  }
  return found[0]
}

/** Whether a commit that failed so certainly is not in the log, so that its files can be removed at once. */
export function isRefused(thrown: unknown): boolean {
  return thrown instanceof MillraceError && REFUSED.has(thrown.code)
}

/** Errors after which the commit certainly is not in the log, so that its files can be removed at once. */
const REFUSED: ReadonlySet<string> = new Set([
  'DELTA_PARTITION_OUTSIDE',
  'DELTA_SCHEMA_MISMATCH',
  'DELTA_COMMIT_CONFLICT',
  'DELTA_APPEND_ONLY',
  'DELTA_FEATURE_UNSUPPORTED',
])
