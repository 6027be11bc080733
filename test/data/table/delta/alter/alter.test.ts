import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Field, Row } from '../../../../../src/base/kernel/index.ts'
import { type Sql, sql } from '../../../../../src/base/sql/index.ts'
import { localStore } from '../../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../../src/data/engine/index.ts'
import {
  type AppendOptions,
  appendTo,
  DeltaTable,
  overwrite,
  type ParquetPort,
} from '../../../../../src/data/table/index.ts'
import { comparable, DELTALAKE_HINT, hasDeltalake, readAllWithDeltalake } from '../../../../services/deltalake.ts'
import { duckDbFolder } from '../../../../services/duckdb-folder.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
const ends = new Map<string, Row[]>()
beforeAll(async () => {
  const own = await duckDbFolder('alter', 2)
  ;({ dir, engine, connection } = own)
  return own.remove
})

const port = () => engine.files as ParquetPort<never>
let tables = 0
async function tableOf(query: Sql, properties: Record<string, string>, partitionBy: string[] = []) {
  tables += 1
  const schema = await connection.describe(query)
  const path = `t${tables}`
  const table = await DeltaTable.create(localStore(dir), { path, schema, properties, partitionBy, parquet: port() })
  await appendTo(table, query, { connection })
  return table
}
const append = (table: DeltaTable, query: Sql, more: Partial<AppendOptions> = {}) =>
  appendTo(table, query, { connection, ...more })
async function rowsOf(table: DeltaTable, version?: number): Promise<Row[]> {
  const opened = await DeltaTable.open(localStore(dir), table.log.path, {
    parquet: port(),
    ...(version === undefined ? {} : { version }),
  })
  const rows = await connection.rows(sql`select * from ${await opened.relation()} as t order by all`)
  if (version === undefined) ends.set(table.log.path, rows)
  return rows
}

const PLACES = sql`select range as id, 'p' || range % 2 as "part of", {'city name': 'c' || range, 'n': [{'deep': range}]} as place,
  map {'k': {'v': range}} as notes from range(4)`

test.each(['name', 'id'])(
  'a table that maps its columns by %s adds, renames and drops columns and members, and every write goes on',
  async (mode) => {
    const table = await tableOf(PLACES, { 'delta.columnMapping.mode': mode }, ['part of'])
    expect(table.snapshot.protocol).toMatchObject({ minReaderVersion: 2, minWriterVersion: 5 })
    await table.renameColumn('id', 'the id')
    await table.renameColumn('part of', 'part')
    await table.renameColumn('place.`city name`', 'city')
    await table.renameColumn('place.n.element.deep', 'deeper')
    await table.addColumns([{ name: 'price', type: { kind: 'double' }, nullable: true }])
    await table.addColumns([{ name: 'zip', type: { kind: 'string' }, nullable: true }], { within: 'place' })
    await append(
      table,
      sql`select 10::bigint as "the id", 'p1' as part, {'city': 'new', 'n': [{'deeper': 9}], 'zip': '8000'} as place, null::map(varchar, struct(v bigint)) as notes, 2.5::double as price`,
    )
    await table.update({ condition: '`the id` = 1', set: { price: '1.5' }, connection })
    await table.delete("part = 'p0' and place.city = 'c2'", { connection })
    await overwrite(table, sql`select 20::bigint as "the id", 'p0' as part, 0.5::double as price`, {
      connection,
      where: { part: 'p0' },
    })
    const shown = (rows: Row[]) =>
      rows.map((row) =>
        JSON.stringify(row, (_, v) => (typeof v === 'bigint' ? Number(v) : v instanceof Map ? [...v] : v)),
      )
    expect(shown(await rowsOf(table))).toEqual([
      '{"the id":1,"part":"p1","place":{"city":"c1","n":[{"deeper":1}],"zip":null},"notes":[["k",{"v":1}]],"price":1.5}',
      '{"the id":3,"part":"p1","place":{"city":"c3","n":[{"deeper":3}],"zip":null},"notes":[["k",{"v":3}]],"price":null}',
      '{"the id":10,"part":"p1","place":{"city":"new","n":[{"deeper":9}],"zip":"8000"},"notes":null,"price":2.5}',
      '{"the id":20,"part":"p0","place":null,"notes":null,"price":0.5}',
    ])
    await table.dropColumn('place.n')
    await table.dropColumn('notes')
    await append(table, sql`select 30::bigint as "the id", 'p9' as part, 'plain' as notes`, { schemaMode: 'merge' })
    await table
      .merge(sql`select 30::bigint as "the id", true as flag`, 'target.`the id` = source.`the id`', { connection })
      .withSchemaEvolution()
      .whenMatchedUpdateAll()
      .execute()
    expect(shown(await rowsOf(table)).at(-1)).toBe(
      '{"the id":30,"part":"p9","place":null,"price":null,"notes":"plain","flag":true}',
    )
    // Versions before are read with the names they had.
    expect(Object.keys((await rowsOf(table, 1))[0] ?? {})).toEqual(['id', 'part of', 'place', 'notes'])
    const [file] = table.snapshot.files
    expect(Object.keys(file?.partitionValues ?? {})[0]).toMatch(/^col-/)
    expect(file?.stats).not.toContain('"the id"')
    const ids = table.snapshot.schema.fields.map(({ metadata }) => metadata?.['delta.columnMapping.id'])
    expect(new Set(ids).size).toBe(ids.length)
    expect(Number(table.snapshot.properties['delta.columnMapping.maxColumnId'])).toBeGreaterThanOrEqual(
      Math.max(...ids.map(Number)),
    )
  },
)

