import { readdir } from 'node:fs/promises'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { type Sql, sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/index.ts'
import { planCompaction } from '../../../../src/data/table/delta/maintain/plan-optimize.ts'
import {
  appendTo,
  DeltaTable,
  filesThatMayHold,
  optimize,
  overwrite,
  type ParquetPort,
} from '../../../../src/data/table/index.ts'
import { comparable, DELTALAKE_HINT, hasDeltalake, readWithDeltalake } from '../../../services/deltalake.ts'
import { type DuckDbFolder, duckDbFolder } from '../../../services/duckdb-folder.ts'

let own: DuckDbFolder
let folder: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  own = await duckDbFolder('optimize', 2)
  ;({ engine, connection } = own)
  return own.remove
})
beforeEach(() => {
  folder = own.next()
})

const parquet = () => engine.files as ParquetPort<never>
const batch = (at: number) =>
  sql`select ${at * 10}::bigint + range as id, 'n' || range as name, 'p' || range % 2 as part from range(10)`

async function appended(times: number, partitionBy: string[] = []): Promise<DeltaTable> {
  const table = await DeltaTable.create(localStore(folder), {
    schema: await connection.describe(batch(0)),
    partitionBy,
    parquet: parquet(),
  })
  for (let at = 0; at < times; at += 1) await appendTo(table, batch(at), { connection })
  return table
}

async function rowsOf(table?: DeltaTable): Promise<string[]> {
  const opened = table ?? (await DeltaTable.open(localStore(folder), '', { parquet: parquet() }))
  return comparable(await connection.rows(sql`select * from ${await opened.relation()} as t`))
}

const file = (path: string, size: number, part: string | null = null, isMarked = false) => ({
  path,
  size,
  partitionValues: { part },
  modificationTime: 0,
  dataChange: true,
  ...(isMarked ? { deletionVector: { storageType: 'i', pathOrInlineDv: '', cardinality: 1 } } : {}),
})
const names = (bins: ReturnType<typeof planCompaction>) => bins.map(({ files }) => files.map(({ path }) => path))

test('small files of a partition are put together up to the target, large and lonely ones stay', () => {
  const files = [file('a', 40), file('b', 70), file('c', 50), file('d', 200), file('e', 40), file('f', 90)]
  expect(names(planCompaction(files, [], 100))).toEqual([['c', 'e']])
  const apart = [file('a', 10, 'x'), file('b', 10, 'y'), file('c', 10, 'x'), file('d', 10, null)]
  expect(names(planCompaction(apart, ['part'], 100))).toEqual([['a', 'c']])
})

test('a file with deleted rows is rewritten even when it is large and alone', () => {
  expect(names(planCompaction([file('a', 500, null, true), file('b', 500)], [], 100))).toEqual([['a']])
})

test('a compacted table has the same rows in fewer files, and its older versions stay', async () => {
  const table = await appended(6)
  const before = await rowsOf(table)
  const result = await optimize(table, { connection })
  expect(result).toMatchObject({ filesRemoved: 6, filesAdded: 1, versions: [7], partitions: 1, filesConsidered: 6 })
  expect(table.snapshot.files).toHaveLength(1)
  expect(await rowsOf()).toEqual(before)
  const old = await DeltaTable.open(localStore(folder), '', { version: 3, parquet: parquet() })
  expect(await rowsOf(old)).toHaveLength(30)
  expect((await table.history(1))[0]).toMatchObject({
    operation: 'OPTIMIZE',
    operationMetrics: { numRemovedFiles: '6', numAddedFiles: '1' },
  })
  // Nothing is told of it in the changes.
  const changes = await table.changes({ from: 7 })
  expect(await connection.rows(sql`select * from ${changes.sql} as t`)).toEqual([])
  expect(await optimize(table, { connection })).toMatchObject({ versions: [], filesRemoved: 0 })
  if (hasDeltalake) expect((await readWithDeltalake(folder)).rows).toEqual(before)
})

test('the rows of small files keep the order in which the files came', async () => {
  const table = await DeltaTable.create(localStore(folder), {
    schema: await connection.describe(batch(0)),
    parquet: parquet(),
  })
  const many = (at: number) =>
    sql`select ${at * 20_000}::bigint + range as id, 'n' as name, 'p' as part from range(20000)`
  for (let at = 0; at < 16; at += 1) await appendTo(table, many(at), { connection })
  await optimize(table, { connection })
  const [only] = await table.readable()
  const groups = await connection.rows<{ low: bigint; high: bigint }>(
    sql`select stats_min_value::bigint as low, stats_max_value::bigint as high from parquet_metadata(${only?.url ?? ''})
      where path_in_schema = 'id' order by row_group_id`,
  )
  expect(groups.length).toBeGreaterThan(1)
  for (const [at, { low }] of groups.entries()) expect(low).toBe(at === 0 ? 0n : (groups[at - 1]?.high ?? 0n) + 1n)
})

