import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Connections, noConnections } from '../../../src/base/project/index.ts'
import { sql } from '../../../src/base/sql/index.ts'
import { type Catalog, openCatalog } from '../../../src/data/catalog/index.ts'
import { type Engine, openDuckDb } from '../../../src/data/engine/index.ts'
import {
  createDataFrame,
  type Frame,
  type FrameSession,
  frameSession,
  read,
  withSession,
  writeFrame,
} from '../../../src/data/frame/index.ts'
import { extensionDirectory, extensionHint, hasExtension } from '../../services/duckdb-extensions.ts'
import { freshBucket, hasMoto, MOTO_HINT } from '../../services/moto.ts'
import { newAddress, S3_ENVIRONMENT, S3_OPTIONS, s3StoreAt } from '../../services/s3-store.ts'

const CHILD = fileURLToPath(new URL('./write-crash.child.ts', import.meta.url))
const connections: Connections = { ...noConnections, names: ['minio'], get: <O>() => S3_OPTIONS as O }

let dir: string
let engine: Engine
let bucket: Awaited<ReturnType<typeof freshBucket>>
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-frame-s3-'))
  engine = await openDuckDb()
  if (hasMoto) bucket = await freshBucket()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await bucket?.[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

let opened = 0

/** A session whose storage `lake` is at the address, with no copies yet. */
async function sessionAt(url: string, on: Engine = engine): Promise<FrameSession & { readonly catalog: Catalog }> {
  opened += 1
  const catalog = openCatalog({
    engine: on,
    dir,
    connections,
    cacheDir: join(dir, `cache-${opened}`),
    config: {
      storage: { lake: { url, connection: 'minio' } },
      zones: { views: { format: 'parquet', location: 'lake://views' } },
    },
  })
  return { ...(await frameSession({ engine: on, catalog })), catalog }
}

const SCHEMA = 'date date, kind string, n int'
const OTHER = [{ date: '2024-01-01', kind: 'a', n: 0 }]
const OLD = [1, 2].map((n) => ({ date: '2024-01-02', kind: n === 1 ? 'a' : 'c', n }))
const NEW = [10, 20, 30].map((n) => ({ date: '2024-01-02', kind: n > 15 ? 'b' : 'a', n }))

async function writeDay(session: FrameSession, rows: readonly (typeof OTHER)[number][]) {
  return writeFrame(session, createDataFrame(rows, SCHEMA), {
    format: 'parquet',
    path: 'lake://views/x',
    mode: 'overwrite',
    partitionBy: ['date', 'kind'],
    run: { ds: rows[0]?.date ?? '' },
  })
}

/** What frames read, and what a dataset of the catalog shows. */
async function seen(url: string) {
  const session = await sessionAt(url)
  const frames = await withSession(session, () =>
    read.parquet('lake://views/x').select('date', 'kind', 'n').orderBy('date', 'n').collect(),
  )
  const relation = await session.catalog.relation({ dataset: 'views.x' })
  await using connection = await engine.connect()
  const catalog = await connection.rows(
    sql`select cast(date as varchar) as date, kind, n from ${relation.sql} as x order by date, n`,
  )
  expect(catalog).toEqual(frames)
  return frames
}

async function namesIn(url: string): Promise<string[]> {
  const names: string[] = []
  for await (const { path } of s3StoreAt(url, dir).list('')) names.push(path)
  return names
}

function child(url: string, failpoint = ''): Promise<number | string | null> {
  const process_ = spawn(process.execPath, ['--conditions=millrace-source', CHILD, dir, 'parquet', `${url}/views/x`], {
    env: { ...process.env, ...S3_ENVIRONMENT, MILLRACE_FAILPOINT: failpoint },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve) => process_.on('exit', (code, signal) => resolve(signal ?? code)))
}

describe.skipIf(!hasMoto)(`folders in a bucket (${MOTO_HINT})`, () => {
  test.each([
    ['store.uploaded', OLD],
    ['frame.staged', OLD],
    ['frame.before-rename', NEW],
    ['frame.between-renames:1', NEW],
    ['frame.after-rename', NEW],
  ] as const)(
    'killed at %s, all see all of the old day or all of the new one, and the repeated run ends the same',
    async (moment, then) => {
      const url = newAddress(bucket.url)
      for (const rows of [OTHER, OLD]) await writeDay(await sessionAt(url), rows)
      expect(await seen(url)).toEqual([...OTHER, ...OLD])
      expect(await child(url, moment)).toBe('SIGKILL')
      expect(await seen(url)).toEqual([...OTHER, ...then])
      expect(await child(url)).toBe(0)
      expect(await seen(url)).toEqual([...OTHER, ...NEW])
      const names = await namesIn(url)
      expect(names.filter((name) => name.endsWith('.parquet'))).toHaveLength(3)
      expect(names.filter((name) => name.includes('.millrace-staging'))).toEqual([])
    },
    30_000,
  )

  test('whoever reads while a folder is overwritten sees one version of all its files', async () => {
    const url = newAddress(bucket.url)
    const writer = await sessionAt(url)
    const version = (n: number) =>
      createDataFrame(
        ['a', 'b', 'c', 'd'].map((kind) => ({ date: '2024-01-01', kind, n })),
        SCHEMA,
      )
    const write = (n: number) =>
      writeFrame(writer, version(n), {
        format: 'parquet',
        path: 'lake://views/x',
        mode: 'overwrite',
        partitionBy: ['kind'],
      })
    await write(0)
    let isWriting = true
    const writing = (async () => {
      for (let n = 1; n <= 12; n += 1) await write(n)
    })().finally(() => {
      isWriting = false
    })
    const versions = new Set<number>()
    while (isWriting) {
      const rows = await seen1(url)
      expect(rows).toHaveLength(4)
      expect(new Set(rows).size).toBe(1)
      versions.add(rows[0] ?? -1)
    }
    await writing
    // Otherwise nothing was read in between.
    expect(versions.size).toBeGreaterThan(2)
  }, 60_000)

  test('appends, csv and json are written to a bucket and read from it', async () => {
    const session = await sessionAt(newAddress(bucket.url))
    for (const format of ['csv', 'json', 'parquet'] as const) {
      for (const rows of [OLD, NEW])
        await writeFrame(session, createDataFrame(rows, SCHEMA), {
          format,
          path: `lake://files/${format}`,
          mode: 'append',
          ...(format === 'csv' ? { options: { header: true } } : {}),
        })
      const frames = {
        csv: () => read.schema(SCHEMA).csv('lake://files/csv', { header: true }),
        json: () => read.schema(SCHEMA).json('lake://files/json'),
        parquet: () => read.parquet('lake://files/parquet/*.parquet'),
      }
      const frame: Frame = frames[format]()
      const found = await withSession(session, () => frame.select('n').orderBy('n').collect())
      expect(found.map((row) => Number(row.n))).toEqual([1, 2, 10, 20, 30])
    }
  }, 30_000)

  async function publishAndReopen(options: { extensionDirectory?: string }) {
    const url = newAddress(bucket.url)
    const path = join(dir, `view-${opened}.duckdb`)
    const view = async (publish: boolean) => {
      await using on = await openDuckDb({ path, ...options })
      const session = await sessionAt(url, on)
      if (publish) {
        await writeDay(session, OLD)
        await session.catalog.publish(['views.x'])
      } else await session.catalog.reach()
      await using connection = await on.connect()
      return (await connection.rows<{ n: number }>(sql`select n from views.x order by n`)).map(({ n }) => n)
    }
    expect(await view(true)).toEqual([1, 2])
    expect(await view(false)).toEqual([1, 2])
  }

  test('a published view goes on in a new process, through copies', () => publishAndReopen({}))

  test.skipIf(!hasExtension('httpfs'))(
    `a published view goes on in a new process, through httpfs (${extensionHint('httpfs')})`,
    () => publishAndReopen({ extensionDirectory }),
  )

  test('a view whose copies were removed is made anew by the next publish', async () => {
    const url = newAddress(bucket.url)
    await using on = await openDuckDb({ path: join(dir, 'lost.duckdb') })
    const session = await sessionAt(url, on)
    await writeDay(session, OLD)
    await session.catalog.publish(['views.x'])
    await rm(join(dir, `cache-${opened}`), { recursive: true })
    await using connection = await on.connect()
    const rows = () => connection.rows<{ n: number }>(sql`select n from views.x order by n`)
    await expect(rows()).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
    await session.catalog.publish(['views.x'])
    expect((await rows()).map(({ n }) => n)).toEqual([1, 2])
    // Elsewhere the copies lie at other paths: the view follows.
    const moved = await sessionAt(url, on)
    await rm(join(dir, `cache-${opened - 1}`), { recursive: true })
    await moved.catalog.publish(['views.x'])
    expect((await rows()).map(({ n }) => n)).toEqual([1, 2])
  })
})

async function seen1(url: string): Promise<number[]> {
  const session = await sessionAt(url)
  const rows = await withSession(session, () => read.parquet('lake://views/x').select('n').collect())
  return rows.map((row) => Number(row.n))
}
