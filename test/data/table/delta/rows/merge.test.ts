import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Sql, sql } from '../../../../../src/base/sql/index.ts'
import { localStore } from '../../../../../src/base/store/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable, type MergeOptions, type ParquetPort } from '../../../../../src/data/table/index.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
let options: MergeOptions
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-merge-'))
  engine = await openDuckDb({ threads: 2 })
  connection = await engine.connect()
  options = { connection, targetAlias: 't', sourceAlias: 's' }
})
afterAll(async () => {
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

let tables = 0
async function tableOf(query: Sql, properties: Record<string, string> = {}): Promise<DeltaTable> {
  tables += 1
  const table = await DeltaTable.create(localStore(dir), {
    path: `t${tables}`,
    schema: await connection.describe(query),
    properties,
    parquet: engine.files as ParquetPort<never>,
  })
  await appendTo(table, query, { connection })
  return table
}

const rowsOf = async (table: DeltaTable) =>
  connection.rows(sql`select * from ${await table.relation()} as t order by all`)
const numbered = (from: number, count: number) =>
  sql`select ${from}::bigint + range as id, 'v' || (${from} + range) as v from range(${count})`

test('several rows of the source that would change one row are refused, and nothing is written', async () => {
  const table = await tableOf(numbered(1, 3))
  const twice = sql`select 2::bigint as id, 'a' as v union all select 2, 'b'`
  const merge = table.merge(twice, 't.id = s.id', options)
  await expect(merge.whenMatchedUpdateAll().execute()).rejects.toMatchObject({
    code: 'DELTA_MERGE_AMBIGUOUS',
    data: { rows: 1 },
  })
  expect(table.snapshot.version).toBe(1)
  // A condition that leaves one of them is enough, and a delete does not care.
  await merge.whenMatchedUpdateAll({ condition: "s.v = 'b'" }).execute()
  expect(await rowsOf(table)).toEqual([
    { id: 1n, v: 'v1' },
    { id: 2n, v: 'b' },
    { id: 3n, v: 'v3' },
  ])
  const { metrics } = await merge.whenMatchedDelete().whenNotMatchedInsertAll().execute()
  expect(metrics).toMatchObject({ numTargetRowsMatchedDeleted: 1, numTargetRowsInserted: 0 })
  expect(await rowsOf(table)).toHaveLength(2)
})

test('a merge reads and rewrites only the files that its keys can lie in', async () => {
  const table = await tableOf(numbered(0, 10))
  await appendTo(table, numbered(100, 10), { connection })
  const { metrics } = await table
    .merge(sql`select 105::integer as key, 'new' as v`, 's.key = t.id', options)
    .whenMatchedUpdate({ set: { v: 's.v' } })
    .execute()
  expect(metrics).toMatchObject({ numTargetFilesRemoved: 1, numTargetRowsCopied: 9, numTargetRowsUpdated: 1 })
  const [info] = await table.history(1)
  expect(info).toMatchObject({
    operation: 'MERGE',
    operationParameters: { predicate: '["s.key = t.id"]', matchedPredicates: '[{"actionType":"update"}]' },
    operationMetrics: { numTargetRowsUpdated: '1', numSourceRows: '1' },
  })
})

test('keys of two types match as the engine compares them, whatever files say of their text', async () => {
  const table = await tableOf(sql`select '010' as id union all select '11'`)
  const { metrics } = await table
    .merge(sql`select 10::bigint as id`, 't.id = s.id', options)
    .whenMatchedDelete()
    .execute()
  expect(metrics).toMatchObject({ numTargetRowsDeleted: 1 })
})

test('a table follows the columns of the source when it is told to', async () => {
  const table = await tableOf(numbered(1, 2))
  const wider = sql`select 2::bigint as id, 'x' as v, 1.5::double as price union all select 3, 'y', 2.5`
  const plain = table.merge(wider, 't.id = s.id', options)
  await plain.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
  expect((await rowsOf(table))[2]).toEqual({ id: 3n, v: 'y' })
  await plain.withSchemaEvolution().whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()
  expect(await rowsOf(table)).toEqual([
    { id: 1n, v: 'v1', price: null },
    { id: 2n, v: 'x', price: 1.5 },
    { id: 3n, v: 'y', price: 2.5 },
  ])
})

test('a source without all columns is refused for *, unless the table follows it', async () => {
  const table = await tableOf(sql`select 1::bigint as id, 'a' as v, 'kept' as w`)
  const merge = table.merge(sql`select 1::bigint as id, 'b' as v`, 't.id = s.id', options)
  await expect(merge.whenMatchedUpdateAll().execute()).rejects.toMatchObject({
    code: 'DELTA_SCHEMA_MISMATCH',
    data: { columns: ['w'] },
  })
  await merge.withSchemaEvolution().whenMatchedUpdateAll().execute()
  expect(await rowsOf(table)).toEqual([{ id: 1n, v: 'b', w: 'kept' }])
})

test('a merge without clauses, with names that are unknown or ambiguous, or one name for both sides is refused', async () => {
  const table = await tableOf(numbered(1, 1))
  const merge = (on: string, more: Partial<MergeOptions> = {}) =>
    table.merge(numbered(1, 1), on, { ...options, ...more })
  await expect(merge('t.id = s.id').execute()).rejects.toMatchObject({ code: 'OPTION_MISSING' })
  await expect(merge('id = s.id').whenMatchedDelete().execute()).rejects.toMatchObject({ code: 'COLUMN_AMBIGUOUS' })
  await expect(merge('t.nope = s.id').whenMatchedDelete().execute()).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' })
  const sameName = merge('t.id = s.id', { sourceAlias: 'T' }).whenMatchedDelete()
  await expect(sameName.execute()).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  const unknown = merge('t.id = s.id').whenMatchedUpdate({ set: { w: 's.v' } })
  await expect(unknown.execute()).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' })
  expect(table.snapshot.version).toBe(1)
})

test('a condition that is neither true nor false changes no row', async () => {
  const table = await tableOf(numbered(0, 5))
  const refused = { code: 'COLUMN_TYPE', message: expect.stringContaining('not true or false') }
  await expect(table.delete('id', { connection })).rejects.toMatchObject(refused)
  await expect(table.update({ condition: 'id + 1', set: { v: "'x'" }, connection })).rejects.toMatchObject(refused)
  const merge = table.merge(numbered(0, 1), 't.id = s.id', options)
  await expect(merge.whenMatchedDelete({ condition: 's.id' }).execute()).rejects.toMatchObject(refused)
  await expect(table.merge(numbered(0, 1), 's.id', options).whenMatchedDelete().execute()).rejects.toMatchObject(
    refused,
  )
  const { metrics } = await table.delete(undefined, { connection })
  expect(metrics).toMatchObject({ numDeletedRows: 5, numRemovedFiles: 1 })
  expect(await rowsOf(table)).toEqual([])
})

test('a merge into what another writer changed meanwhile is refused and leaves no file behind', async () => {
  const table = await tableOf(numbered(0, 10), {
    'delta.enableDeletionVectors': 'true',
    'delta.enableChangeDataFeed': 'true',
  })
  const other = table.fork()
  const racing: typeof connection = Object.assign(Object.create(connection) as typeof connection, {
    describe: async (query: Sql) => {
      await other.delete('id = 3', { connection })
      return connection.describe(query)
    },
  })
  const merge = table.merge(numbered(3, 20), 't.id = s.id', { ...options, connection: racing })
  await expect(merge.whenMatchedUpdateAll().whenNotMatchedInsertAll().execute()).rejects.toMatchObject({
    code: 'DELTA_COMMIT_CONFLICT',
    data: { kind: 'ConcurrentDeleteDelete', operation: 'DELETE', version: 2 },
  })
  const { readdir } = await import('node:fs/promises')
  const files = (await readdir(join(dir, `t${tables}`), { recursive: true })).filter((name) =>
    /\.(parquet|bin)$/.test(name),
  )
  // The data file, and the vector and the change file of the other's delete.
  expect(files).toHaveLength(3)
})
