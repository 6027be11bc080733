import { beforeAll, expect, test } from 'vitest'
import { literal, type Sql, sql } from '../../../../../src/base/sql/index.ts'
import { localStore } from '../../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../../src/data/engine/index.ts'
import {
  appendTo,
  DeltaTable,
  optimize,
  overwrite,
  type ParquetPort,
  restore,
  shallowClone,
} from '../../../../../src/data/table/index.ts'
import { duckDbFolder } from '../../../../services/duckdb-folder.ts'
import { trackedRelation } from './tracked-relation.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  const own = await duckDbFolder('row-tracking', 2)
  ;({ dir, engine, connection } = own)
  return own.remove
})

const port = () => engine.files as ParquetPort<never>
const TRACKS = { 'delta.enableRowTracking': 'true' }
let tables = 0
async function tableOf(rows: Sql, properties: Record<string, string>, partitionBy: string[] = []): Promise<DeltaTable> {
  tables += 1
  const schema = await connection.describe(rows)
  return DeltaTable.create(localStore(dir), { path: `t${tables}`, schema, properties, partitionBy, parquet: port() })
}

interface Tracked {
  readonly row: number
  readonly version: number
}
/** By the key of each row, its id and the version that made it what it is. */
async function trackedOf(table: DeltaTable): Promise<Map<number, Tracked>> {
  const fresh = await DeltaTable.open(localStore(dir), table.log.path, { parquet: port() })
  const relation = await trackedRelation(fresh)
  if (!relation) throw new Error('the table tracks no rows')
  const found = await connection.rows<{ id: bigint; row: bigint; version: bigint }>(sql`select * from ${relation} as t`)
  expect(new Set(found.map(({ row }) => row)).size).toBe(found.length)
  return new Map(found.map((one) => [Number(one.id), { row: Number(one.row), version: Number(one.version) }]))
}

const rowsFrom = (from: number, count: number) =>
  sql`select range as id, 'p' || range % 2 as part, 0 as n from range(${literal(from)}::bigint, ${literal(from + count)}::bigint)`

test.each([
  { name: 'copies on write', properties: {}, partitionBy: [] },
  { name: 'deletion vectors', properties: { 'delta.enableDeletionVectors': 'true' }, partitionBy: ['part'] },
  {
    name: 'mapped columns and a change feed',
    properties: { 'delta.columnMapping.mode': 'name', 'delta.enableChangeDataFeed': 'true' },
    partitionBy: ['part'],
  },
])(
  'rows keep their ids through every change: $name',
  async ({ properties, partitionBy }) => {
    const table = await tableOf(
      rowsFrom(0, 1),
      { ...TRACKS, ...properties, 'delta.checkpointInterval': '3' },
      partitionBy,
    )
    expect(table.snapshot.protocol.writerFeatures).toEqual(expect.arrayContaining(['rowTracking', 'domainMetadata']))
    await appendTo(table, rowsFrom(0, 6), { connection })
    await appendTo(table, rowsFrom(6, 6), { connection })
    const first = await trackedOf(table)
    expect([...first.values()].map(({ row }) => row).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, n) => n),
    )
    const same = async (but: readonly number[] = []) => {
      const now = await trackedOf(table)
      for (const [key, tracked] of now) if (!but.includes(key)) expect(tracked, `row ${key}`).toEqual(first.get(key))
      return now
    }
    await table.update({ condition: 'id in (2, 7)', set: { n: '1' }, connection })
    const updated = await same([2, 7])
    for (const key of [2, 7]) expect(updated.get(key)).toEqual({ row: first.get(key)?.row, version: 3 })
    await table.delete('id = 3', { connection })
    await optimize(table, { connection })
    const compacted = await same([2, 7])
    expect(compacted.get(7)).toEqual(updated.get(7))
    expect(compacted.size).toBe(11)
    await table
      .merge(sql`select * from (values (4, 9), (5, 9), (50, 9)) as s(id, n)`, 't.id = s.id', {
        connection,
        targetAlias: 't',
        sourceAlias: 's',
      })
      .whenMatchedDelete({ condition: 's.id = 4' })
      .whenMatchedUpdate({ set: { n: 's.n' } })
      .whenNotMatchedInsert({ values: { id: 's.id', part: "'p0'", n: 's.n' } })
      .execute()
    const merged = await same([2, 7, 5, 50])
    expect(merged.get(2)).toEqual(updated.get(2))
    expect(merged.get(5)).toEqual({ row: first.get(5)?.row, version: table.snapshot.version })
    expect(merged.get(50)?.row).toBeGreaterThan(11)
    expect(merged.has(4)).toBe(false)
    await optimize(table, { connection, zOrderBy: ['id'] })
    expect(await trackedOf(table)).toEqual(merged)
    await overwrite(table, rowsFrom(0, 3), { connection })
    const most = Math.max(...[...merged.values()].map(({ row }) => row))
    for (const { row } of (await trackedOf(table)).values()) expect(row).toBeGreaterThan(most)
    await restore(table, { version: table.snapshot.version - 1 })
    expect(await trackedOf(table)).toEqual(merged)
    const clone = await shallowClone(table, localStore(dir), { path: `${table.log.path}-clone` })
    expect(await trackedOf(clone)).toEqual(merged)
    await appendTo(clone, rowsFrom(90, 1), { connection })
    expect((await trackedOf(clone)).get(90)?.row).toBeGreaterThan(most)
  },
  60_000,
)

test('a table that begins to track rows gives those it has ids, and writers that meet give no id twice', async () => {
  const table = await tableOf(rowsFrom(0, 1), {})
  await appendTo(table, rowsFrom(0, 3), { connection })
  const late = table.fork()
  await appendTo(table, rowsFrom(3, 3), { connection })
  await table.setProperties(TRACKS)
  await Promise.all([
    appendTo(table, rowsFrom(6, 3), { connection }),
    appendTo(late, rowsFrom(9, 3), { connection }),
    appendTo(late.fork(), rowsFrom(12, 3), { connection }),
  ])
  const tracked = await trackedOf(table)
  expect([...tracked.values()].map(({ row }) => row).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 15 }, (_, n) => n),
  )
  const mark = (await DeltaTable.open(localStore(dir), table.log.path, { parquet: port() })).snapshot.domains
  expect(JSON.parse(mark.get('delta.rowTracking')?.configuration ?? '')).toEqual({ rowIdHighWaterMark: 14 })
})

test('rows of a table that maps its columns by id are not moved, but added', async () => {
  const table = await tableOf(rowsFrom(0, 1), { ...TRACKS, 'delta.columnMapping.mode': 'id' })
  await appendTo(table, rowsFrom(0, 3), { connection })
  await expect(table.update({ set: { n: '1' }, connection })).rejects.toMatchObject({
    code: 'DELTA_FEATURE_UNSUPPORTED',
  })
  expect(table.snapshot.files[0]).toMatchObject({ baseRowId: 0, defaultRowCommitVersion: 1 })
})
