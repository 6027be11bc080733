import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import type { Engine } from '../../../../src/data/engine/contract.ts'
import { openDuckDb } from '../../../../src/data/engine/duckdb/open.ts'
import { newSocketPath } from '../../../../src/data/engine/owner/address.ts'
import { dial } from '../../../../src/data/engine/owner/dial.ts'
import { RemoteEngine } from '../../../../src/data/engine/owner/remote-engine.ts'
import { serveEngine } from '../../../../src/data/engine/owner/server.ts'
import { describeEngine } from '../conformance.ts'
import { databaseFile } from './processes.ts'

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

describeEngine('a database over a socket', overSocket)

describe('a remote engine', () => {
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
