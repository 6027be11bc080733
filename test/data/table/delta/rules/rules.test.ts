import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { DataType, Field } from '../../../../../src/base/kernel/index.ts'
import { type Sql, sql } from '../../../../../src/base/sql/index.ts'
import { localStore } from '../../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable, overwrite, type ParquetPort } from '../../../../../src/data/table/index.ts'
import { duckDbFolder } from '../../../../services/duckdb-folder.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  const own = await duckDbFolder('rules', 2)
  ;({ dir, engine, connection } = own)
  return own.remove
})

const field = (name: string, kind: string, metadata?: Record<string, unknown>): Field => ({
  name,
  type: { kind } as DataType,
  nullable: true,
  ...(metadata ? { metadata } : {}),
})
let tables = 0
async function tableOf(fields: Field[], properties: Record<string, string> = {}, partitionBy: string[] = []) {
  tables += 1
  const parquet = engine.files as ParquetPort<never>
  return DeltaTable.create(localStore(dir), {
    path: `t${tables}`,
    schema: { fields },
    properties,
    partitionBy,
    parquet,
  })
}
const rowsOf = async (table: DeltaTable) =>
  connection.rows(sql`select * from ${await table.relation()} as t order by all`)
const append = (table: DeltaTable, query: Sql) => appendTo(table, query, { connection })

test('a row that breaks a constraint is refused with the rule and the values it names, and no file is left', async () => {
  const table = await tableOf([field('id', 'long'), field('price', 'double'), field('secret', 'string')], {
    'delta.constraints.price_ok': 'price > 0 and price < 100',
  })
  expect(table.snapshot.protocol.minWriterVersion).toBe(3)
  await append(table, sql`select 1::bigint as id, 5.0::double as price, 'hidden' as secret`)
  const bad = append(table, sql`select range as id, range::double * 60 + 1 as price, 'hidden' as secret from range(4)`)
  await expect(bad).rejects.toMatchObject({
    code: 'DELTA_CONSTRAINT_VIOLATED',
    message: expect.stringMatching(/constraint price_ok \(price > 0 and price < 100\): \{"price":1\d1\.0\}/),
    data: { kind: 'constraint', name: 'price_ok' },
  })
  await bad.catch((thrown: Error) => expect(JSON.stringify(thrown) + thrown.message).not.toContain('hidden'))
  // A rule that cannot be told is broken, as in Spark.
  await expect(append(table, sql`select 2::bigint as id, null::double as price, '' as secret`)).rejects.toMatchObject({
    code: 'DELTA_CONSTRAINT_VIOLATED',
  })
  await expect(table.update({ set: { price: 'price - 5' }, connection })).rejects.toMatchObject({
    code: 'DELTA_CONSTRAINT_VIOLATED',
  })
  const merge = table.merge(
    sql`select 7::bigint as id, -1.0::double as price, 's' as secret`,
    'target.id = source.id',
    {
      connection,
    },
  )
  await expect(merge.whenNotMatchedInsertAll().execute()).rejects.toMatchObject({ code: 'DELTA_CONSTRAINT_VIOLATED' })
  expect(await rowsOf(table)).toEqual([{ id: 1n, price: 5, secret: 'hidden' }])
  expect((await readdir(join(dir, `t${tables}`))).filter((name) => name.endsWith('.parquet'))).toHaveLength(1)
})

test('an invariant of a column and members that must not be null hold for every write', async () => {
  const city: Field = { name: 'city', type: { kind: 'string' }, nullable: false }
  const table = await tableOf([
    field('id', 'long', { 'delta.invariants': JSON.stringify({ expression: { expression: 'id > 3' } }) }),
    { name: 'place', type: { kind: 'struct', fields: [city] }, nullable: true },
  ])
  await append(table, sql`select 4::bigint as id, {'city': 'x'} as place`)
  await append(table, sql`select 5::bigint as id, null::struct(city varchar) as place`)
  await expect(append(table, sql`select 3::bigint as id, {'city': 'x'} as place`)).rejects.toMatchObject({
    code: 'DELTA_CONSTRAINT_VIOLATED',
    data: { kind: 'invariant', name: 'id', row: { id: 3 } },
  })
  const nothing = sql`select 6::bigint as id, {'city': null::varchar} as place`
  await expect(append(table, nothing)).rejects.toMatchObject({
    code: 'DELTA_SCHEMA_MISMATCH',
    data: { column: 'place.city' },
  })
  expect(await rowsOf(table)).toHaveLength(2)
})

