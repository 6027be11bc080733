import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable, overwrite, type ParquetPort, vacuum } from '../../../../src/data/table/index.ts'
import { DELTALAKE_HINT, hasDeltalake, readWithDeltalake } from '../../../services/deltalake.ts'
import { type DuckDbFolder, duckDbFolder } from '../../../services/duckdb-folder.ts'
import { copyTable } from './copy-table.ts'

const HOUR = 3_600_000
let own: DuckDbFolder
let engine: Engine
let connection: EngineConnection
let folder: string
beforeAll(async () => {
  own = await duckDbFolder('vacuum')
  ;({ engine, connection } = own)
  return own.remove
})
beforeEach(() => {
  folder = own.next()
})

const parquet = () => engine.files as ParquetPort<never>
const rows = (from: number) => sql`select ${from}::bigint + range as id, 'p' || range % 2 as _part from range(4)`

/** Overwritten twice, so that two thirds of its files are removed ones. */
async function overwritten(properties: Record<string, string> = {}): Promise<DeltaTable> {
  const schema = await connection.describe(rows(0))
  const table = await DeltaTable.create(localStore(folder), {
    schema,
    partitionBy: ['_part'],
    parquet: parquet(),
    properties,
  })
  for (const from of [0, 10, 20]) await overwrite(table, rows(from), { connection })
  return table
}

async function filesBelow(): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('_delta_log'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

async function leave(path: string, hoursAgo: number): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), 'left')
  const at = (Date.now() - hoursAgo * HOUR) / 1000
  await utimes(join(folder, path), at, at)
}

/** Makes every data file look as if it had been written so long ago. */
async function age(hours: number): Promise<void> {
  const at = (Date.now() - hours * HOUR) / 1000
  for (const path of await filesBelow()) await utimes(join(folder, path), at, at)
}

async function ids(): Promise<number[]> {
  const table = await DeltaTable.open(localStore(folder), '', { parquet: parquet() })
  const found = await connection.rows<{ id: bigint }>(sql`select id from ${await table.relation()} as t order by id`)
  return found.map(({ id }) => Number(id))
}

test('files that left the table within its retention stay, though they are old', async () => {
  const table = await overwritten()
  await age(1000)
  expect((await vacuum(table)).files).toEqual([])
  expect(await filesBelow()).toHaveLength(6)
})

test('files that left the table before go, in partitions whose names begin with an underscore too', async () => {
  const table = await overwritten({ 'delta.deletedFileRetentionDuration': 'interval 0 hours' })
  await new Promise((done) => setTimeout(done, 20))
  const planned = await vacuum(table, { dryRun: true })
  expect(planned.files).toHaveLength(4)
  expect(await filesBelow()).toHaveLength(6)
  const done = await vacuum(table)
  expect(done.files.map(({ path }) => path)).toEqual(planned.files.map(({ path }) => path))
  expect((await filesBelow()).sort()).toEqual(table.snapshot.files.map(({ path }) => path).sort())
  expect(await ids()).toEqual([20, 21, 22, 23])
})

test('what writes left that died goes when it is old, and hidden files are left alone', async () => {
  const table = await overwritten()
  await leave('part-dead.parquet', 200)
  await leave('_part=p0/part-dead.parquet', 200)
  await leave('part-young.parquet', 1)
  await leave('_change_data/cdc-dead.parquet', 200)
  await leave('deletion_vector_dead.bin', 200)
  await leave('_hidden/part-dead.parquet', 200)
  await leave('.part-dead.parquet.crc', 200)
  const { files } = await vacuum(table)
  expect(files.map(({ path }) => path)).toEqual([
    '_change_data/cdc-dead.parquet',
    '_part=p0/part-dead.parquet',
    'deletion_vector_dead.bin',
    'part-dead.parquet',
  ])
  expect(await filesBelow()).toEqual(
    expect.arrayContaining(['part-young.parquet', '_hidden/part-dead.parquet', '.part-dead.parquet.crc']),
  )
})

test('temporary files of writers that died go, those of writers at work stay', async () => {
  const table = await overwritten()
  const names = ['_delta_log/.millrace-1-ab.tmp', '_part=p0/.millrace-2-cd.tmp']
  for (const name of names) await leave(name, 200)
  await leave('.millrace-3-ef.tmp', 20)
  await vacuum(table, { dryRun: true })
  const left = async () => (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp')).sort()
  expect(await left()).toHaveLength(3)
  await vacuum(table)
  expect(await left()).toEqual(['.millrace-3-ef.tmp'])
})

test('a retention shorter than the table’s is refused unless it is allowed', async () => {
  const table = await overwritten()
  await age(3)
  await expect(vacuum(table, { retainMs: 2 * HOUR })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  // Removed just now, and so within two hours.
  expect((await vacuum(table, { retainMs: 2 * HOUR, allowShortRetention: true })).files).toEqual([])
  await new Promise((done) => setTimeout(done, 20))
  expect((await vacuum(table, { retainMs: 0, allowShortRetention: true })).files).toHaveLength(4)
})

test('a property that is no interval is refused, not guessed', async () => {
  const table = await overwritten({ 'delta.deletedFileRetentionDuration': 'a while' })
  await expect(vacuum(table)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test('a longer retention finds removed files that the checkpoint has forgotten', async () => {
  const table = await overwritten({
    'delta.deletedFileRetentionDuration': 'interval 0 hours',
    'delta.checkpointInterval': '4',
  })
  await appendTo(table, rows(30), { connection })
  await age(1000)
  const reopened = await DeltaTable.open(localStore(folder), '', { parquet: parquet() })
  expect(reopened.snapshot.tombstones).toEqual([])
  expect((await vacuum(reopened, { retainMs: 24 * HOUR })).files).toEqual([])
  expect((await vacuum(reopened, { dryRun: true })).files).toHaveLength(4)
})

test('deletion vectors of the table stay, and others go', async () => {
  await copyTable('dat/deletion_vectors', folder)
  await leave('deletion_vector_00000000-0000-0000-0000-000000000000.bin', 2000)
  await age(2000)
  const table = await DeltaTable.open(localStore(folder), '', { parquet: parquet() })
  const { files } = await vacuum(table)
  expect(files.map(({ path }) => path)).toEqual(['deletion_vector_00000000-0000-0000-0000-000000000000.bin'])
  expect(await connection.rows(sql`select * from ${await table.relation()} as t`)).toHaveLength(1)
})

test('a table whose features may keep files in unknown ways is not vacuumed', async () => {
  const table = await overwritten()
  const protocol = { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ['elsewhere'] }
  await writeFile(join(folder, '_delta_log', '00000000000000000004.json'), JSON.stringify({ protocol }))
  await expect(vacuum(table)).rejects.toMatchObject({ code: 'DELTA_FEATURE_UNSUPPORTED' })
})

test.skipIf(!hasDeltalake)(`deltalake reads the table afterwards (${DELTALAKE_HINT})`, async () => {
  const table = await overwritten()
  await new Promise((done) => setTimeout(done, 20))
  await vacuum(table, { retainMs: 0, allowShortRetention: true })
  expect((await readWithDeltalake(folder)).rows).toHaveLength(4)
})
