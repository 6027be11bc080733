import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/index.ts'
import {
  appendTo,
  DeltaTable,
  overwrite,
  type ParquetPort,
  restore,
  shallowClone,
  vacuum,
} from '../../../../src/data/table/index.ts'
import { hasDeltalake, readWithDeltalake } from '../../../services/deltalake.ts'
import { type DuckDbFolder, duckDbFolder } from '../../../services/duckdb-folder.ts'
import { copyTable } from './copy-table.ts'

let own: DuckDbFolder
let folder: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  own = await duckDbFolder('restore')
  ;({ engine, connection } = own)
  return own.remove
})
beforeEach(() => {
  folder = own.next('table ')
})

const parquet = () => engine.files as ParquetPort<never>
const batch = (at: number) => sql`select ${at * 10}::bigint + range as id, 'p' || range % 2 as part from range(4)`

async function written(): Promise<DeltaTable> {
  const table = await DeltaTable.create(localStore(folder), {
    schema: await connection.describe(batch(0)),
    partitionBy: ['part'],
    parquet: parquet(),
  })
  await appendTo(table, batch(0), { connection })
  await overwrite(table, batch(1), { connection })
  await appendTo(table, sql`select *, true as more from (${batch(2)})`, { connection, schemaMode: 'merge' })
  return table
}

async function ids(of: string = folder): Promise<number[]> {
  const table = await DeltaTable.open(localStore(of), '', { parquet: parquet() })
  const rows = await connection.rows<{ id: bigint }>(sql`select id from ${await table.relation()} as t order by id`)
  return rows.map(({ id }) => Number(id))
}

test('a restored table has the rows and the columns it had, in a new version', async () => {
  const table = await written()
  const result = await restore(table, { version: 1 })
  expect(result).toMatchObject({ committed: true, version: 4, restoredTo: 1, filesRestored: 2, filesRemoved: 4 })
  expect(await ids()).toEqual([0, 1, 2, 3])
  expect(table.snapshot.schema.fields.map(({ name }) => name)).toEqual(['id', 'part'])
  expect((await table.history(1))[0]).toMatchObject({ operation: 'RESTORE', operationParameters: { version: 1 } })
  if (hasDeltalake) {
    expect(await readWithDeltalake(folder)).toMatchObject({ version: 4, columns: ['id', 'part'], rows: { length: 4 } })
  }
  // And forth again.
  await restore(table, { version: 3 })
  expect(await ids()).toEqual([10, 11, 12, 13, 20, 21, 22, 23])
  expect(await restore(table, { version: 5 })).toMatchObject({ committed: false, version: 5 })
})

test('a table is restored to a moment', async () => {
  const table = await written()
  await expect(restore(table, { timestamp: new Date('2001-01-01') })).rejects.toMatchObject({
    code: 'DELTA_VERSION_NOT_FOUND',
  })
  expect(await restore(table, { timestamp: new Date() })).toMatchObject({ committed: false, restoredTo: 3 })
  await expect(restore(table, {})).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test('a version whose files were vacuumed is not restored', async () => {
  const table = await written()
  await new Promise((done) => setTimeout(done, 20))
  await vacuum(table, { retainMs: 0, allowShortRetention: true })
  await expect(restore(table, { version: 1 })).rejects.toMatchObject({
    code: 'DELTA_FILES_MISSING',
    data: { missing: { length: 2 } },
  })
  expect(table.snapshot.version).toBe(3)
})

test('a clone begins with the files of its source, and neither sees what is written to the other', async () => {
  const source = await written()
  const other = `${folder} clone`
  const clone = await shallowClone(source, localStore(other))
  expect(clone.snapshot.version).toBe(0)
  expect(await ids(other)).toEqual(await ids())
  await appendTo(clone, sql`select *, false as more from (${batch(5)})`, { connection })
  await overwrite(source, batch(9), { connection })
  expect(await ids(other)).toEqual([10, 11, 12, 13, 20, 21, 22, 23, 50, 51, 52, 53])
  expect(await ids()).toEqual([90, 91, 92, 93])
  // A vacuum of the clone leaves the source's files alone.
  expect((await vacuum(clone, { retainMs: 0, allowShortRetention: true, dryRun: true })).files).toEqual([])
  await expect(shallowClone(source, localStore(other))).rejects.toMatchObject({ code: 'TABLE_EXISTS' })
  if (hasDeltalake) expect((await readWithDeltalake(other)).rows).toHaveLength(12)
})

test('paths in a clone are percent-encoded addresses', async () => {
  const source = await written()
  const other = `${folder} clone`
  await shallowClone(source, localStore(other))
  const log = await readFile(join(other, '_delta_log', '00000000000000000000.json'), 'utf8')
  const paths = log
    .trim()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as { add?: { path: string } }).add?.path ?? [])
  expect(paths.every((path) => path.startsWith('file:///') && path.includes('%20'))).toBe(true)
})

test('a version with deletion vectors is restored with them where they are', async () => {
  await copyTable('dat/deletion_vectors', folder)
  const table = await DeltaTable.open(localStore(folder), '', { parquet: parquet() })
  // Written by another tool: what ours may do to it is refused or done right, never half.
  const outcome = await restore(table, { version: 1 }).catch((thrown: { code: string }) => thrown.code)
  if (outcome === 'DELTA_FEATURE_UNSUPPORTED') return
  expect(outcome).toMatchObject({ version: 3, filesRestored: 1, filesRemoved: 1 })
  const then = await DeltaTable.open(localStore(folder), '', { parquet: parquet() })
  expect(await connection.rows(sql`select * from ${await then.relation()} as t`)).toHaveLength(5)
})
