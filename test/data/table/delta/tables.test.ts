import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Row } from '../../../../src/base/kernel/index.ts'
import { type Sql, sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/index.ts'
import {
  appendTo,
  type CreateOptions,
  DeltaTable,
  overwrite,
  type ParquetPort,
  parseStats,
} from '../../../../src/data/table/index.ts'
import { comparable, DELTALAKE_HINT, hasDeltalake, readAllWithDeltalake } from '../../../services/deltalake.ts'
import { duckDbFolder } from '../../../services/duckdb-folder.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
/** Every table the tests wrote, with its rows as we read them, for deltalake to read at the end. */
const written = new Map<string, Row[]>()

beforeAll(async () => {
  const own = await duckDbFolder('delta', 2)
  ;({ dir, engine, connection } = own)
  return own.remove
})

const port = () => engine.files as ParquetPort<never>
const store = () => localStore(dir)

async function tableOf(path: string, query: Sql, options: Partial<CreateOptions> = {}): Promise<DeltaTable> {
  const schema = await connection.describe(query)
  return DeltaTable.create(store(), { path, schema, parquet: port(), ...options })
}

/** The rows of a table, freshly opened. */
async function rowsOf(path: string, version?: number): Promise<Row[]> {
  const table = await DeltaTable.open(store(), path, { parquet: port(), ...(version === undefined ? {} : { version }) })
  const { schema, partitionBy } = table.snapshot
  const rows = await connection.rows(sql`select * from ${port().read(table.scan(), schema, partitionBy)}`)
  if (version === undefined) written.set(join(dir, path), rows)
  return rows
}

const EVERY_TYPE = sql`
  select * from (values
    (true, 1::tinyint, 2::smallint, 3::integer, 9007199254740993::bigint, 1.5::float, 2.25::double, 'a''b'::varchar,
     '\\x01\\xFF'::blob, date '2024-02-29', timestamptz '2024-02-29 10:11:12.123456+00',
     timestamp '2024-02-29 10:11:12.000001', 12.50::decimal(10,2), 12345678901234567890.123::decimal(38,3),
     [1, null, 3], map {'k': 'v'}, {'a': 1, 'b': {'c': 'x'}}),
    (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)
  ) as t(bool, i8, i16, i32, i64, f32, f64, str, bin, d, ts, ntz, dec, wide, list, map, struct)`

test('every type of Delta comes back as it was written, nulls too', async () => {
  const table = await tableOf('types', EVERY_TYPE)
  const result = await appendTo(table, EVERY_TYPE, { connection })
  expect(result).toMatchObject({ committed: true, version: 1, rows: 2 })
  expect(result.bytes).toBeGreaterThan(0)
  expect(comparable(await rowsOf('types'))).toEqual(comparable(await connection.rows(EVERY_TYPE)))
})

test('files carry statistics that bound their rows', async () => {
  const query = sql`select range as id, 'n' || range as name, case when range < 3 then null else range end as gap from range(10)`
  const table = await tableOf('stats', query)
  await appendTo(table, query, { connection })
  const [file] = table.snapshot.files
  expect(parseStats(file?.stats, table.snapshot.schema)).toEqual({
    rows: 10,
    min: { id: 0n, name: 'n0', gap: 3n },
    max: { id: 9n, name: 'n9', gap: 9n },
    nulls: { id: 0, name: 0, gap: 3 },
  })
})

const PARTITIONS = sql`
  select * from (values
    (1::bigint, 'plain'::varchar, date '2024-01-31', timestamptz '2024-01-31 00:00:00+00', true, 1.50::decimal(5,2)),
    (2, 'sp ace', date '2024-02-01', timestamptz '2024-02-01 01:02:03.5+00', false, 2.00),
    (3, 'a=b/c%d', null, null, null, null),
    (4, 'ü€😀', date '2024-02-02', null, true, -1.25),
    (5, null, null, timestamptz '1969-12-31 23:59:59+00', null, 0.00),
    (6, 'quo''te"&?#:', null, null, false, null)
  ) as t(id, text, day, moment, flag, price)`

test.each(['text', 'day', 'moment', 'flag', 'price'])(
  'rows partitioned by %s come back with special values and nulls',
  async (column) => {
    const table = await tableOf(`by-${column}`, PARTITIONS, { partitionBy: [column] })
    await appendTo(table, PARTITIONS, { connection })
    expect(comparable(await rowsOf(`by-${column}`))).toEqual(comparable(await connection.rows(PARTITIONS)))
  },
)

test('an empty string in a partition column becomes null, as in every Delta writer', async () => {
  const query = sql`select 1::bigint as id, ''::varchar as part`
  const table = await tableOf('by-empty', query, { partitionBy: ['part'] })
  await appendTo(table, query, { connection })
  expect(await rowsOf('by-empty')).toEqual([{ id: 1n, part: null }])
})

const days = (day: string, from: number, count: number) =>
  sql`select ${from}::bigint + range as id, ${day}::varchar as day from range(${count})`
const counted = (rows: readonly Row[]) => {
  const counts: Record<string, number> = {}
  for (const { day } of rows) counts[String(day)] = (counts[String(day)] ?? 0) + 1
  return counts
}

test('overwriting partitions replaces them and no other', async () => {
  const all = sql`${days('mon', 0, 3)} union all ${days('tue', 10, 2)} union all ${days('wed', 20, 1)}`
  const table = await tableOf('partitions', all, { partitionBy: ['day'] })
  await appendTo(table, all, { connection })
  await overwrite(table, days('tue', 100, 5), { connection, where: { day: 'tue' } })
  expect(counted(await rowsOf('partitions'))).toEqual({ mon: 3, tue: 5, wed: 1 })
  await overwrite(table, days('wed', 200, 7), { connection, where: 'dynamic' })
  expect(counted(await rowsOf('partitions'))).toEqual({ mon: 3, tue: 5, wed: 7 })
  await overwrite(table, sql`${days('x', 0, 0)}`, { connection, where: { day: 'mon' } })
  expect(counted(await rowsOf('partitions'))).toEqual({ tue: 5, wed: 7 })
  await overwrite(table, days('sun', 0, 1), { connection })
  expect(counted(await rowsOf('partitions'))).toEqual({ sun: 1 })
  expect(counted(await rowsOf('partitions', 1))).toEqual({ mon: 3, tue: 2, wed: 1 })
})

test('an overwrite of a partition with rows of another is refused and leaves no file behind', async () => {
  const table = await tableOf('outside', days('mon', 0, 1), { partitionBy: ['day'] })
  await appendTo(table, days('mon', 0, 1), { connection })
  const both = sql`${days('mon', 0, 3)} union all ${days('tue', 10, 2)}`
  await expect(overwrite(table, both, { connection, where: { day: 'mon' } })).rejects.toMatchObject({
    code: 'DELTA_PARTITION_OUTSIDE',
  })
  expect(counted(await rowsOf('outside'))).toEqual({ mon: 1 })
  const files = (await readdir(join(dir, 'outside'), { recursive: true })).filter((name) => name.endsWith('.parquet'))
  expect(files).toHaveLength(1)
  await expect(overwrite(table, both, { connection, where: { dya: 'mon' } })).rejects.toMatchObject({
    code: 'COLUMN_UNKNOWN',
  })
})

test('the same txn is committed once and does not run the query again', async () => {
  const table = await tableOf('txn', days('mon', 0, 1))
  const txn = { appId: 'etl/load', version: 7 }
  expect(await appendTo(table, days('mon', 0, 2), { connection, txn })).toMatchObject({ committed: true, rows: 2 })
  const again = await appendTo(table, sql`select error('ran again') as id, '' as day`, { connection, txn })
  expect(again).toMatchObject({ committed: false, version: 1, rows: 0 })
  expect(await rowsOf('txn')).toHaveLength(2)
})

test('rows of another schema are refused before anything is written, or add columns when told to', async () => {
  const table = await tableOf('evolve', sql`select 1::bigint as id`)
  await appendTo(table, sql`select 1::integer as ID`, { connection })
  const wider = sql`select 2::bigint as id, 'x' as note`
  await expect(appendTo(table, wider, { connection })).rejects.toMatchObject({ code: 'DELTA_SCHEMA_MISMATCH' })
  await appendTo(table, wider, { connection, schemaMode: 'merge' })
  await appendTo(table, sql`select 'only' as note`, { connection })
  expect(comparable(await rowsOf('evolve'))).toEqual(
    comparable([
      { id: 1n, note: null },
      { id: 2n, note: 'x' },
      { id: null, note: 'only' },
    ]),
  )
  expect(await rowsOf('evolve', 1)).toEqual([{ id: 1n }])
  await overwrite(table, sql`select date '2024-01-01' as day`, { connection, schemaMode: 'overwrite' })
  expect(await rowsOf('evolve')).toEqual([{ day: '2024-01-01' }])
})

test('a column that must not be null refuses null', async () => {
  const schema = { fields: [{ name: 'id', type: { kind: 'long' } as const, nullable: false }] }
  const table = await DeltaTable.create(store(), { path: 'required', schema, parquet: port() })
  await expect(appendTo(table, sql`select null::bigint as id`, { connection })).rejects.toMatchObject({
    code: 'DELTA_SCHEMA_MISMATCH',
  })
  await appendTo(table, sql`select 1::bigint as id`, { connection })
  expect(await rowsOf('required')).toEqual([{ id: 1n }])
})

test('appends of a table that moved on are rebased; an overwrite of what changed is refused', async () => {
  const table = await tableOf('race', days('mon', 0, 1), { partitionBy: ['day'] })
  const other = table.fork()
  // Both are decided on the same version: the rows of the second come in while the first query is described.
  const meanwhile = (work: () => Promise<unknown>): typeof connection =>
    Object.assign(Object.create(connection) as typeof connection, {
      describe: async (query: Sql) => {
        await work()
        return connection.describe(query)
      },
    })
  const addTuesday = () => appendTo(other, days('tue', 0, 2), { connection })
  await appendTo(table, days('mon', 0, 1), { connection: meanwhile(addTuesday) })
  expect(counted(await rowsOf('race'))).toEqual({ mon: 1, tue: 2 })
  const refused = overwrite(table, days('tue', 0, 9), { connection: meanwhile(addTuesday), where: { day: 'tue' } })
  await expect(refused).rejects.toMatchObject({ code: 'DELTA_COMMIT_CONFLICT', retry: 'after-reload' })
  await overwrite(table, days('mon', 0, 9), { connection: meanwhile(addTuesday), where: { day: 'mon' } })
  expect(counted(await rowsOf('race'))).toEqual({ mon: 9, tue: 6 })
})

test('after ten commits a checkpoint is written, and the table is read from it', async () => {
  const first = sql`select 0::bigint as id, 'a''b' as part`
  const table = await tableOf('checkpoint', first, { partitionBy: ['part'], properties: { 'delta.custom': 'kept' } })
  for (let batch = 1; batch <= 12; batch += 1) {
    const txn = { appId: 'w', version: batch }
    const result = await appendTo(table, sql`select ${batch}::bigint as id, 'p' || ${batch % 3} as part`, {
      connection,
      txn,
    })
    expect(result.warnings).toEqual([])
  }
  await overwrite(table, sql`select 99::bigint as id, 'p1' as part`, { connection, where: { part: 'p1' } })
  const log = join(dir, 'checkpoint/_delta_log')
  expect((await readdir(log)).filter((name) => name.endsWith('.checkpoint.parquet'))).toHaveLength(1)
  const before = await rowsOf('checkpoint')
  expect(before.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual([2, 3, 5, 6, 8, 9, 11, 12, 99])
  for (let version = 0; version < 10; version += 1) await rm(join(log, `${String(version).padStart(20, '0')}.json`))
  expect(comparable(await rowsOf('checkpoint'))).toEqual(comparable(before))
  const reopened = await DeltaTable.open(store(), 'checkpoint', { parquet: port() })
  expect(reopened.snapshot.txns.get('w')).toBe(12)
  expect(reopened.snapshot.properties).toEqual({ 'delta.custom': 'kept' })
  expect(reopened.snapshot.metadata).toEqual(table.snapshot.metadata)
  await expect(rowsOf('checkpoint', 5)).rejects.toMatchObject({ code: 'DELTA_VERSION_NOT_FOUND' })
  await expect(DeltaTable.open(store(), 'checkpoint')).rejects.toMatchObject({ code: 'OPTION_MISSING' })
})

test('the history tells each version with what was done', async () => {
  const table = await tableOf('history', days('mon', 0, 1))
  await appendTo(table, days('mon', 0, 3), { connection })
  await overwrite(table, days('mon', 0, 2), { connection })
  const history = await table.history()
  expect(history.map(({ version, operation }) => [version, operation])).toEqual([
    [2, 'WRITE'],
    [1, 'WRITE'],
    [0, 'CREATE TABLE'],
  ])
  expect(history[0]).toMatchObject({
    operationParameters: { mode: 'Overwrite' },
    operationMetrics: { numOutputRows: '2', numRemovedFiles: '1' },
  })
  await rowsOf('history')
})

// Last, since it reads what the tests above wrote.
test.skipIf(!hasDeltalake)(
  `deltalake reads the same rows from every table written here (${DELTALAKE_HINT})`,
  async () => {
    const folders = [...written.keys()]
    expect(folders.length).toBeGreaterThan(8)
    const tables = await readAllWithDeltalake(folders)
    for (const [index, table] of tables.entries()) {
      const folder = folders[index] ?? ''
      expect([folder, table.rows]).toEqual([folder, comparable(written.get(folder) ?? [])])
    }
  },
)