test('an overwrite with other columns gives a mapped table new ones, and with the same it keeps them', async () => {
  const table = await tableOf(sql`select 1 as id, 'a' as v`, { 'delta.columnMapping.mode': 'name' })
  const renew = (query: Sql) => overwrite(table, query, { connection, schemaMode: 'overwrite' })
  await renew(sql`select 2 as id, 'b' as v`)
  expect(await rowsOf(table)).toEqual([{ id: 2, v: 'b' }])
  expect(table.snapshot.properties['delta.columnMapping.maxColumnId']).toBe('2')
  await renew(sql`select 3.5::double as id, true as w`)
  expect(await rowsOf(table)).toEqual([{ id: 3.5, w: true }])
  expect(table.snapshot.properties['delta.columnMapping.maxColumnId']).toBe('4')
  expect(await rowsOf(table, 1)).toEqual([{ id: 1, v: 'a' }])
})

test('files of a clustered table have statistics of what it is clustered by', async () => {
  const rows = sql`select 1 as id, 'a' as v, {'w': 5, 'x': 6} as st`
  const table = await tableOf(rows, { 'delta.dataSkippingNumIndexedCols': '1' })
  const clusteredBy = (...columns: string[][]) =>
    table.commit({
      kind: 'change',
      name: 'CLUSTER BY',
      domains: [
        { domain: 'delta.clustering', configuration: JSON.stringify({ clusteringColumns: columns }), removed: false },
      ],
      protocol: { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ['clustering', 'domainMetadata'] },
      read: { kind: 'nothing' },
    })
  await clusteredBy(['v'], ['st', 'w'])
  await append(table, rows)
  expect((JSON.parse(table.snapshot.files[1]?.stats ?? '{}') as { maxValues: object }).maxValues).toEqual({
    id: 1,
    v: 'a',
    st: { w: 5 },
  })
})

test('a table can begin to map its columns, whose files keep their names', async () => {
  const table = await tableOf(sql`select range as id, 'x' as v from range(3)`, {})
  await expect(table.renameColumn('v', 'w')).rejects.toMatchObject({ code: 'DELTA_FEATURE_UNSUPPORTED' })
  await table.setProperties({ 'delta.columnMapping.mode': 'name' })
  await table.renameColumn('v', 'w')
  await table.dropColumn('id')
  await append(table, sql`select 7::bigint as id, 'y' as w`, { schemaMode: 'merge' })
  expect(await rowsOf(table)).toEqual([
    { w: 'x', id: null },
    { w: 'x', id: null },
    { w: 'x', id: null },
    { w: 'y', id: 7n },
  ])
  await expect(table.setProperties({ 'delta.columnMapping.mode': 'id' })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
  })
})

test('columns take wider types, by themselves or with the rows, and old files are read with them', async () => {
  const table = await tableOf(
    sql`select 1::integer as n, 1.5::float as x, 1.25::decimal(5,2) as d, date '2024-02-29' as day`,
    {
      'delta.enableTypeWidening': 'true',
    },
  )
  await table.changeColumn('n', { type: { kind: 'long' }, comment: 'wide' })
  await table.changeColumn('d', { type: { kind: 'decimal', precision: 12, scale: 4 } })
  await append(
    table,
    sql`select 5000000000::bigint as n, 2.5::double as x, 1.2345::decimal(12,4) as d, date '2024-03-01' as day`,
    { schemaMode: 'merge' },
  )
  expect(await rowsOf(table)).toEqual([
    { n: 1n, x: 1.5, d: '1.2500', day: '2024-02-29' },
    { n: 5_000_000_000n, x: 2.5, d: '1.2345', day: '2024-03-01' },
  ])
  const [n] = table.snapshot.schema.fields
  expect(n?.metadata?.['delta.typeChanges']).toEqual([{ fromType: 'integer', toType: 'long' }])
  await expect(table.changeColumn('n', { type: { kind: 'integer' } })).rejects.toMatchObject({ code: 'COLUMN_TYPE' })
  const plain = await tableOf(sql`select 1::integer as n`, {})
  await expect(plain.changeColumn('n', { type: { kind: 'long' } })).rejects.toMatchObject({
    code: 'DELTA_FEATURE_UNSUPPORTED',
  })
})

