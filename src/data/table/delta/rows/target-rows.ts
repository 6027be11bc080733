import type { Schema } from '../../../../base/kernel/index.ts'
import { id, type Sql, sql } from '../../../../base/sql/index.ts'
import { ROW_PLACE } from '../../parquet-port.ts'
import type { DeltaTable } from '../delta-table.ts'
import { readFiles } from '../read-files.ts'
import type { TrackedColumns } from '../row-tracking/tracked-columns.ts'
import { trackedRows } from '../row-tracking/tracked-rows.ts'
import type { DataFile, Snapshot } from '../snapshot.ts'
import { estimatedRows, parseStats } from '../stats.ts'
import type { ChangeOptions, ChangingConnection } from './changing-connection.ts'

/** The rows of a table that may be changed, each with where it lies. */
export interface TargetRows {
  readonly table: DeltaTable
  readonly base: Snapshot
  /** The files that may hold rows to change; a row's file is its number in this list. */
  readonly files: readonly DataFile[]
}

/** A table expression over some of the files, by their numbers, with the columns of `ROW_PLACE`. */
export async function rowsOf(
  { table, base, files }: TargetRows,
  numbers: readonly number[],
  { signal }: Pick<ChangeOptions, 'signal'>,
): Promise<Sql> {
  const some = numbers.flatMap((number) => files[number] ?? [])
  const readable = await table.readable(base, { files: some, ...(signal ? { signal } : {}) })
  return readFiles(table.log, base, readable, { numbers, rows: estimatedRows(some) })
}

/** The same with the columns by which rows are tracked, of a table that does so. */
export async function trackedRowsOf(
  target: TargetRows,
  numbers: readonly number[],
  tracked: TrackedColumns | undefined,
  options: Pick<ChangeOptions, 'signal'>,
): Promise<Sql> {
  if (!tracked) return rowsOf(target, numbers, options)
  const { table, base, files } = target
  const some = numbers.flatMap((number) => files[number] ?? [])
  const readable = await table.readable(base, { files: some, ...(options.signal ? { signal: options.signal } : {}) })
  return trackedRows(table.log, base, some, readable, tracked, { numbers, rows: estimatedRows(some) })
}

/** All numbers of the files. */
export function allOf({ files }: TargetRows): number[] {
  return files.map((_, number) => number)
}

/** How many rows each file holds that are not deleted: by its statistics, or counted where it has none. */
export async function liveRows(
  target: TargetRows,
  numbers: readonly number[],
  connection: ChangingConnection,
): Promise<ReadonlyMap<number, number>> {
  const live = new Map<number, number>()
  const unknown: number[] = []
  const nothing: Schema = { fields: [] }
  for (const number of numbers) {
    const file = target.files[number]
    const rows = parseStats(file?.stats, nothing)?.rows
    if (rows === undefined || !Number.isSafeInteger(rows)) unknown.push(number)
    else live.set(number, rows - (file?.deletionVector?.cardinality ?? 0))
  }
  if (unknown.length === 0) return live
  const file = id(ROW_PLACE.file)
  const found = await connection.rows<{ file: bigint; rows: bigint }>(
    sql`select ${file} as file, count(*) as rows from ${await rowsOf(target, unknown, {})} as counted group by ${file}`,
  )
  for (const number of unknown) live.set(number, 0)
  for (const { file: number, rows } of found) live.set(Number(number), Number(rows))
  return live
}