test('generated columns are computed when they are left out, checked when they are given, and follow an update', async () => {
  const table = await tableOf(
    [
      field('at', 'timestamp'),
      field('day', 'date', { 'delta.generationExpression': 'CAST(at AS DATE)' }),
      field('n', 'integer'),
      field('twice', 'long', { 'delta.generationExpression': 'n * 2' }),
    ],
    {},
    ['day'],
  )
  expect(table.snapshot.protocol.minWriterVersion).toBe(4)
  await append(table, sql`select timestamptz '2024-02-29 23:00:00+00' as at, 4::integer as n`)
  const given = (twice: number) =>
    append(
      table,
      sql`select timestamptz '2024-03-01 01:00:00+00' as at, date '2024-03-01' as day, 5::integer as n, ${twice}::bigint as twice`,
    )
  await expect(given(11)).rejects.toMatchObject({
    code: 'DELTA_CONSTRAINT_VIOLATED',
    data: { kind: 'generated', name: 'twice', expression: 'n * 2' },
  })
  await given(10)
  await table.update({ condition: 'n = 4', set: { n: '40', at: "timestamp '2024-04-01 00:00:00'" }, connection })
  await table
    .merge(sql`select timestamptz '2024-05-05 05:00:00+00' as at, 6::integer as m`, 'target.n = source.m', {
      connection,
    })
    .whenNotMatchedInsert({ values: { at: 'source.at', n: 'source.m' } })
    .execute()
  expect((await rowsOf(table)).map(({ day, n, twice }) => [day, n, twice])).toEqual([
    ['2024-03-01', 5, 10n],
    ['2024-04-01', 40, 80n],
    ['2024-05-05', 6, 12n],
  ])
})

const IDENTITY = { 'delta.identity.start': 10, 'delta.identity.step': 5, 'delta.identity.allowExplicitInsert': false }

test('identity columns number rows once, by whoever writes them', async () => {
  const table = await tableOf([field('key', 'long', IDENTITY), field('v', 'string')])
  expect(table.snapshot.protocol.minWriterVersion).toBe(6)
  const others = [table.fork(), table.fork(), table.fork()]
  await append(table, sql`select 'a' as v from range(3)`)
  await Promise.all(
    others.map(async (other) => {
      await using own = await engine.connect()
      await appendTo(other, sql`select 'b' as v from range(4)`, { connection: own })
    }),
  )
  await table
    .merge(sql`select 'c' as v union all select 'd'`, 'target.v = source.v', { connection })
    .whenNotMatchedInsert({ values: { v: 'source.v' } })
    .execute()
  const keys = (await rowsOf(table)).map(({ key }) => Number(key))
  expect(keys).toEqual(Array.from({ length: 17 }, (_, at) => 10 + at * 5))
  const [mark] = table.snapshot.schema.fields
  expect(mark?.metadata?.['delta.identity.highWaterMark']).toBe(90)
  await expect(append(table, sql`select 1::bigint as key, 'x' as v`)).rejects.toMatchObject({
    code: 'DELTA_SCHEMA_MISMATCH',
    data: { column: 'key' },
  })
  await expect(table.update({ set: { key: '1' }, connection })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test('defaults fill in what the rows leave out, and null that they bring stays', async () => {
  const table = await tableOf([
    field('id', 'long'),
    field('state', 'string', { CURRENT_DEFAULT: "concat('ne', 'w')" }),
    field('n', 'integer', { CURRENT_DEFAULT: '-7' }),
  ])
  expect(table.snapshot.protocol.writerFeatures).toContain('allowColumnDefaults')
  await append(table, sql`select 1::bigint as id`)
  await append(table, sql`select 2::bigint as id, null::varchar as state`)
  await overwrite(table, sql`select id, state from ${await table.relation()} as t`, { connection })
  expect(await rowsOf(table)).toEqual([
    { id: 1n, state: 'new', n: -7 },
    { id: 2n, state: null, n: -7 },
  ])
})

test('a rule that cannot be checked refuses every write by name, and reading goes on', async () => {
  const table = await tableOf([field('id', 'long')], { 'delta.constraints.odd': 'sha2(id, 256) is not null' })
  await expect(append(table, sql`select 1::bigint as id`)).rejects.toMatchObject({
    code: 'DELTA_EXPRESSION_UNSUPPORTED',
    message: expect.stringContaining('sha2'),
  })
  expect(await rowsOf(table)).toEqual([])
})
