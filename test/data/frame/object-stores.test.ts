import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Connections, noConnections } from '../../../src/base/project/index.ts'
import { openCatalog } from '../../../src/data/catalog/index.ts'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import {
  createDataFrame,
  type FrameSession,
  frameSession,
  read,
  withSession,
  writeFrame,
} from '../../../src/data/frame/index.ts'
import { AZURE_OPTIONS, AZURITE_HINT, freshContainer, hasAzurite } from '../../services/azurite.ts'
import { type GcsServer, gcsServer } from '../../services/gcs-server.ts'

let dir: string
let engine: Engine
let gcs: GcsServer
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-frame-objects-'))
  engine = await openDuckDb({ threads: 1 })
  gcs = await gcsServer('lake')
})
afterAll(async () => {
  await gcs[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

/** A session of a project whose storage lies at the address, with no copies yet. */
async function sessionAt(url: string, options: object): Promise<FrameSession> {
  const connections: Connections = { ...noConnections, names: ['cloud'], get: <O>() => options as O }
  const cacheDir = join(dir, `${Math.random()}`)
  const catalog = openCatalog({
    engine,
    dir,
    connections,
    cacheDir,
    config: { storage: { lake: { url, connection: 'cloud' } } },
  })
  return frameSession({ engine, catalog })
}

const rows = (...ids: number[]) =>
  createDataFrame(
    ids.map((id) => ({ id, day: `d ${id % 2}` })),
    'id int, day string',
  )

/** Every format and mode at addresses of the store itself, each read by somebody who has seen nothing of it. */
async function readsAndWrites(url: string, options: object): Promise<void> {
  const ids = async (format: 'parquet' | 'csv' | 'json' | 'delta', address: string) => {
    const readers = {
      parquet: read.parquet(address),
      csv: read.csv(address, { header: true, inferSchema: true }),
      json: read.json(address),
      delta: read.delta(address),
    }
    const session = await sessionAt(url, options)
    const found = await withSession(session, () => readers[format].collect())
    return found.map(({ id }) => Number(id)).sort((a, b) => a - b)
  }
  const session = await sessionAt(url, options)
  for (const format of ['parquet', 'csv', 'json', 'delta'] as const) {
    const path = `${url}/frames/${format}`
    const more = format === 'csv' ? { options: { header: true } } : {}
    const target = { format, path, partitionBy: ['day'], ...more }
    await writeFrame(session, rows(1, 2), { ...target, mode: 'overwrite' })
    await writeFrame(session, rows(3), { ...target, mode: 'append' })
    expect(await ids(format, path), format).toEqual([1, 2, 3])
    await writeFrame(session, rows(7), { ...target, mode: 'overwrite' })
    expect(await ids(format, path), format).toEqual([7])
    await expect(writeFrame(session, rows(8), { ...target, mode: 'errorifexists' })).rejects.toMatchObject({
      code: 'WRITE_EXISTS',
    })
  }
  await writeFrame(session, rows(9), {
    format: 'delta',
    path: `${url}/frames/delta`,
    mode: 'overwrite',
    options: { replaceWhere: 'id >= 7' },
  })
  expect(await ids('delta', `${url}/frames/delta`)).toEqual([9])
}

test.skipIf(!hasAzurite)(`frames read and write addresses of Azure Storage (${AZURITE_HINT})`, async () => {
  await readsAndWrites(await freshContainer(), AZURE_OPTIONS)
})

describe('Cloud Storage', () => {
  test('frames read and write its addresses', async () => {
    await readsAndWrites('gs://lake/project', { ...gcs.hmac, endpoint: gcs.url })
  })

  test('addresses of no store are refused before anything is opened', async () => {
    const session = await frameSession({ engine, dir })
    const target = { format: 'parquet', path: 'https://host/folder', mode: 'append' } as const
    await expect(writeFrame(session, rows(1), target)).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' })
  })
})
