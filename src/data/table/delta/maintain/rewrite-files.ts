import { failpoint } from '../../../../base/kernel/index.ts'
import type { Sql } from '../../../../base/sql/index.ts'
import type { AddFile } from '../actions.ts'
import { addFile, type FileShape } from '../add-file.ts'
import type { DeltaTable } from '../delta-table.ts'
import { decodePath } from '../file-path.ts'
import { readFiles } from '../read-files.ts'
import { trackedColumns } from '../row-tracking/tracked-columns.ts'
import { trackedRows } from '../row-tracking/tracked-rows.ts'
import type { DataFile, Snapshot } from '../snapshot.ts'
import type { TableConnection } from '../stage-files.ts'
import { removeFiles, writeFiles } from '../write-files.ts'
import { fileShape } from './file-shape.ts'

/** How files are rewritten. */
export interface RewriteOptions {
  readonly connection: TableConnection
  /** The rows of the files, as they shall be written: a query over the relation with these columns, in their order. */
  readonly query: (relation: Sql, columns: readonly string[]) => Sql
  /** About as many bytes a new file gets; one file when left out. */
  readonly fileBytes?: number
  /** Whether the rows may be written in another order than the query gives them. */
  readonly inAnyOrder?: boolean
  readonly signal?: AbortSignal
}

/**
 * Writes the rows of files of one partition anew, beside them, without committing: the same rows without those that are
 * deleted. The new files are not marked as changing data.
 */
export async function rewriteFiles(
  table: DeltaTable,
  snapshot: Snapshot,
  files: readonly DataFile[],
  { connection, query, fileBytes, inAnyOrder = false, signal }: RewriteOptions,
): Promise<AddFile[]> {
  const { log } = table
  const stopping = signal ? { signal } : {}
  const fields = snapshot.schema.fields.filter(({ name }) => !snapshot.partitionBy.includes(name))
  const shape: FileShape = { ...fileShape(snapshot, { fields }), partitionBy: [] }
  const tracked = trackedColumns(snapshot)
  const readable = await table.readable(snapshot, { files, ...stopping })
  const relation = tracked
    ? trackedRows(log, snapshot, files, readable, tracked, { numbers: files.map((_, at) => at) })
    : readFiles(log, snapshot, readable)
  const stored = tracked ? [...fields, tracked.rowId, tracked.commitVersion] : fields
  const rows = query(
    relation,
    stored.map(({ name }) => name),
  )
  const written = await writeFiles(
    log,
    rows,
    { ...shape, schema: { fields: stored } },
    {
      connection,
      folder: folderOf(files[0]),
      inAnyOrder,
      ...(fileBytes === undefined ? {} : { fileBytes }),
      ...stopping,
    },
  )
  failpoint('delta.data-written')
  const now = Date.now()
  const partitionValues = files[0]?.partitionValues ?? {}
  return written.map((file) => ({ ...addFile(file, shape, now), partitionValues, dataChange: false }))
}

/** The folder that files of a partition lie in; that of the table for those that lie elsewhere. */
function folderOf(file: DataFile | undefined): string {
  const path = decodePath(file?.path ?? '')
  return /^([a-z][a-z0-9+.-]*:|\/)/i.test(path) ? '' : path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** Removes new files that will certainly not be committed. */
export async function discardRewritten({ log }: DeltaTable, files: readonly AddFile[]): Promise<void> {
  await removeFiles(
    log,
    files.map(({ path }) => ({ path: decodePath(path) })),
  )
}
