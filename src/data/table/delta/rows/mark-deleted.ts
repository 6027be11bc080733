import type { RowSet } from '../../row-set.ts'
import type { AddFile } from '../actions.ts'
import type { DataFile } from '../snapshot.ts'
import { DeletionVectors } from '../vectors/deletion-vector.ts'
import { writeVectors } from '../vectors/write-vectors.ts'
import type { ChangeOptions } from './changing-connection.ts'
import { deletedRows } from './deleted-rows.ts'
import type { RowWork } from './row-work.ts'
import { liveRows } from './target-rows.ts'

/** Files as they stand with the rows of a change marked as deleted. */
export interface MarkedFiles {
  readonly add: readonly AddFile[]
  /** Of the file with the vectors, in the table's folder. */
  readonly path?: string
}

/** Writes deletion vectors for files by their numbers: the rows that were deleted before and those that go now. */
export async function markDeleted(
  { target, hits }: RowWork,
  numbers: readonly number[],
  { connection }: ChangeOptions,
): Promise<MarkedFiles> {
  if (numbers.length === 0) return { add: [] }
  const { log } = target.table
  const found = await deletedRows(connection, hits)
  const live = await liveRows(target, numbers, connection)
  const vectors = new DeletionVectors(log.store, log.path)
  const marked: { file: DataFile; rows: RowSet; records: number }[] = []
  for (const number of numbers) {
    const [file, rows] = [target.files[number], found.get(number)]
    if (!file || !rows) continue
    const old = file.deletionVector
    const before = old ? await vectors.read(old, file.path) : undefined
    const records = (live.get(number) ?? 0) + (old?.cardinality ?? 0)
    marked.push({ file, rows: before ? before.plus(rows) : rows, records })
  }
  const written = await writeVectors(
    log,
    marked.map(({ rows }) => rows),
  )
  const add = marked.flatMap(({ file, records }, at): AddFile[] => {
    const deletionVector = written.vectors[at]
    return deletionVector ? [{ ...file, stats: wideStats(file.stats, records), deletionVector }] : []
  })
  const inTable = log.path === '' ? written.path : written.path.slice(log.path.length + 1)
  return { add, path: inTable }
}

/** Bounds that hold of more rows than are left (Delta protocol, "Per-file Statistics"); the number of rows must be there. */
export function wideStats(stats: string | undefined, records: number): string {
  const least = JSON.stringify({ numRecords: records, tightBounds: false })
  const text = stats?.trim() ?? ''
  let known: { readonly numRecords?: unknown; readonly tightBounds?: unknown } | null
  try {
    known = JSON.parse(text) as typeof known
  } catch {
    return least
  }
  if (typeof known?.numRecords !== 'number') return least
  if (known.tightBounds === false) return text
  // The text stays as it is, since its numbers may be longer than JavaScript's.
  if (known.tightBounds === undefined) return `${text.slice(0, -1)},"tightBounds":false}`
  return LAST_TIGHT.test(text) ? text.replace(LAST_TIGHT, '"tightBounds":false}') : least
}

/** Where writers put it; a column may be called so, too. */
const LAST_TIGHT = /"tightBounds"\s*:\s*true\s*\}$/