test('constraints are added over rows that keep them, dropped, and hold back changes of their columns', async () => {
  const table = await tableOf(sql`select range as id, range % 3 as v from range(10)`, {
    'delta.columnMapping.mode': 'name',
  })
  await expect(table.addConstraint('small', 'v < 2', { connection })).rejects.toMatchObject({
    code: 'DELTA_CONSTRAINT_VIOLATED',
    data: { name: 'small', row: { v: 2 } },
  })
  await table.addConstraint('small', 'v < 3', { connection })
  await expect(append(table, sql`select 1::bigint as id, 3::bigint as v`)).rejects.toMatchObject({
    code: 'DELTA_CONSTRAINT_VIOLATED',
  })
  await expect(table.addConstraint('SMALL', 'true', { connection })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(table.dropColumn('v')).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining('small'),
  })
  await expect(table.renameColumn('V', 'w')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await table.dropConstraint('small')
  await table.dropConstraint('small', { ifExists: true })
  await expect(table.dropConstraint('small')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await table.renameColumn('v', 'w')
  expect(table.snapshot.properties['delta.constraints.small']).toBeUndefined()
  expect((await table.history()).map(({ operation }) => operation)).toEqual([
    'RENAME COLUMN',
    'DROP CONSTRAINT',
    'ADD CONSTRAINT',
    'WRITE',
    'CREATE TABLE',
  ])
})

test('columns that cannot be are refused', async () => {
  const table = await tableOf(sql`select 1 as id, 2 as other`, { 'delta.columnMapping.mode': 'name' }, ['other'])
  const column = (name: string, more: Partial<Field> = {}): Field => ({
    name,
    type: { kind: 'long' },
    nullable: true,
    ...more,
  })
  await expect(table.addColumns([column('ID')])).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(table.addColumns([column('x', { nullable: false })])).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(table.renameColumn('id', 'OTHER')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(table.renameColumn('idd', 'x')).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' })
  await expect(table.dropColumn('other')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(table.setProperties({ 'delta.enableIcebergCompatV2': 'true' })).rejects.toMatchObject({
    code: 'DELTA_FEATURE_UNSUPPORTED',
  })
  const asked = { 'delta.feature.deletionVectors': 'supported' }
  const vectored = await tableOf(sql`select 1 as id`, asked)
  expect([vectored.snapshot.protocol.readerFeatures, vectored.snapshot.properties]).toEqual([['deletionVectors'], {}])
  await expect(table.addFeatureSupport('nonsense')).rejects.toMatchObject({ code: 'DELTA_FEATURE_UNSUPPORTED' })
  expect(table.snapshot.version).toBe(1)
})

test('versions tell their own time, which rises, also when clocks do not', async () => {
  const table = await tableOf(sql`select 1 as id`, {})
  await table.setProperties({ 'delta.enableInCommitTimestamps': 'true' })
  const { properties } = table.snapshot
  expect(properties['delta.inCommitTimestampEnablementVersion']).toBe('2')
  const ahead = Date.now() + 3_600_000
  const [newest] = await table.history(1)
  expect(properties['delta.inCommitTimestampEnablementTimestamp']).toBe(String(newest?.inCommitTimestamp))
  const { formatCommit } = await import('../../../../../src/data/table/index.ts')
  const { writeFile } = await import('node:fs/promises')
  await writeFile(
    join(dir, table.log.path, '_delta_log', `${'3'.padStart(20, '0')}.json`),
    formatCommit([{ kind: 'commitInfo', timestamp: ahead, inCommitTimestamp: ahead, operation: 'WRITE' }]),
  )
  const reopened = await DeltaTable.open(localStore(dir), table.log.path, { parquet: port() })
  for (let more = 0; more < 9; more += 1) await append(reopened, sql`select 2 as id`)
  const fresh = await DeltaTable.open(localStore(dir), table.log.path, { parquet: port() })
  await append(fresh, sql`select 3 as id`)
  const times = (await fresh.history()).map(({ inCommitTimestamp }) => inCommitTimestamp).slice(0, 11)
  expect(times).toEqual(Array.from({ length: 11 }, (_, at) => ahead + 10 - at))
})

test('statistics are kept of the columns that the table wants', async () => {
  const query = sql`select 1 as a, {'x': 1, 'y': 2} as s, 2 as b, 3 as c`
  const keys = (table: DeltaTable) =>
    Object.keys((JSON.parse(table.snapshot.files[0]?.stats ?? '{}') as { minValues: object }).minValues)
  expect(keys(await tableOf(query, { 'delta.dataSkippingNumIndexedCols': '1' }))).toEqual(['a'])
  expect(keys(await tableOf(query, { 'delta.dataSkippingNumIndexedCols': '0' }))).toEqual([])
  expect(keys(await tableOf(query, { 'delta.dataSkippingNumIndexedCols': '-1' }))).toEqual(['a', 's', 'b', 'c'])
  expect(keys(await tableOf(query, { 'delta.dataSkippingStatsColumns': 'c, `A`' }))).toEqual(['a', 'c'])
})

// Last, since it reads what the tests above wrote. It refuses tables with type widening by name.
test.skipIf(!hasDeltalake)(
  `deltalake reads the same rows of tables that were altered (${DELTALAKE_HINT})`,
  async () => {
    const paths = [...ends.keys()].filter((path) => ['t1', 't2', 't3'].includes(path))
    const found = await readAllWithDeltalake(paths.map((path) => join(dir, path)))
    for (const [at, { rows }] of found.entries()) expect(rows).toEqual(comparable(ends.get(paths[at] ?? '') ?? []))
  },
)

test('null is forbidden in a column or member only when no row has it, and then no row gets it', async () => {
  const rows = sql`select 1 as id, {'a': 1, 'n': [{'k': 1}]} as place, null::int as gap union all select 2, null, 3`
  const table = await tableOf(rows, {})
  const required = (column: string) => table.changeColumn(column, { nullable: false }, { connection })
  await expect(required('gap')).rejects.toMatchObject({ code: 'DELTA_SCHEMA_MISMATCH', data: { column: 'gap' } })
  await expect(required('place')).rejects.toMatchObject({ code: 'DELTA_SCHEMA_MISMATCH' })
  await expect(required('place.n.element.k')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(required('nothing')).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' })
  await expect(table.changeColumn('id', { nullable: false })).rejects.toMatchObject({ code: 'OPTION_MISSING' })
  await required('ID')
  await required('place.a')
  expect(table.snapshot.schema.fields.map(({ nullable }) => nullable)).toEqual([false, true, true])
  await expect(append(table, sql`select null::int as id, null as place, 1 as gap`)).rejects.toMatchObject({
    code: 'DELTA_SCHEMA_MISMATCH',
  })
  await expect(
    append(table, sql`select 3 as id, {'a': null::int, 'n': [{'k': 1}]} as place, 1 as gap`),
  ).rejects.toMatchObject({
    code: 'DELTA_SCHEMA_MISMATCH',
  })
  await table.changeColumn('id', { nullable: true })
  await append(table, sql`select null::int as id, {'a': 1, 'n': []::struct(k int)[]} as place, 1 as gap`)
  expect(await rowsOf(table)).toHaveLength(3)
})

test('rows of a table that is append-only are not changed, and no file is written for it', async () => {
  const table = await tableOf(sql`select range as id from range(3)`, { 'delta.appendOnly': 'true' })
  const files = () => readdirSync(join(dir, table.log.path)).sort()
  const before = files()
  const refused = { code: 'DELTA_APPEND_ONLY' }
  await expect(table.delete('id = 1', { connection })).rejects.toMatchObject(refused)
  await expect(table.update({ condition: 'id = 1', set: { id: '5' }, connection })).rejects.toMatchObject(refused)
  const merge = () =>
    table.merge(sql`select 1 as id union all select 9`, 't.id = s.id', {
      connection,
      targetAlias: 't',
      sourceAlias: 's',
    })
  await expect(merge().whenMatchedDelete().execute()).rejects.toMatchObject(refused)
  await expect(overwrite(table, sql`select 1::bigint as id`, { connection })).rejects.toMatchObject(refused)
  expect(files()).toEqual(before)
  expect(await merge().whenNotMatchedInsertAll().execute()).toMatchObject({ metrics: { numTargetRowsInserted: 1 } })
})
