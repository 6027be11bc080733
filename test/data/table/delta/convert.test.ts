import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { literal, sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/index.ts'
import { folderValues } from '../../../../src/data/table/delta/maintain/folder-values.ts'
import { appendTo, DeltaTable, type ParquetPort, parseStats } from '../../../../src/data/table/index.ts'
import { comparable, hasDeltalake, readWithDeltalake } from '../../../services/deltalake.ts'
import { type DuckDbFolder, duckDbFolder } from '../../../services/duckdb-folder.ts'

let own: DuckDbFolder
let folder: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  own = await duckDbFolder('convert')
  ;({ engine, connection } = own)
  return own.remove
})
beforeEach(async () => {
  folder = own.next()
  await mkdir(folder)
})

const parquet = () => engine.files as ParquetPort<never>
const convert = () => DeltaTable.convert(localStore(folder), { parquet: parquet() })
const ROWS = sql`
  select range as id, 'n' || range as name, range / 4 as amount, date '2024-01-01' + range::integer as day,
    timestamptz '2024-01-01 00:00:00+00' + to_hours(range) as "at", range % 2 = 0 as even,
    range::decimal(12,2) as price, case when range < 3 then null else range end as gap, [range] as list
  from range(10)`

test('a folder of files becomes a table with their statistics', async () => {
  await connection.execute(sql`copy (${ROWS}) to ${literal(`${folder}/a.parquet`)} (format parquet)`)
  await writeFile(join(folder, '_SUCCESS'), '')
  const table = await convert()
  expect(table.snapshot).toMatchObject({ version: 0, partitionBy: [] })
  const rows = await connection.rows(sql`select * from ${await table.relation()} as t`)
  expect(comparable(rows)).toEqual(comparable(await connection.rows(ROWS)))
  expect(parseStats(table.snapshot.files[0]?.stats, table.snapshot.schema)).toEqual({
    rows: 10,
    min: { id: 0n, name: 'n0', day: '2024-01-01', at: '2024-01-01T00:00:00.000000Z', price: '0.00', gap: 3n },
    max: { id: 9n, name: 'n9', day: '2024-01-10', at: '2024-01-01T09:00:00.000000Z', price: '9.00', gap: 9n },
    nulls: { id: 0, name: 0, amount: 0, day: 0, at: 0, even: 0, price: 0, gap: 3 },
  })
  await appendTo(table, ROWS, { connection })
  await expect(convert()).rejects.toMatchObject({ code: 'TABLE_EXISTS' })
  if (hasDeltalake) expect((await readWithDeltalake(folder)).rows).toHaveLength(20)
})

test('folders become partition columns of the types that their values have', async () => {
  const query = sql`select range as id, range % 3 as n, date '2024-01-01' + (range % 2)::integer as day,
    case when range = 5 then null else 'a b/' || range % 2 end as text from range(10)`
  await connection.execute(
    sql`copy (${query}) to ${literal(folder)} (format parquet, partition_by (n, day, text), overwrite_or_ignore true)`,
  )
  const table = await convert()
  expect(table.snapshot.partitionBy).toEqual(['n', 'day', 'text'])
  const fields = Object.fromEntries(table.snapshot.schema.fields.map(({ name, type }) => [name, type.kind]))
  expect(fields).toEqual({ id: 'long', n: 'integer', day: 'date', text: 'string' })
  const rows = await connection.rows(sql`select * from ${await table.relation()} as t`)
  expect(comparable(rows)).toEqual(comparable(await connection.rows(query)))
  if (hasDeltalake) expect((await readWithDeltalake(folder)).rows).toEqual(comparable(rows))
})

test('columns that only some files have are null in the others', async () => {
  await connection.execute(sql`copy (select 1 as a) to ${literal(`${folder}/1.parquet`)} (format parquet)`)
  await connection.execute(sql`copy (select 2 as a, 'x' as b) to ${literal(`${folder}/2.parquet`)} (format parquet)`)
  const table = await convert()
  const rows = await connection.rows(sql`select * from ${await table.relation()} as t order by a`)
  expect(rows).toEqual([
    { a: 1, b: null },
    { a: 2, b: 'x' },
  ])
})

test('a folder without Parquet files, and one of files that do not fit together, are refused', async () => {
  await expect(convert()).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  await writeFile(join(folder, 'no.parquet'), 'text')
  await expect(convert()).rejects.toMatchObject({ code: 'DELTA_SCHEMA_MISMATCH' })
})

test('values that only look like numbers stay texts, and unequal folders are refused', () => {
  const kinds = (...values: string[]) =>
    folderValues(
      values.map((value) => `a=${value}/f.parquet`),
      undefined,
      't',
    ).fields.map(({ type }) => type.kind)
  expect(kinds('1', '-20')).toEqual(['integer'])
  expect(kinds('1', '3000000000')).toEqual(['long'])
  expect(kinds('007', '1')).toEqual(['string'])
  expect(kinds('2024-01-31', '__HIVE_DEFAULT_PARTITION__')).toEqual(['date'])
  expect(kinds('2024-02-31x')).toEqual(['string'])
  expect(() => folderValues(['a=1/f', 'b=1/f'], undefined, 't')).toThrowError(/of b, not of a/)
  const wanted = [{ name: 'a', type: { kind: 'string' } as const, nullable: true }]
  expect(folderValues(['a=1/f'], wanted, 't').fields).toEqual(wanted)
})
