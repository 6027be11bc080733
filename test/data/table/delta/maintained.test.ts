import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { localStore } from '../../../../src/base/store/index.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/index.ts'
import {
  checkpoint,
  DeltaTable,
  optimize,
  overwrite,
  type ParquetPort,
  restore,
  shallowClone,
  vacuum,
} from '../../../../src/data/table/index.ts'
import { comparable, DELTALAKE_HINT, hasDeltalake, readAllWithDeltalake } from '../../../services/deltalake.ts'
import { duckDbFolder } from '../../../services/duckdb-folder.ts'
import { copyTable } from './copy-table.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
beforeAll(async () => {
  const own = await duckDbFolder('maintained')
  ;({ dir, engine, connection } = own)
  return own.remove
})

const parquet = () => engine.files as ParquetPort<never>
const open = (folder: string) => DeltaTable.open(localStore(folder), '', { parquet: parquet() })
async function rowsOf(folder: string): Promise<string[]> {
  return comparable(await connection.rows(sql`select * from ${await (await open(folder)).relation()} as t`))
}

/** Tables of other writers, each with features of its own. */
const TABLES = [
  'dat/deletion_vectors',
  'dat/column_mapping',
  'dat/partitioned_with_null',
  'golden/data-reader-partition-values',
  'golden/data-reader-timestamp_ntz-id-mode',
  'golden/data-reader-array-complex-objects',
  'golden/dv-with-columnmapping',
  'golden/multi-part-checkpoint',
  'golden/table-with-columnmapping-mode-id',
  'golden/table-with-columnmapping-mode-name',
  'golden/v2-checkpoint-json',
  'golden/v2-checkpoint-parquet',
]
/** Tables that deltalake cannot read before we touch them either: it knows no column mapping by id. */
const NOT_DELTALAKE = /id-mode|mode-id/
const done: string[] = []

test.each(TABLES)('%s has the same rows after each kind of maintenance', async (name) => {
  const folder = join(dir, name)
  await copyTable(name, folder)
  const before = await rowsOf(folder)
  const ordered = (await open(folder)).snapshot
  const column = ordered.schema.fields.find(
    ({ name: field, type }) => !ordered.partitionBy.includes(field) && /^(long|integer|string)$/.test(type.kind),
  )
  const work: Record<string, (table: DeltaTable) => Promise<unknown>> = {
    clone: (table) => shallowClone(table, localStore(`${folder}-clone`)),
    compaction: (table) => optimize(table, { connection }),
    checkpoint,
    vacuum: (table) => vacuum(table, { retainMs: 0, allowShortRetention: true }),
    order: async (table) => column && optimize(table, { connection, zOrderBy: [column.name] }),
    restore: (table) => restore(table, { version: table.snapshot.version - 1 }),
  }
  for (const [act, maintain] of Object.entries(work)) {
    await maintain(await open(folder))
    expect(await rowsOf(folder), act).toEqual(before)
    if (act === 'clone') expect(await rowsOf(`${folder}-clone`), act).toEqual(before)
  }
  done.push(name)
})

test.skipIf(!hasDeltalake)(`deltalake reads the same rows of them afterwards (${DELTALAKE_HINT})`, async () => {
  const names = done.filter((name) => !NOT_DELTALAKE.test(name))
  const tables = await readAllWithDeltalake(names.map((name) => join(dir, name)))
  for (const [at, name] of names.entries()) expect(tables[at]?.rows, name).toEqual(await rowsOf(join(dir, name)))
  expect(names.length).toBeGreaterThan(8)
})

test('partitions of a mapped table are overwritten by their own values and no others', async () => {
  const folder = join(dir, 'mapped')
  await copyTable('golden/dv-with-columnmapping', folder)
  const table = await open(folder)
  const [part = ''] = table.snapshot.partitionBy
  const before = await rowsOf(folder)
  const rows = await connection.rows(sql`select * from ${await table.relation()} as t where "part" = 0`)
  expect([part, rows.length > 1]).toEqual(['part', true])
  const one = sql`select * from ${await table.relation()} as t where "part" = 0 limit 1`
  await overwrite(table, one, { connection, where: 'dynamic' })
  expect(await rowsOf(folder)).toHaveLength(before.length - rows.length + 1)
  await overwrite(table, one, { connection, where: { part: 0n } })
  expect(await rowsOf(folder)).toHaveLength(before.length - rows.length + 1)
  expect(await readdir(folder)).toContain('_delta_log')
})
