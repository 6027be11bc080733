import { type Field, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { join, type Sql, sql } from '../../../base/sql/index.ts'
import type { ParquetFile } from '../parquet-port.ts'
import type { AddFile, LogEntry, RemoveFile } from './actions.ts'
import { fileKey } from './file-path.ts'
import { commitTimes } from './log/commit-times.ts'
import { type DeltaLog, loadSnapshot, readCommit } from './log/delta-log.ts'
import { logicalKey } from './log/file-layers.ts'
import { newestVersion } from './log/version-at.ts'
import { locateFiles, portOf, reachedFiles } from './read-files.ts'
import { checkUnchanged } from './schema/changed-schema.ts'
import { mappingMode, shownSchema, storedColumns } from './schema/column-mapping.ts'
import type { Snapshot } from './snapshot.ts'
import { checkVariants } from './variant-files.ts'
import { DeletionVectors } from './vectors/deletion-vector.ts'

/** Which versions' changes are read. */
export interface ChangesOptions {
  /** The first version whose changes are wanted. */
  readonly from: number
  /** The last; the newest by default. */
  readonly to?: number
  readonly signal?: AbortSignal
}

/** Rows that versions changed, as a relation for the engine whose port the table was opened with. */
export interface Changes {
  readonly sql: Sql
  /** The columns of the last version, then `CHANGE_FIELDS`. */
  readonly schema: Schema
  readonly from: number
  readonly to: number
}

/**
 * What is told of each changed row (Delta protocol, "Add CDC File"): `insert`, `delete`, `update_preimage` or
 * `update_postimage`; the version; and its time.
 */
export const CHANGE_FIELDS: readonly Field[] = [
  { name: '_change_type', type: { kind: 'string' }, nullable: false },
  { name: '_commit_version', type: { kind: 'long' }, nullable: false },
  { name: '_commit_timestamp', type: { kind: 'timestamp' }, nullable: false },
]

/**
 * The rows that versions of a table changed. Of a version that wrote change files these are read; of others the rows
 * of files that were added are inserted and those of files that were removed are deleted, and where only a deletion
 * vector changed, the rows by which it did.
 * @throws MillraceError DELTA_VERSION_NOT_FOUND, DELTA_SCHEMA_MISMATCH when the columns changed in between so that the
 *   rows do not fit together, OPTION_INVALID, and what reading a version throws
 */
export async function readChanges(log: DeltaLog, options: ChangesOptions): Promise<Changes> {
  const port = portOf(log)
  const { from } = options
  const to = options.to ?? (await newestVersion(log))
  if (!(Number.isSafeInteger(from) && from >= 0 && from <= to)) {
    throw new MillraceError('OPTION_INVALID', `reading the changes from version ${from} to ${to} of a Delta table`, {
      hint: 'Give a first version that is not after the last.',
    })
  }
  const end = await loadSnapshot(log, to)
  const entries = await commitsBetween(log, from, to)
  await checkUnchanged(log, entries, end)
  const times = await commitTimes(log, end.properties, to)
  const found = await Promise.all(entries.map((entry) => changesOf(entry, log, end, times(entry))))
  const derived = await reachedFiles(
    log,
    found.flatMap((one) => one.derived),
    options,
  )
  const written = await reachedFiles(
    log,
    found.flatMap((one) => one.written),
    options,
  )
  await checkVariants(log, end, [...derived, ...written])

  const schema: Schema = { fields: [...shownSchema(end.schema).fields, ...CHANGE_FIELDS] }
  const mode = mappingMode(end.protocol, end.metadata)
  const stored = storedColumns(end.schema, mode)
  const storedAll = stored && { ...stored, schema: { fields: [...stored.schema.fields, ...CHANGE_FIELDS] } }
  const [, ...commitFields] = CHANGE_FIELDS.map(({ name }) => name)
  // The column `_change_type` of a change file has no field id.
  const byName = storedAll && { schema: storedAll.schema }
  const parts = [
    ...(derived.length > 0 || written.length === 0
      ? [port.read(derived, schema, [...end.partitionBy, '_change_type', ...commitFields], storedAll)]
      : []),
    ...(written.length > 0 ? [port.read(written, schema, [...end.partitionBy, ...commitFields], byName)] : []),
  ]
  return { sql: union(parts), schema, from, to }
}

function union(parts: readonly Sql[]): Sql {
  const selects = parts.map((part) => sql`select * from ${part} as changed`)
  return sql`(${join(selects, ' union all ')})`
}

async function commitsBetween(log: DeltaLog, from: number, to: number): Promise<LogEntry[]> {
  const entries: LogEntry[] = []
  const AT_ONCE = 16
  for (let start = from; start <= to; start += AT_ONCE) {
    const versions = Array.from({ length: Math.min(AT_ONCE, to - start + 1) }, (_, at) => start + at)
    const batch = await Promise.all(versions.map((version) => readCommit(log, version)))
    for (const [at, entry] of batch.entries()) {
      if (entry) entries.push(entry)
      else {
        throw new MillraceError('DELTA_VERSION_NOT_FOUND', `reading the changes of version ${versions[at]}`, {
          hint: 'Its commit is not in the log any more: begin with a later version.',
        })
      }
    }
  }
  return entries
}

interface Found {
  /** Files of the table whose rows came or went. */
  readonly derived: readonly ParquetFile[]
  /** Files of changes. */
  readonly written: readonly ParquetFile[]
}

async function changesOf({ version, actions }: LogEntry, log: DeltaLog, end: Snapshot, time: number): Promise<Found> {
  const commit = { _commit_version: String(version), _commit_timestamp: new Date(time).toISOString() }
  const withCommit = (file: ParquetFile, more: Record<string, string> = {}): ParquetFile => ({
    ...file,
    partition: { ...file.partition, ...commit, ...more },
  })
  const cdc = actions.filter((action) => action.kind === 'cdc')
  if (cdc.length > 0) return { derived: [], written: locateFiles(log, end, cdc).map((file) => withCommit(file)) }

  const added = actions.filter((action) => action.kind === 'add').filter(({ dataChange }) => dataChange !== false)
  const removed = await withPartitions(
    actions.filter((action) => action.kind === 'remove').filter(({ dataChange }) => dataChange !== false),
    log,
    end,
    version,
  )
  const vectors = new DeletionVectors(log.store, log.path)
  const rowsOf = async ({ deletionVector, path }: AddFile | RemoveFile) =>
    deletionVector ? { without: await vectors.read(deletionVector, path) } : {}
  const before = new Map(removed.map((file) => [fileKey(file.path), file]))
  const derived: ParquetFile[] = []
  for (const file of added) {
    const [located] = locateFiles(log, end, [file])
    const old = before.get(fileKey(file.path))
    if (!located) continue
    if (!old) {
      derived.push(withCommit({ ...located, ...(await rowsOf(file)) }, { _change_type: 'insert' }))
      continue
    }
    before.delete(fileKey(file.path))
    const [{ without: gone }, { without: wasGone }] = [await rowsOf(file), await rowsOf(old)]
    const lost = gone && (wasGone ? gone.minus(wasGone) : gone)
    const back = wasGone && (gone ? wasGone.minus(gone) : wasGone)
    if (lost && lost.size > 0) derived.push(withCommit({ ...located, only: lost }, { _change_type: 'delete' }))
    if (back && back.size > 0) derived.push(withCommit({ ...located, only: back }, { _change_type: 'insert' }))
  }
  for (const file of before.values()) {
    const [located] = locateFiles(log, end, [{ path: file.path, partitionValues: file.partitionValues ?? {} }])
    if (located) derived.push(withCommit({ ...located, ...(await rowsOf(file)) }, { _change_type: 'delete' }))
  }
  return { derived, written: [] }
}

/** Removed files with their partition values, which some writers leave to the action that added the file. */
async function withPartitions(
  removed: readonly RemoveFile[],
  log: DeltaLog,
  end: Snapshot,
  version: number,
): Promise<readonly RemoveFile[]> {
  if (end.partitionBy.length === 0 || removed.every(({ partitionValues }) => partitionValues)) return removed
  const before = await loadSnapshot(log, version - 1)
  const known = new Map(before.files.map((file) => [logicalKey(file), file.partitionValues]))
  return removed.map((file) => ({
    ...file,
    partitionValues: file.partitionValues ?? known.get(logicalKey(file)) ?? {},
  }))
}
