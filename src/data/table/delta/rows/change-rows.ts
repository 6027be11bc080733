import { failpoint } from '../../../../base/kernel/index.ts'
import { id, join, type Sql, sql } from '../../../../base/sql/index.ts'
import { ROW_PLACE } from '../../parquet-port.ts'
import type { AddFile, CdcFile } from '../actions.ts'
import { addFile } from '../add-file.ts'
import { fileShape } from '../maintain/file-shape.ts'
import { trackedColumns } from '../row-tracking/tracked-columns.ts'
import { guarded } from '../rules/guard-rows.ts'
import { RULED, rowRules } from '../rules/row-rules.ts'
import type { DataFile } from '../snapshot.ts'
import { removeFiles, writeFiles } from '../write-files.ts'
import { writeChangeFiles } from './change-files.ts'
import { COPIED, insertedRows, writtenRows } from './changed-rows.ts'
import type { ChangeOptions } from './changing-connection.ts'
import { markDeleted } from './mark-deleted.ts'
import type { RowWork } from './row-work.ts'
import { liveRows, trackedRowsOf } from './target-rows.ts'
import { temporary } from './temporary.ts'

/** The files that a change of rows comes to, none of them committed. */
export interface ChangedFiles {
  readonly remove: readonly DataFile[]
  readonly add: readonly AddFile[]
  readonly changeFiles: readonly CdcFile[]
  /** Removes what was written. */
  discard(): Promise<void>
  readonly counts: ChangeCounts
}

/** What a change of rows did, in numbers. */
export interface ChangeCounts {
  /** Rows by the number of the clause that found them. */
  readonly byClause: readonly number[]
  readonly inserted: number
  readonly copied: number
  readonly removedFiles: number
  readonly addedFiles: number
  readonly addedBytes: number
  readonly removedBytes: number
  readonly changeFiles: number
  readonly vectorsAdded: number
  readonly vectorsUpdated: number
  readonly vectorsRemoved: number
}

interface FileHits {
  readonly changed: number
  readonly updated: number
}

/**
 * Writes what a change of rows asks for: new files for updated and added rows; the rows that go are marked in deletion
 * vectors where the table has them on, otherwise their files are written anew without them. A file of which no row is
 * left is removed, whichever.
 */