test('partitions are compacted apart, and only those that meet a condition', async () => {
  const table = await appended(3, ['part'])
  const before = await rowsOf(table)
  const one = await optimize(table, { connection, where: sql`part = ${'p1'}` })
  expect(one).toMatchObject({ filesRemoved: 3, filesAdded: 1, partitions: 1, filesConsidered: 3 })
  expect(table.snapshot.files).toHaveLength(4)
  await optimize(table, { connection })
  expect(table.snapshot.files.map(({ partitionValues }) => partitionValues.part).sort()).toEqual(['p0', 'p1'])
  // The new files lie where those of their partition do, so that values can be read off their names.
  expect(table.snapshot.files.every(({ path }) => path.startsWith('part=p'))).toBe(true)
  expect(await rowsOf()).toEqual(before)
  if (hasDeltalake) expect((await readWithDeltalake(folder)).rows).toEqual(before)
})

test('batches are committed one by one', async () => {
  const table = await appended(3, ['part'])
  const result = await optimize(table, { connection, commitBytes: 1 })
  expect(result.versions).toEqual([4, 5])
})

test('rows in Z-order lie together by each of the columns, so that files are told apart by either', async () => {
  const grid = sql`select range % 64 as x, range // 64 as y, 'k' || range % 64 as t from range(4096) order by hash(range)`
  const table = await DeltaTable.create(localStore(folder), {
    schema: await connection.describe(grid),
    parquet: parquet(),
  })
  await appendTo(table, grid, { connection })
  const before = await rowsOf(table)
  const result = await optimize(table, { connection, zOrderBy: ['X', 'y'], targetBytes: 1 })
  expect(result.filesRemoved).toBe(1)
  expect(await rowsOf()).toEqual(before)
  const order = await connection.rows<{ x: bigint; y: bigint }>(
    sql`select x, y from ${await table.relation()} as t limit 16`,
  )
  // The first quarter of a quarter of a quarter of the square.
  expect(order.every(({ x, y }) => x < 4n && y < 4n)).toBe(true)
  await expect(optimize(table, { connection, zOrderBy: ['z'] })).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' })
  await expect(optimize(table, { connection, zOrderBy: ['x', 'X'] })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  if (hasDeltalake) expect((await readWithDeltalake(folder)).rows).toEqual(before)
})

test('a table in Z-order has files of the target size, each of a part of the values', async () => {
  const wide = sql`select range as id, (range * 7919) % 300000 as other, md5(range::varchar) as pad from range(300000)`
  const table = await DeltaTable.create(localStore(folder), {
    schema: await connection.describe(wide),
    parquet: parquet(),
  })
  await appendTo(table, wide, { connection })
  await optimize(table, { connection, zOrderBy: ['other'], targetBytes: 2_000_000 })
  expect(table.snapshot.files.length).toBeGreaterThan(1)
  const found = filesThatMayHold(table.snapshot, {
    kind: 'compare',
    column: 'other',
    is: 'eq',
    value: '5',
    type: 'long',
  })
  expect(found).toHaveLength(1)
})

test('a partition column cannot be ordered by, nor a table without partitions be chosen from', async () => {
  const table = await appended(1, ['part'])
  await expect(optimize(table, { connection, zOrderBy: ['part'] })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  folder = `${folder}-flat`
  const flat = await appended(1)
  await expect(optimize(flat, { connection, where: sql`part = 'p0'` })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
  })
})

const conflicting: readonly [string, Sql][] = [['overwritten', batch(7)]]
test.each(conflicting)('what was %s meanwhile is not brought back, and nothing is left', async (_, rows) => {
  const table = await appended(3)
  const other = table.fork()
  const parquetPort = parquet()
  let isFirst = true
  const during = {
    ...connection,
    engine: {
      name: engine.name,
      files: {
        write: async (...args: Parameters<ParquetPort<never>['write']>) => {
          if (isFirst) {
            isFirst = false
            await overwrite(other, rows, { connection })
          }
          return (parquetPort as ParquetPort<unknown>).write(args[0], { ...args[1], on: connection })
        },
      } as unknown as ParquetPort<never>,
    },
    describe: (query: Sql) => connection.describe(query),
    rows: <T extends object>(query: Sql) => connection.rows<T>(query),
  }
  await expect(optimize(table, { connection: during })).rejects.toMatchObject({ code: 'DELTA_COMMIT_CONFLICT' })
  expect(await rowsOf()).toHaveLength(10)
  const left = (await readdir(folder)).filter((name) => name.endsWith('.parquet'))
  expect(left).toHaveLength(4)
})

test.skipIf(!hasDeltalake)(`rows that others append meanwhile stay (${DELTALAKE_HINT})`, async () => {
  const table = await appended(2)
  const other = table.fork()
  await appendTo(other, batch(9), { connection })
  await optimize(table, { connection })
  expect((await readWithDeltalake(folder)).rows).toHaveLength(30)
})
