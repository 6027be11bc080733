import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { MillraceError } from '../../../src/base/kernel/index.ts'
import {
  connectPostgres,
  type PostgresSession,
  postgresConfig,
  postgresPool,
} from '../../../src/base/postgres/index.ts'
import { administer, freshDatabase, hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'

const database = hasPostgres ? await freshDatabase() : undefined
const url = database?.url ?? ''
afterAll(() => database?.[Symbol.asyncDispose]())

/** TLS by default, as sslmode is prefer. */
const config = () => postgresConfig('shop_db', url, {})

async function open(): Promise<PostgresSession> {
  const session = await connectPostgres(config())
  onTestFinished(() => session[Symbol.asyncDispose]())
  return session
}

const kill = (pid: number) => administer(`select pg_terminate_backend(${pid})`, url)

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const suite = (name: string, work: () => void) =>
  hasPostgres ? describe(name, work) : test.skip(`${name} (${POSTGRES_HINT})`, () => {})

suite('a session', () => {
  test('gives values in text form, whatever the settings of the server', async () => {
    const session = await open()
    const { rows, fields } = await session.query(
      `select true, 12345678901234567890.10::numeric, 0.1::float8, timestamptz '2026-01-02 03:04:05.678901+01',
        date '2026-01-02', interval '1 day 2 hours', '\\x00ff'::bytea, array[1,null], '{"a": 1}'::jsonb, null::int`,
    )
    expect(rows).toEqual([
      [
        't',
        '12345678901234567890.10',
        '0.1',
        '2026-01-02 02:04:05.678901+00',
        '2026-01-02',
        'P1DT2H',
        '\\x00ff',
        '{1,NULL}',
        '{"a": 1}',
        null,
      ],
    ])
    expect(fields[1]).toEqual({ name: 'numeric', oid: 1700, modifier: -1 })
  })

  test('binds every kind of value', async () => {
    const session = await open()
    const values = [
      1,
      2n ** 62n,
      1.5,
      'ü',
      true,
      null,
      new Uint8Array([0, 255]),
      new Date('2026-01-02T03:04:05.678Z'),
      new Date('-000043-03-15T00:00:00Z'),
    ]
    const { rows } = await session.query(
      'select $1::int, $2::bigint, $3::float8, $4::text, $5::bool, $6::int, $7::bytea, $8::timestamptz, $9::timestamptz',
      values,
    )
    expect(rows).toEqual([
      [
        '1',
        '4611686018427387904',
        '1.5',
        'ü',
        't',
        null,
        '\\x00ff',
        '2026-01-02 03:04:05.678+00',
        '0044-03-15 00:00:00+00 BC',
      ],
    ])
  })

  test('describes a query without running it', async () => {
    const session = await open()
    expect(await session.describe('select 1/0 as a, 1.5::numeric(10,2) as b')).toEqual([
      { name: 'a', oid: 23, modifier: -1 },
      { name: 'b', oid: 1700, modifier: 655_366 },
    ])
    expect(await session.describe('create table never (a int)')).toEqual([])
    expect((await session.query("select to_regclass('never')")).rows).toEqual([[null]])
  })

  test('counts what statements changed, and gives the rows of the last', async () => {
    const session = await open()
    const { rows, rowsChanged, rowsDeleted } = await session.script(
      'create temp table c as select 1 as a; insert into c values (2), (3); delete from c where a = 1; select * from c',
    )
    expect([rows, rowsChanged, rowsDeleted]).toEqual([[['2'], ['3']], 4, 1])
    expect((await session.query('create temp table d as select * from c')).rowsChanged).toBe(2)
    expect((await session.query('update d set a = $1', [5])).rowsChanged).toBe(2)
    expect((await session.query('select * from d')).rowsChanged).toBe(0)
  })

  test('calls made at once are done one after the other', async () => {
    const session = await open()
    const results = await Promise.all([1, 2, 3].map((n) => session.query(`select ${n} as n, pg_sleep(0.01)`)))
    expect(results.map(({ rows }) => rows[0]?.[0])).toEqual(['1', '2', '3'])
  })

  test('a refused statement is what the caller makes of it, and the session goes on', async () => {
    await using session = await connectPostgres(config(), {
      sqlError: ({ sqlState, position, message }, act) =>
        new MillraceError('STATE_CONSTRAINT', `${act}: ${message}`, { data: { sqlState, position } }),
    })
    await expect(session.query('select nothing')).rejects.toMatchObject({
      code: 'STATE_CONSTRAINT',
      message: expect.stringContaining('shop_db (millrace@'),
      data: { sqlState: '42703', position: 8 },
    })
    expect((await session.query('select 1')).rows).toEqual([['1']])
    const plain = await open()
    await expect(plain.query('selec')).rejects.toMatchObject({ code: 'ENGINE_SQL', data: { sqlState: '42601' } })
  })

  test('a guarded statement that is refused leaves its transaction usable', async () => {
    const session = await open()
    await session.script('create temp table g (a int primary key); begin')
    await session.query('insert into g values (1)', [], { guarded: true })
    await expect(session.query('insert into g values (1)', [], { guarded: true })).rejects.toThrow()
    expect(session.transaction).toBe('open')
    expect((await session.query('insert into g values (2)', [], { guarded: true })).rowsChanged).toBe(1)
    await session.script('commit')
    expect(session.transaction).toBe('idle')
    expect((await session.query('select a from g')).rows).toEqual([['1'], ['2']])
  })
})

suite('cancelling', () => {
  test('ends the statement on the server at once, and nothing of what comes after', async () => {
    const session = await open()
    const begun = performance.now()
    const slow = session.query('select pg_sleep(30)', [], { signal: AbortSignal.timeout(100) })
    const next = session.query('select 1')
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect((await next).rows).toEqual([['1']])
    expect(performance.now() - begun).toBeLessThan(3000)
    expect(session.broken).toBe(false)
  })

  test('a statement that waits its turn is never begun', async () => {
    const session = await open()
    const controller = new AbortController()
    await session.script('create temp table w (a int)')
    const first = session.query('select pg_sleep(0.2)')
    const waiting = session.query('insert into w values (1)', [], { signal: controller.signal })
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
    await first
    expect((await session.query('select * from w')).rows).toEqual([])
  })

  test('many times in a row hits only its own statement', async () => {
    const session = await open()
    for (let n = 0; n < 30; n += 1) {
      const signal = AbortSignal.timeout(n % 6)
      await session.query('select pg_sleep(0.004)', [], { signal }).catch(() => {})
      expect((await session.query('select $1::int', [n])).rows).toEqual([[String(n)]])
    }
  })

  test('a time-out of the server is TIMEOUT too', async () => {
    const session = await open()
    await session.script("set statement_timeout = '20ms'")
    await expect(session.query('select pg_sleep(5)')).rejects.toMatchObject({ code: 'TIMEOUT' })
  })
})

suite('copying', () => {
  test('gives the very bytes that the server sends, of many chunks', async () => {
    const session = await open()
    const query = `select string_agg(g || ',' || repeat(chr(65 + g % 26), g % 300) || E'\\n', '' order by g) from generate_series(1, 20000) g`
    const [[expected] = []] = (await session.query(query)).rows
    const copied = await collect(
      session.copyOut(
        `copy (select g, repeat(chr(65 + g % 26), g % 300) from generate_series(1, 20000) g order by g) to stdout with (format csv)`,
      ),
    )
    expect(copied.replaceAll('""', '')).toBe(expected)
    const long = await collect(session.copyOut(`copy (select repeat('x', 3000000)) to stdout`))
    expect(long).toBe(`${'x'.repeat(3_000_000)}\n`)
  })

  test('reads no faster than the bytes are taken, and leaving early ends the statement', async () => {
    const session = await open()
    const before = process.memoryUsage().arrayBuffers
    for await (const chunk of session.copyOut(
      "copy (select generate_series(1, 100000000), repeat('x', 10000)) to stdout",
    )) {
      expect(chunk.byteLength).toBeGreaterThan(0)
      await sleep(300)
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
      break
    }
    expect((await session.query('select 1')).rows).toEqual([['1']])
  })

  test('takes rows, and waits when the server is slow', async () => {
    const session = await open()
    await session.script('create temp table i (a int, b text)')
    async function* rows() {
      for (let n = 0; n < 200; n += 1) yield Buffer.from(`${n},${'y'.repeat(50_000)}\n`)
    }
    expect(await session.copyIn('copy i from stdin with (format csv)', rows())).toBe(200)
    expect((await session.query('select count(*), sum(length(b)) from i')).rows).toEqual([['200', '10000000']])
  })

  test('rows that end with an error undo the copy, and the error is passed on as it is', async () => {
    const session = await open()
    await session.script('create temp table i (a int)')
    const mine = new Error('mine')
    async function* rows() {
      yield Buffer.from('1\n')
      throw mine
    }
    await expect(session.copyIn('copy i from stdin', rows())).rejects.toBe(mine)
    expect((await session.query('select count(*) from i')).rows).toEqual([['0']])
  })

  test('a row that the server refuses ends the copy though more are never given', async () => {
    const session = await open()
    await session.script('create temp table i (a int)')
    async function* rows() {
      yield Buffer.from('1\nnot a number\n'.padEnd(100_000, '2\n'))
      await sleep(60_000, undefined, { ref: false })
    }
    const copy = session.copyIn('copy i from stdin', rows())
    await expect(copy).rejects.toMatchObject({ code: 'ENGINE_SQL', message: expect.stringContaining('not a number') })
    await expect(session.copyIn('copy nowhere from stdin', rows())).rejects.toMatchObject({
      data: { sqlState: '42P01' },
    })
    await expect(session.copyIn('select 1', rows())).rejects.toThrow(/takes no rows/)
    expect((await session.query('select count(*) from i')).rows).toEqual([['0']])
  })

  test('is cancelled in either direction, also while rows are waited for', async () => {
    const session = await open()
    await session.script('create temp table i (a int)')
    async function* rows() {
      yield Buffer.from('1\n')
      await sleep(60_000, undefined, { ref: false })
    }
    const into = session.copyIn('copy i from stdin', rows(), { signal: AbortSignal.timeout(50) })
    await expect(into).rejects.toMatchObject({ code: 'TIMEOUT' })
    const out = collect(session.copyOut('copy (select pg_sleep(30)) to stdout', { signal: AbortSignal.timeout(50) }))
    await expect(out).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect((await session.query('select count(*) from i')).rows).toEqual([['0']])
  })
})

suite('a session that the server ends', () => {
  test('while it does nothing: the next call is CONNECTION_LOST', async () => {
    const session = await open()
    await kill(session.pid)
    await expect.poll(() => session.broken).toBe(true)
    await expect(session.query('select 1')).rejects.toMatchObject({ code: 'CONNECTION_LOST', retry: 'again' })
  })

  test('in the middle of a statement', async () => {
    const session = await open()
    const slow = session.query('select pg_sleep(30)')
    setTimeout(() => kill(session.pid), 50)
    await expect(slow).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    expect(session.broken).toBe(true)
  })

  test('in the middle of copying out', async () => {
    const session = await open()
    const reading = async () => {
      let chunks = 0
      for await (const _ of session.copyOut('copy (select generate_series(1, 100000000)) to stdout')) {
        chunks += 1
        if (chunks === 3) await kill(session.pid)
      }
    }
    await expect(reading()).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  })

  test('in the middle of copying in, while rows are waited for', async () => {
    const session = await open()
    await session.script('create temp table i (a int)')
    async function* rows() {
      yield Buffer.from('1\n')
      await kill(session.pid)
      await sleep(60_000, undefined, { ref: false })
    }
    await expect(session.copyIn('copy i from stdin', rows())).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  })
})

suite('a pool', () => {
  test('keeps connections, lets no more than its number be taken, and undoes what was left open', async () => {
    let made = 0
    await using pool = postgresPool(config(), {
      max: 2,
      prepare: async () => {
        made += 1
      },
    })
    const one = await pool.take()
    const two = await pool.take()
    const third = pool.take()
    await expect(pool.take({ signal: AbortSignal.timeout(30) })).rejects.toMatchObject({ code: 'TIMEOUT' })
    await one.script('begin; create table left_open (a int)')
    await one[Symbol.asyncDispose]()
    const again = await third
    expect((await again.query("select to_regclass('left_open')")).rows).toEqual([[null]])
    expect(made).toBe(2)
    await expect(one.query('select 1')).rejects.toThrow(/given back/)
    await kill(again.pid)
    await expect.poll(() => again.broken).toBe(true)
    await again[Symbol.asyncDispose]()
    await two[Symbol.asyncDispose]()
    await using next = await pool.take()
    expect((await next.query('select 1')).rows).toEqual([['1']])
  })
})