export async function changeRows(work: RowWork, options: ChangeOptions): Promise<ChangedFiles> {
  const { target, clauses, inserted } = work
  const { base, table } = target
  const { connection } = options
  const { byClause, byFile } = await countHits(work, options)
  const touched = [...byFile.keys()].sort((a, b) => a - b)
  const live = await liveRows(target, touched, connection)
  const marks = hasVectors(work)
  const isGone = (number: number) => {
    const { changed = 0, updated = 0 } = byFile.get(number) ?? {}
    return changed === live.get(number) && (marks || updated === 0)
  }
  const kept = touched.filter((number) => !isGone(number))
  const updatedFiles = touched.filter((number) => (byFile.get(number)?.updated ?? 0) > 0)
  const read = marks ? updatedFiles : kept

  const written: { path: string }[] = []
  const discard = () => removeFiles(table.log, written)
  try {
    const shape = fileShape(base, work.schema)
    const tracked = trackedColumns(base)
    const stored = tracked ? { fields: [...work.schema.fields, tracked.rowId, tracked.commitVersion] } : work.schema
    const parts: Sql[] = [
      ...(read.length > 0 && (!marks || clauses.some(({ kind }) => kind === 'update'))
        ? [writtenRows(work, await trackedRowsOf(target, read, tracked, options), !marks, tracked)]
        : []),
      ...(inserted ? [insertedRows(inserted, tracked)] : []),
    ]
    const rules = rowRules(work.schema, base.properties, new Set(work.schema.fields.map(({ name }) => name)))
    const rows = join(parts, ' union all ')
    const feeds = base.properties['delta.enableChangeDataFeed'] === 'true'
    // Rows that are told of twice are computed once.
    await using held = feeds && parts.length > 0 ? await temporary(connection, rows, options) : undefined
    const source = held ? sql`select * from ${held.table}` : rows
    const files =
      parts.length === 0
        ? []
        : await writeFiles(
            table.log,
            guarded(source, stored, rules, id(RULED, COPIED)),
            { ...shape, schema: stored },
            {
              ...options,
              inAnyOrder: true,
            },
          )
    written.push(...files)
    failpoint('delta.data-written')
    const now = Date.now()
    const added = files.map((file) => addFile(file, shape, now))

    const marked = marks ? await markDeleted(work, kept, options) : { add: [] }
    if (marked.path !== undefined) written.push({ path: marked.path })
    failpoint('delta.vectors-written')

    // A change that removes whole files only is told by these.
    const needsFeed = feeds && (parts.length > 0 || kept.length > 0)
    const changeFiles = needsFeed ? await writeChangeFiles(work, touched, held?.table, options) : []
    written.push(...changeFiles.map(({ file }) => file))
    failpoint('delta.change-files-written')

    const remove = touched.flatMap((number) => target.files[number] ?? [])
    const total = files.reduce((sum, file) => sum + file.rows, 0)
    const updatedRows = clauses.reduce(
      (sum, { kind }, number) => sum + (kind === 'update' ? (byClause[number] ?? 0) : 0),
      0,
    )
    const copied = marks
      ? 0
      : kept.reduce((sum, number) => sum + (live.get(number) ?? 0) - (byFile.get(number)?.changed ?? 0), 0)
    const hadVector = (number: number) => target.files[number]?.deletionVector !== undefined
    return {
      remove,
      add: [...marked.add, ...added],
      changeFiles: changeFiles.map(({ action }) => action),
      discard,
      counts: {
        byClause,
        copied,
        inserted: total - updatedRows - copied,
        removedFiles: marks ? touched.length - kept.length : touched.length,
        addedFiles: added.length,
        addedBytes: sizeOf(added),
        removedBytes: sizeOf(marks ? remove.filter((_, at) => isGone(touched[at] ?? -1)) : remove),
        changeFiles: changeFiles.length,
        vectorsAdded: marks ? kept.filter((number) => !hadVector(number)).length : 0,
        vectorsUpdated: marks ? kept.filter(hadVector).length : 0,
        vectorsRemoved: touched.filter((number) => hadVector(number) && (!marks || isGone(number))).length,
      },
    }
  } catch (thrown) {
    await discard().catch(() => undefined)
    throw thrown
  }
}

/** Whether rows that go are marked: the table's property, of a table whose protocol knows of vectors. */
function hasVectors({ target: { base } }: RowWork): boolean {
  const { protocol, properties } = base
  return (
    properties['delta.enableDeletionVectors'] === 'true' && (protocol.readerFeatures ?? []).includes('deletionVectors')
  )
}

async function countHits(
  { clauses, hits }: RowWork,
  { connection, signal }: ChangeOptions,
): Promise<{ byClause: number[]; byFile: ReadonlyMap<number, FileHits> }> {
  const file = id(ROW_PLACE.file)
  const found = await connection.rows<{ file: bigint; clause: number; rows: bigint }>(
    sql`select ${file} as file, clause, count(*) as rows from ${hits} where clause is not null group by all`,
    signal ? { signal } : {},
  )
  const byClause = clauses.map(() => 0)
  const byFile = new Map<number, FileHits>()
  for (const { file: of, clause, rows } of found) {
    const [number, count] = [Number(of), Number(rows)]
    byClause[clause] = (byClause[clause] ?? 0) + count
    const { changed, updated } = byFile.get(number) ?? { changed: 0, updated: 0 }
    const more = clauses[clause]?.kind === 'update' ? count : 0
    byFile.set(number, { changed: changed + count, updated: updated + more })
  }
  return { byClause, byFile }
}

function sizeOf(files: readonly DataFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}
