import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { ObjectCache, openStore } from '../../../../src/base/store/index.ts'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable, optimize, type ParquetPort, vacuum } from '../../../../src/data/table/index.ts'
import { AZURE_OPTIONS, AZURITE_HINT, freshContainer, hasAzurite } from '../../../services/azurite.ts'
import { type GcsServer, gcsServer } from '../../../services/gcs-server.ts'

let dir: string
let gcs: GcsServer
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-delta-objects-'))
  gcs = await gcsServer('lake')
})
afterAll(async () => {
  await gcs[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

async function writes(open: (cache: ObjectCache) => ReturnType<typeof openStore>): Promise<void> {
  await using engine = await openDuckDb({ threads: 1 })
  await using connection = await engine.connect()
  const parquet = engine.files as ParquetPort<never>
  const store = open(new ObjectCache({ dir: join(dir, `${Math.random()}`) }))
  const rows = sql`select range as id, 'p/' || range % 2 as part from range(4)`
  const schema = await connection.describe(rows)
  const table = await DeltaTable.create(store, { path: 'raw/orders', schema, partitionBy: ['part'], parquet })
  const other = table.fork()
  // Eleven versions, so that a checkpoint is among them, by two writers of whom one is always behind.
  for (let at = 0; at < 6; at += 1) {
    await Promise.all([appendTo(table, rows, { connection }), appendTo(other, rows, { connection })])
  }
  await optimize(table, { connection })
  await vacuum(table, { retainMs: 0, allowShortRetention: true })
  // As somebody sees it whose cache is empty.
  const fresh = open(new ObjectCache({ dir: join(dir, `${Math.random()}`) }))
  const found = await DeltaTable.open(fresh, 'raw/orders', { parquet })
  expect(found.snapshot).toMatchObject({ version: 13, files: { length: 2 } })
  const counted = await connection.rows(
    sql`select count(*) as n, count(distinct id) as ids from ${await found.relation()} as t`,
  )
  expect(counted).toEqual([{ n: 48n, ids: 4n }])
}

describe.skipIf(!hasAzurite)(`Azure Storage (${AZURITE_HINT})`, () => {
  test('two writers append to one Delta table there, which is then compacted and vacuumed', async () => {
    const address = await freshContainer()
    await writes((cache) => openStore(address, { azure: AZURE_OPTIONS, cache }))
  })
})

test('two writers append to one Delta table in Cloud Storage, which is then compacted and vacuumed', async () => {
  await writes((cache) => openStore('gs://lake/tables', { gcs: { ...gcs.hmac, endpoint: gcs.url }, cache }))
  expect(gcs.seen.filter((request) => request.endsWith('json generation=0')).length).toBeGreaterThan(13)
})
