import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Row } from '../../../../src/base/kernel/index.ts'
import { type Sql, sql } from '../../../../src/base/sql/index.ts'
import type { Store } from '../../../../src/base/store/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../src/data/engine/index.ts'
import { appendTo, DeltaTable, overwrite, type ParquetPort } from '../../../../src/data/table/index.ts'
import { comparable, DELTALAKE_HINT, hasDeltalake, readWithDeltalake } from '../../../services/deltalake.ts'
import { extensionDirectory, extensionHint, hasExtension } from '../../../services/duckdb-extensions.ts'
import { faultProxy } from '../../../services/fault-proxy.ts'
import { freshBucket, hasMoto, MOTO_HINT, s3Endpoint } from '../../../services/moto.ts'
import { newAddress, S3_ENVIRONMENT, S3_KEYS, s3StoreAt } from '../../../services/s3-store.ts'

const WRITER = fileURLToPath(new URL('append-batches.ts', import.meta.url))
let dir: string
let bucket: Awaited<ReturnType<typeof freshBucket>>
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-delta-s3-'))
  if (hasMoto) bucket = await freshBucket()
})
afterAll(async () => {
  await bucket?.[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

const port = (engine: Engine) => engine.files as ParquetPort<never>
const newStore = () => s3StoreAt(newAddress(bucket.url), dir)

async function rowsOf(store: Store, connection: EngineConnection, version?: number): Promise<Row[]> {
  const parquet = port(connection.engine)
  const table = await DeltaTable.open(store, '', { parquet, ...(version === undefined ? {} : { version }) })
  const { schema, partitionBy } = table.snapshot
  return connection.rows(sql`select * from ${parquet.read(await table.readable(), schema, partitionBy)}`)
}

const ROWS = sql`
  select * from (values
    (1::bigint, 'plain'::varchar, date '2024-01-31', 1.50::decimal(10,2)), (2, 'sp ace', null, 2), (3, 'a=b/c%d', date '2024-02-01', -1),
    (4, 'ü€😀', null, null), (5, null, date '2024-02-29', 0)
  ) as t(id, part, day, amount)`

interface Way {
  readonly name: string
  readonly isThere: boolean
  readonly open: () => Promise<Engine>
  /** Whether DuckDB itself asks the bucket. */
  readonly isDirect: boolean
}
const WAYS: Way[] = [
  { name: 'copies', isThere: true, open: () => openDuckDb({ threads: 2 }), isDirect: false },
  {
    name: `httpfs (${extensionHint('httpfs')})`,
    isThere: hasExtension('httpfs'),
    open: () => openDuckDb({ threads: 2, extensionDirectory }),
    isDirect: true,
  },
]

describe.each(WAYS)('a Delta table in a bucket, read through $name', ({ isThere, open, isDirect }) => {
  test.skipIf(!hasMoto || !isThere)(`is created, appended to, overwritten and read (${MOTO_HINT})`, async () => {
    await using engine = await open()
    await using connection = await engine.connect()
    const store = newStore()
    const parquet = port(engine)
    const schema = await connection.describe(ROWS)
    const table = await DeltaTable.create(store, { schema, partitionBy: ['part'], parquet })
    expect(await appendTo(table, ROWS, { connection })).toMatchObject({ committed: true, version: 1, rows: 5 })
    // Another process has no copies yet.
    const elsewhere = s3StoreAt(store.url, dir)
    const wanted = comparable(await connection.rows(ROWS))
    expect(comparable(await rowsOf(elsewhere, connection))).toEqual(wanted)
    const more = sql`select 9::bigint as id, 'plain' as part, null::date as day, 7::decimal(10,2) as amount`
    await overwrite(table, more, { connection, where: { part: 'plain' } })
    const after = await rowsOf(elsewhere, connection)
    expect(after).toHaveLength(5)
    expect(after.filter(({ part }) => part === 'plain')).toMatchObject([{ id: 9n }])
    expect(comparable(await rowsOf(elsewhere, connection, 1))).toEqual(wanted)
    const urls = (await table.readable()).map(({ url }) => url.startsWith('s3://'))
    expect(new Set(urls)).toEqual(new Set([isDirect]))
  })

  test.skipIf(!hasMoto || !isThere)(`has its rows deleted, updated and merged (${MOTO_HINT})`, async () => {
    await using engine = await open()
    await using connection = await engine.connect()
    const store = newStore()
    const rows = (from: number, to: number) =>
      sql`select range as id, 'a b' as part, 'v' as v from range(${from}, ${to})`
    const table = await DeltaTable.create(store, {
      schema: await connection.describe(rows(0, 1)),
      partitionBy: ['part'],
      properties: { 'delta.enableDeletionVectors': 'true', 'delta.enableChangeDataFeed': 'true' },
      parquet: port(engine),
    })
    await appendTo(table, rows(0, 10), { connection })
    await table.delete('id < 3', { connection })
    await table.update({ condition: 'id = 3', set: { v: "'new'" }, connection })
    const merge = table.merge(rows(8, 12), 'target.id = source.id', { connection })
    await merge.whenMatchedDelete().whenNotMatchedInsertAll().execute()
    const elsewhere = await DeltaTable.open(s3StoreAt(store.url, dir), '', { parquet: port(engine) })
    const found = await connection.rows(sql`select id, v from ${await elsewhere.relation()} as t order by id`)
    expect(found.map(({ id, v }) => `${id}${v}`)).toEqual(['3new', '4v', '5v', '6v', '7v', '10v', '11v'])
    const { sql: changed } = await elsewhere.changes({ from: 2 })
    const [count] = await connection.rows(sql`select count(*) as changes from ${changed} as t`)
    expect(count).toEqual({ changes: 9n })
  })

  test.skipIf(!hasMoto || !isThere)(`writes checkpoints, and is read from them alone (${MOTO_HINT})`, async () => {
    await using engine = await open()
    await using connection = await engine.connect()
    const store = newStore()
    const query = (n: number): Sql => sql`select ${n}::bigint as id`
    const table = await DeltaTable.create(store, {
      schema: await connection.describe(query(0)),
      properties: { 'delta.checkpointInterval': '3' },
      parquet: port(engine),
    })
    for (let n = 1; n <= 4; n += 1)
      expect(await appendTo(table, query(n), { connection })).toMatchObject({ warnings: [] })
    for (let version = 0; version <= 3; version += 1)
      await store.delete(`_delta_log/${String(version).padStart(20, '0')}.json`)
    const rows = await rowsOf(s3StoreAt(store.url, dir), connection)
    expect(rows.map(({ id }) => id).sort()).toEqual([1n, 2n, 3n, 4n])
  })
})

/** Runs the writer in a process of its own, which finds the server and keys in its environment. */
function writer(url: string, args: readonly string[], failpoint?: string): Promise<number | string | null> {
  const child = spawn(process.execPath, ['--conditions=millrace-source', WRITER, url, ...args], {
    env: { ...process.env, ...S3_ENVIRONMENT, TMPDIR: dir, ...(failpoint ? { MILLRACE_FAILPOINT: failpoint } : {}) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(signal ?? code))
  })
}

async function written(url: string) {
  await using engine = await openDuckDb({ threads: 1 })
  await using connection = await engine.connect()
  const store = s3StoreAt(url, dir)
  const rows = (await rowsOf(store, connection)).map(({ writer: name, id }) => `${name}${id}`)
  return { rows, version: (await DeltaTable.open(store, '', { parquet: port(engine) })).snapshot.version }
}

const expected = (name: string, count: number) => Array.from({ length: count }, (_, id) => `${name}${id}`).sort()

describe.skipIf(!hasMoto)(`writers of a Delta table in a bucket (${MOTO_HINT})`, () => {
  test.each([
    'store.before-upload:1',
    'store.uploaded:1',
    'store.uploaded:2',
    'delta.data-written:1',
    'delta.before-commit:2',
    'store.before-put:2',
    'store.after-put:2',
    'delta.after-commit:2',
  ])(
    'one killed at %s and started again leaves every row once',
    async (failpoint) => {
      const url = newAddress(bucket.url)
      expect(await writer(url, ['w', '3', '4'], failpoint)).toBe('SIGKILL')
      expect(await writer(url, ['w', '3', '4'])).toBe(0)
      const { version, rows } = await written(url)
      expect(rows.sort()).toEqual(expected('w', 12))
      expect(version).toBe(3)
    },
    30_000,
  )

  test('two that append at the same time lose no rows, and no version', async () => {
    const url = newAddress(bucket.url)
    const ends = await Promise.all(['a', 'b'].map((name) => writer(url, [name, '8', '5', 'plain'])))
    expect(ends).toEqual([0, 0])
    const { version, rows } = await written(url)
    expect(rows.sort()).toEqual([...expected('a', 40), ...expected('b', 40)].sort())
    expect(version).toBe(16)
  }, 60_000)

  test.skipIf(!hasDeltalake)(
    `deltalake reads what was written, partitions too (${DELTALAKE_HINT})`,
    async () => {
      for (const [name, value] of Object.entries(S3_ENVIRONMENT)) vi.stubEnv(name, value)
      await using engine = await openDuckDb({ threads: 1 })
      await using connection = await engine.connect()
      const store = newStore()
      const schema = await connection.describe(ROWS)
      const table = await DeltaTable.create(store, { schema, partitionBy: ['part'], parquet: port(engine) })
      await appendTo(table, ROWS, { connection })
      const read = await readWithDeltalake(store.url)
      expect(read.version).toBe(1)
      expect(read.rows).toEqual(comparable(await connection.rows(ROWS)))
      vi.unstubAllEnvs()
    },
    30_000,
  )

  test('a service that ignores If-None-Match gets no table, no data file and no commit', async () => {
    await using proxy = await faultProxy(s3Endpoint, () => ({ dropHeader: 'if-none-match' }))
    await using engine = await openDuckDb({ threads: 1 })
    await using connection = await engine.connect()
    const good = newStore()
    const schema = await connection.describe(ROWS)
    await DeltaTable.create(good, { schema, parquet: port(engine) })
    const careless = s3StoreAt(good.url, dir, { ...S3_KEYS, endpoint: proxy.url })
    const table = await DeltaTable.open(careless, '', { parquet: port(engine) })
    await expect(appendTo(table, ROWS, { connection })).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' })
    const names: string[] = []
    for await (const { path } of good.list('')) names.push(path)
    expect(names).toEqual(['_delta_log/00000000000000000000.json'])
  })

  test('a commit that the service took, and whose answer was lost, is ours and there once', async () => {
    let lost = 0
    await using proxy = await faultProxy(s3Endpoint, ({ method, url = '' }) =>
      method === 'PUT' && url.includes('1.json') && lost++ < 1 ? 'lose-answer' : undefined,
    )
    await using engine = await openDuckDb({ threads: 1 })
    await using connection = await engine.connect()
    const store = s3StoreAt(newAddress(bucket.url), dir, { ...S3_KEYS, endpoint: proxy.url })
    const schema = await connection.describe(ROWS)
    const table = await DeltaTable.create(store, { schema, parquet: port(engine) })
    expect(await appendTo(table, ROWS, { connection })).toMatchObject({ committed: true, version: 1 })
    expect(lost).toBeGreaterThan(1)
    expect(await rowsOf(store, connection)).toHaveLength(5)
  })

  test('an upload that fails leaves no data file, and the table as it was', async () => {
    let puts = 0
    await using proxy = await faultProxy(s3Endpoint, ({ method, url = '' }) =>
      method === 'PUT' && url.includes('.parquet') && ++puts === 3 ? { status: 403, code: 'AccessDenied' } : undefined,
    )
    await using engine = await openDuckDb({ threads: 1 })
    await using connection = await engine.connect()
    const store = s3StoreAt(newAddress(bucket.url), dir, { ...S3_KEYS, endpoint: proxy.url })
    const schema = await connection.describe(ROWS)
    const table = await DeltaTable.create(store, { schema, partitionBy: ['part'], parquet: port(engine) })
    await expect(appendTo(table, ROWS, { connection })).rejects.toMatchObject({ code: 'STORE_DENIED' })
    const names: string[] = []
    for await (const { path } of store.list('')) names.push(path)
    expect(names).toEqual(['_delta_log/00000000000000000000.json'])
  })
})
