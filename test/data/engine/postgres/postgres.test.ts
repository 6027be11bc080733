import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresConfig } from '../../../../src/base/postgres/index.ts'
import { id, type Sql, sql } from '../../../../src/base/sql/index.ts'
import { chunkRows, openPostgres } from '../../../../src/data/engine/index.ts'
import { administer, freshDatabase, hasPostgres, POSTGRES_HINT } from '../../../services/postgres.ts'
import { describeEngine } from '../conformance.ts'
import type { EngineWords } from '../engine-words.ts'
import { EVERY_POSTGRES_TYPE } from './every-type.ts'

const WORDS: EngineWords = {
  everyType: EVERY_POSTGRES_TYPE,
  numbers: (table, rows) =>
    sql`create table ${table} as select n, 'row ' || n as name from generate_series(0::bigint, ${rows} - 1) n`,
  zeroCharacter: false,
  hugeIntegers: false,
  progress: 'rows',
  arrow: { list: sql`array[n, null]` },
}

describe.skipIf(!hasPostgres)(`PostgreSQL (${POSTGRES_HINT})`, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  const open = (schema?: string) =>
    openPostgres(postgresConfig('shop_db', database.url, {}), schema === undefined ? {} : { schema })
  beforeAll(async () => {
    database = await freshDatabase()
  })
  afterAll(() => database[Symbol.asyncDispose]())

  describeEngine(
    'PostgreSQL',
    () => open(),
    WORDS,
    `create type conformance.letter as enum ('a', 'b'); create domain conformance.small as int check (value < 10);`,
  )
  test('names without a schema are those of the schema given, then those of public', async () => {
    await using engine = await open('Mein "Schema"')
    expect([engine.name, engine.dialect, engine.database]).toEqual(['postgres', 'postgres', database.name])
    await using connection = await engine.connect()
    await connection.script('create table public.here as select 1 as n')
    await connection.execute(sql`create schema ${id('Mein "Schema"')}`)
    expect(await connection.rows(sql`select n from here`)).toEqual([{ n: 1 }])
    await connection.execute(sql`create table here as select 2 as n`)
    expect(await connection.rows(sql`select n from ${id('Mein "Schema"', 'here')}`)).toEqual([{ n: 2 }])
  })

  test('what a session kept does not reach the next who has it', async () => {
    await using engine = await open()
    const pids: unknown[] = []
    const pid = sql`select pg_backend_pid() as pid`
    {
      await using connection = await engine.connect()
      await connection.execute(sql`create temp table secret as select 1 as n`)
      await connection.rows(sql`select pg_advisory_lock(77)`)
      pids.push((await connection.rows<{ pid: number }>(pid))[0]?.pid)
    }
    {
      await using connection = await engine.connect()
      pids.push((await connection.rows<{ pid: number }>(pid))[0]?.pid)
      await expect(connection.rows(sql`select * from secret`)).rejects.toMatchObject({ code: 'ENGINE_SQL' })
      expect(
        await connection.rows(sql`select count(*) as n from pg_locks where locktype = 'advisory' and objid = 77`),
      ).toEqual([{ n: 0n }])
      await connection.execute(sql`set timezone to 'Europe/Berlin'`)
    }
    await using connection = await engine.connect()
    pids.push((await connection.rows<{ pid: number }>(pid))[0]?.pid)
    expect(await connection.rows(sql`show timezone`)).toEqual([{ TimeZone: 'UTC' }])
    expect([pids[0] === pids[1], pids[1] === pids[2]]).toEqual([true, false])
  })

  test('a refused statement that the work passed over is not a commit', async () => {
    await using engine = await open()
    await using connection = await engine.connect()
    await connection.execute(sql`create table passed_over (n int)`)
    const work = connection.transaction(async () => {
      await connection.execute(sql`insert into passed_over values (1)`)
      await connection.execute(sql`select 1 / 0`).catch(() => undefined)
    })
    await expect(work).rejects.toMatchObject({ code: 'ENGINE_SQL', message: expect.stringContaining('refused before') })
    expect(await connection.rows(sql`select * from passed_over`)).toEqual([])
  })

  test('the server\u2019s hint, its state and the place are told; what can be tried again says so', async () => {
    await using engine = await open()
    await using connection = await engine.connect()
    await connection.script('create table hinted (quantity int)')
    await expect(connection.query(sql`select 1,\n  quantitty from hinted`)).rejects.toMatchObject({
      code: 'ENGINE_SQL',
      hint: expect.stringContaining('hinted.quantity'),
      data: { engine: 'postgres', sqlState: '42703', line: 2, column: 3 },
    })
    await using other = await engine.connect()
    await connection.transaction(async () => {
      await connection.execute(sql`lock table hinted`)
      await expect(other.execute(sql`lock table hinted nowait`)).rejects.toMatchObject({ code: 'ENGINE_SQL' })
      const locked = other.transaction(() => other.execute(sql`lock table hinted nowait`))
      await expect(locked).rejects.toMatchObject({ retry: 'again', data: { sqlState: '55P03' } })
    })
  })

  test('results that cannot be copied stream all the same', async () => {
    await using engine = await open()
    await using connection = await engine.connect()
    await connection.script('create table returned (n int, at date, tags text[])')
    const all = async (statement: Sql) => {
      const stream = await connection.query(statement)
      const rows = []
      for await (const chunk of stream) rows.push(...chunkRows(chunk, stream.schema))
      return rows
    }
    expect(await all(sql`show server_encoding`)).toEqual([{ server_encoding: 'UTF8' }])
    expect(
      await all(sql`insert into returned values (1, '2024-02-29', '{a,NULL}'), (2, null, null) returning n, at, tags`),
    ).toEqual([
      { n: 1, at: '2024-02-29', tags: ['a', null] },
      { n: 2, at: null, tags: null },
    ])
    expect(await all(sql`-- why\n(select n from returned) order by n desc -- last`)).toEqual([{ n: 2 }, { n: 1 }])
    expect((await all(sql`explain select 1`)).length).toBeGreaterThan(0)
    await expect(all(sql`select array[array[1]] as a`)).rejects.toMatchObject({ code: 'ENGINE_UNSUPPORTED' })
  })

  test('a server that ends the session in mid-stream is CONNECTION_LOST, and the next connection works', async () => {
    await using engine = await open()
    await using connection = await engine.connect()
    const [row] = await connection.rows<{ pid: number }>(sql`select pg_backend_pid() as pid`)
    const read = async () => {
      const stream = await connection.query(sql`select n, repeat('x', 1000) from generate_series(1, 1000000) n`)
      for await (const _ of stream) await administer(`select pg_terminate_backend(${row?.pid})`, database.url)
    }
    await expect(read()).rejects.toMatchObject({ code: 'CONNECTION_LOST', retry: 'again' })
    await using next = await engine.connect()
    expect(await next.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
  })

  test('who may not enter is told at once', async () => {
    const config = postgresConfig('shop_db', database.url, {})
    const wrong = openPostgres({ ...config, password: 'sesame' })
    await expect(wrong).rejects.toMatchObject({
      code: 'CONNECTION_DENIED',
      message: expect.stringContaining('shop_db'),
    })
    await expect(wrong).rejects.not.toThrow(/sesame/)
  })
})
