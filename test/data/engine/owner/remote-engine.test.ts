import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { chunkRows } from '../../../../src/data/engine/chunk-rows.ts'
import type { Engine, EngineConnection } from '../../../../src/data/engine/contract.ts'
import { openDuckDb } from '../../../../src/data/engine/duckdb/open.ts'
import { newSocketPath } from '../../../../src/data/engine/owner/address.ts'
import { dial } from '../../../../src/data/engine/owner/dial.ts'
import { RemoteEngine } from '../../../../src/data/engine/owner/remote-engine.ts'
import { serveEngine } from '../../../../src/data/engine/owner/server.ts'
import { describeEngine } from '../conformance.ts'
import { databaseFile, removeDatabases } from './processes.ts'

/** An engine over a real socket, its owner in this process; disposing of it closes both. */
async function overSocket(): Promise<Engine> {
  const file = join(dirname(await databaseFile()), 'remote.duckdb')
  const owner = await openDuckDb({ path: file })
  const socket = await newSocketPath()
  const server = await serveEngine(owner, file, socket)
  const line = await dial(socket, file, 'engine')
  if (typeof line === 'string') throw new Error(line)
  const engine = new RemoteEngine(line, socket, file)
  const close = engine[Symbol.asyncDispose].bind(engine)
  engine[Symbol.asyncDispose] = async () => {
    await close()
    await server.close()
    await owner[Symbol.asyncDispose]()
  }
  return engine
}

afterAll(removeDatabases)

describeEngine('a database over a socket', overSocket)

describe('a remote engine', () => {
  test('gives every type as the engine itself does, as rows, as chunks and as a description', async () => {
    const query = sql`
      select 1::tinyint a, -2::smallint b, 3 c, ${2n ** 62n} d, 1.5::float e, 'é' f, from_hex('00ff') g, [1, null, 3] h,
        {x: 1, y: 'z'} i, map {'k': [1]} j, date '2024-01-02' k, timestamptz '2024-01-02 03:04:05.000006Z' l,
        timestamp '1969-12-31 23:59:59.999999' m, time '01:02:03' n, 12.50::decimal(10, 2) o,
        123456789012345678901234567890.5::decimal(38, 1) p, null q, interval 3 days r, true s, ${new Date(0)} t,
        ${Buffer.from([1, 2])} u, 170141183460469231731687303715884105727::hugeint v, 'nan'::double w, 255::utinyint x,
        '4b1e9a5c-6f43-4d55-8f4e-0f4d1a3a9a11'::uuid y, '{"a":1}'::json z
      union all by name select null a, 'second' f`
    await using owner = await openDuckDb()
    const socket = await newSocketPath()
    const server = await serveEngine(owner, 'same', socket)
    onTestFinished(() => server.close())
    const line = await dial(socket, 'same', 'engine')
    if (typeof line === 'string') throw new Error(line)
    await using remote = new RemoteEngine(line, socket, 'same')
    await using far = await remote.connect()
    await using near = await owner.connect()
    expect(await far.rows(query)).toEqual(await near.rows(query))
    expect(await far.describe(query)).toEqual(await near.describe(query))
    // Through the chunks' own reader: what lies under a null is undefined in a chunk.
    const read = async (connection: EngineConnection) => {
      const stream = await connection.query(query)
      const rows: unknown[] = [stream.schema]
      for await (const chunk of stream) rows.push(...chunkRows(chunk, stream.schema))
      return rows
    }
    expect(await read(far)).toEqual(await read(near))
    expect(await read(far)).toHaveLength(3)
  })

  test('writes and reads Parquet files as the engine itself does', async () => {
    await using engine = await overSocket()
    await using connection = await engine.connect()
    const dir = join(dirname(await databaseFile()), 'files')
    const query = sql`select range::integer as k, 'v' || range as v from range(10)`
    const schema = await connection.describe(query)
    const files = await engine.files?.write(query, { dir, prefix: 'p', partitionBy: [], schema, on: connection })
    expect(files).toMatchObject([{ rows: 10 }])
    const urls = (files ?? []).map((file) => ({ url: join(dir, file.path) }))
    const table = engine.files?.read(urls, schema, [])
    if (table === undefined) throw new Error('the engine has no files')
    expect(await connection.rows(sql`select count(*)::integer n, max(v) v from ${table}`)).toEqual([{ n: 10, v: 'v9' }])
  })

  test('is answered by a socket that only this user can reach', async () => {
    const socket = await newSocketPath()
    expect(Buffer.byteLength(socket)).toBeLessThan(104)
    expect((await stat(dirname(socket))).mode & 0o777).toBe(0o700)
    const owner = await openDuckDb()
    const server = await serveEngine(owner, 'memory', socket)
    expect((await stat(socket)).mode & 0o777).toBe(0o600)
    await server.close()
    await owner[Symbol.asyncDispose]()
  })

  test('takes no more chunks ahead than a few, however slow the reader is', async () => {
    await using engine = await overSocket()
    await using connection = await engine.connect()
    const before = process.memoryUsage().arrayBuffers
    const stream = await connection.query(sql`select range as k, repeat('x', 1000) as v from range(2000000)`)
    let rows = 0
    for await (const chunk of stream) {
      rows += chunk.rows
      if (rows > 20_000) break
      await new Promise((resolve) => setTimeout(resolve, 20))
      // All of it would be two gigabytes.
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000)
    }
    expect(await connection.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
  })

  test('rolls a transaction back when its client goes away in the middle', async () => {
    await using engine = await overSocket()
    await using witness = await engine.connect()
    await witness.execute(sql`create table t (k integer)`)
    const connection = await engine.connect()
    let closing: PromiseLike<void> | undefined
    await connection
      .transaction(async () => {
        await connection.execute(sql`insert into t values (1)`)
        closing = connection[Symbol.asyncDispose]()
        await closing
      })
      .catch(() => undefined)
    await closing
    expect(await witness.rows(sql`select * from t`)).toEqual([])
  })

  test('gives the rows of a large result as fast as a socket goes', async () => {
    await using engine = await overSocket()
    await using connection = await engine.connect()
    const begun = performance.now()
    let rows = 0
    for await (const chunk of await connection.query(sql`select range as k, range::varchar as v from range(500000)`)) {
      rows += chunk.rows
    }
    expect(rows).toBe(500_000)
    expect(performance.now() - begun).toBeLessThan(10_000)
  })
})
