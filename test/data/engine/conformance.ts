import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatType, type MillraceError } from '../../../src/base/kernel/index.ts'
import { id, inline, literal, sql, trusted, value } from '../../../src/base/sql/index.ts'
import {
  chunkRows,
  type Engine,
  type EngineConnection,
  type QueryProgress,
  valueReader,
} from '../../../src/data/engine/index.ts'
import { DUCKDB_WORDS, type EngineWords } from './engine-words.ts'

/**
 * All that every engine must do, as one call: `describeEngine('duckdb in memory', () => openDuckDb())`. `words` says it in
 * the engine's own dialect; `before` makes what its types need, in the schema conformance.
 */
export function describeEngine(
  name: string,
  open: () => Promise<Engine>,
  words: EngineWords = DUCKDB_WORDS,
  before = '',
): void {
  describe(`the engine contract: ${name}`, () => {
    let engine: Engine
    let connection: EngineConnection
    beforeAll(async () => {
      engine = await open()
      connection = await engine.connect()
      await connection.script(`drop schema if exists conformance cascade; create schema conformance; ${before}`)
      await connection.execute(words.numbers(numbers, 5000))
    })
    afterAll(async () => {
      await connection.execute(sql`drop schema conformance cascade`)
      await connection[Symbol.asyncDispose]()
      await engine[Symbol.asyncDispose]()
    })

    const numbers = id('conformance', 'numbers')
    /** A relation of 625 * 10^12 rows. */
    const many = sql`${numbers} a, ${numbers} b, ${numbers} c, ${numbers} d`
    /** A statement that runs for hours. */
    const endless = sql`select count(*) as c from ${many} where (a.n * b.n + c.n) % 7 = 3`

    describe('values', () => {
      test.each(words.everyType)(
        '$text is read as the exact value, and null as null',
        async ({ text, type, value: expected }) => {
          const query = sql`select q.v from (values (1), (2)) t(i) left join (select 1 as i, ${trusted(text)} as v) q on q.i = t.i`
          expect(formatType((await connection.describe(query)).fields[0]?.type ?? { kind: 'null' })).toBe(type)
          const rows = await connection.rows<{ v: unknown }>(sql`select v from (${query}) q order by v is null`)
          expect(rows.map(({ v }) => v)).toEqual([expected, null])
          const stream = await connection.query(query)
          const streamed = []
          for await (const chunk of stream) streamed.push(...chunkRows(chunk, stream.schema).map(({ v }) => v))
          expect(streamed).toEqual([expected, null])
        },
      )

      test('what is bound comes back: a value never becomes text', async () => {
        const evil = `'; drop table conformance.numbers; --"\\\n${words.zeroCharacter ? '\u0000' : ''}é😀`
        const given = [
          evil,
          1,
          -1,
          2 ** 40,
          0.1,
          -0,
          2n ** 70n,
          -(2n ** 63n),
          true,
          null,
          new Uint8Array([0, 255]),
        ] as const
        const [row] = await connection.rows<Record<string, unknown>>(
          sql`select ${given[0]} a, ${given[1]} b, ${given[2]} c, ${given[3]} d, ${given[4]} e, ${given[5]} f, ${given[6]} g, ${given[7]} h, ${given[8]} i, ${given[9]} j, ${given[10]} k, ${new Date(1.7e12)} l`,
        )
        expect(Object.values(row ?? {})).toEqual([
          evil,
          1,
          -1,
          2n ** 40n,
          0.1,
          -0,
          words.hugeIntegers ? 2n ** 70n : String(2n ** 70n),
          -(2n ** 63n),
          true,
          null,
          new Uint8Array([0, 255]),
          '2023-11-14T22:13:20.000000Z',
        ])
      })

      test('a literal means what the bound value means', async () => {
        const query = sql`select ${words.zeroCharacter ? "it's \u0000" : "it's"} a, ${0.1} b, ${-5} c, ${12345678901234567890n} d, ${Number.NaN} e, ${new Date(0)} f, ${new Uint8Array([1])} g, ${false} h`
        expect(await connection.rows(trusted(inline(query, engine.dialect)))).toEqual(await connection.rows(query))
      })

      test('a typed value is exact', async () => {
        const price = value('12345678901234567890.12', { kind: 'decimal', precision: 30, scale: 2 })
        expect(await connection.rows(sql`select ${price} as p`)).toEqual([{ p: '12345678901234567890.12' }])
      })

      test('columns of the same name are told apart', async () => {
        expect(await connection.rows(sql`select 1 as a, 2 as a, 3 as a_1`)).toEqual([{ a: 1, a_2: 2, a_1: 3 }])
      })

      test('times are UTC', async () => {
        expect(await connection.rows(sql`select cast(timestamptz '2024-07-01 12:00:00+02' as varchar) as t`)).toEqual([
          { t: '2024-07-01 10:00:00+00' },
        ])
      })
    })

    describe('streams', () => {
      test('rows come in chunks, in order, and say their schema before the first', async () => {
        const stream = await connection.query(sql`select * from ${numbers} order by n`)
        expect(stream.schema.fields.map(({ name, type }) => `${name} ${formatType(type)}`)).toEqual([
          'n bigint',
          'name string',
        ])
        const seen: unknown[] = []
        let chunks = 0
        for await (const chunk of stream) {
          chunks += 1
          seen.push(...chunkRows(chunk, stream.schema).map(({ n }) => n))
        }
        expect(chunks).toBeGreaterThan(1)
        expect(seen).toEqual(Array.from({ length: 5000 }, (_, n) => BigInt(n)))
      })

      test('chunks stay as they were when later ones are read, and are plain data', async () => {
        const chunks = []
        for await (const chunk of await connection.query(sql`select * from ${numbers} order by n`)) chunks.push(chunk)
        const first = structuredClone(chunks[0])
        const names = first?.columns[1]
        expect(names && valueReader(names)(1234)).toBe('row 1234')
      })

      test('leaving a stream frees the connection and the table', async () => {
        for await (const _ of await connection.query(sql`select * from ${numbers} a, ${numbers} b`)) break
        expect(await connection.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
        await using other = await engine.connect()
        await other.script('create table conformance.gone as select 1; drop table conformance.gone')
      })

      test('another statement while a stream is open is refused, and so is a second pass', async () => {
        const stream = await connection.query(sql`select * from ${numbers}`)
        await expect(connection.rows(sql`select 1`)).rejects.toMatchObject({ code: 'ENGINE_BUSY' })
        let rows = 0
        for await (const chunk of stream) rows += chunk.rows
        expect(rows).toBe(5000)
        await expect(
          (async () => {
            for await (const _ of stream) break
          })(),
        ).rejects.toMatchObject({ code: 'ENGINE_BUSY' })
        expect(await connection.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
      })

      test('nothing is computed ahead of a reader that waits', async () => {
        const stream = await connection.query(sql`select a.n from ${many}`)
        const rows = stream[Symbol.asyncIterator]()
        await rows.next()
        await rows.return?.()
      })

      test('an error in the middle reaches the reader, and the connection lives on', async () => {
        const stream = await connection
          .query(sql`select cast(case when n = 4999 then 'x' else '1' end as integer) v from ${numbers}`)
          .catch((error) => error as MillraceError)
        const read = async () => {
          if (stream instanceof Error) throw stream
          for await (const _ of stream);
        }
        await expect(read()).rejects.toMatchObject({ code: 'ENGINE_SQL' })
        expect(await connection.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
      })

      test('no rows: no chunk, but a schema', async () => {
        const stream = await connection.query(sql`select * from ${numbers} where false`)
        const chunks = []
        for await (const chunk of stream) chunks.push(chunk)
        expect([chunks.length, stream.schema.fields.length]).toEqual([0, 2])
      })
    })

    describe('statements', () => {
      test('execute says how many rows changed, also those of a new table', async () => {
        const t = id('conformance', 't')
        expect(await connection.execute(sql`create table ${t} as select * from ${numbers} where n < 10`)).toEqual({
          rowsChanged: 10,
        })
        expect(await connection.execute(sql`update ${t} set name = ${'x'} where n < 3`)).toEqual({ rowsChanged: 3 })
        expect(await connection.execute(sql`insert into ${t} values (${100}, ${'y'})`)).toEqual({ rowsChanged: 1 })
        expect(await connection.execute(sql`drop table ${t}`)).toEqual({ rowsChanged: 0 })
      })

      test('only a script may hold several statements', async () => {
        await expect(connection.rows(sql`select 1; drop table ${numbers}`)).rejects.toMatchObject({
          code: 'ENGINE_SQL',
        })
        await connection.script(
          "create table conformance.s (a int); insert into conformance.s values (1), (2);\n-- the end; 'of it'\n",
        )
        expect(await connection.rows(sql`select count(*) as c from conformance.s`)).toEqual([{ c: 2n }])
        expect(await connection.script('delete from conformance.s; insert into conformance.s values (3)')).toEqual({
          rowsChanged: 1,
        })
        await connection.script('drop table conformance.s;')
        expect(await connection.script(' -- nothing\n')).toEqual({ rowsChanged: 0 })
      })

      test('an error names the place in the text, in the file when there is one', async () => {
        await expect(connection.rows(sql`select n,\n  nope from ${numbers}`)).rejects.toMatchObject({
          code: 'ENGINE_SQL',
          data: { line: 2, column: 3 },
          message: expect.stringContaining('nope'),
        })
        await expect(connection.script('select 1;\nselec 2', { file: 'sql/load.sql' })).rejects.toMatchObject({
          code: 'ENGINE_SQL',
          at: { file: 'sql/load.sql', line: 2 },
        })
      })

      test('describe runs nothing', async () => {
        expect(
          (await connection.describe(sql`select n, ${'x'} as x, cast(1 as decimal(10,2)) as d from ${numbers}`)).fields,
        ).toEqual([
          { name: 'n', type: { kind: 'long' }, nullable: true },
          { name: 'x', type: { kind: 'string' }, nullable: true },
          { name: 'd', type: { kind: 'decimal', precision: 10, scale: 2 }, nullable: true },
        ])
        expect((await connection.describe(endless)).fields).toHaveLength(1)
        await expect(connection.describe(sql`select nope`)).rejects.toMatchObject({ code: 'ENGINE_SQL' })
      })

      test('statements asked for at once run one after the other', async () => {
        const results = await Promise.all([1, 2, 3, 4].map((n) => connection.rows(sql`select ${n} as n`)))
        expect(results.flat()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }])
      })

      test('connections work at the same time and see what others committed', async () => {
        await using other = await engine.connect()
        const [a, b] = await Promise.all([
          connection.rows(sql`select count(*) c from ${numbers}`),
          other.rows(sql`select max(n) m from ${numbers}`),
        ])
        expect([a, b]).toEqual([[{ c: 5000n }], [{ m: 4999n }]])
      })
    })

    describe('transactions', () => {
      test('commit when the work resolves, roll back when it throws, and hide what is not committed', async () => {
        await using other = await engine.connect()
        const count = async () => (await other.rows<{ c: bigint }>(sql`select count(*) as c from conformance.tx`))[0]?.c
        await connection.execute(sql`create table conformance.tx (a int)`)
        const result = await connection.transaction(async () => {
          await connection.execute(sql`insert into conformance.tx values (1)`)
          expect(await count()).toBe(0n)
          return 'done'
        })
        expect([result, await count()]).toEqual(['done', 1n])
        const thrown = new Error('no')
        const failing = connection.transaction(async () => {
          await connection.execute(sql`insert into conformance.tx values (2)`)
          throw thrown
        })
        await expect(failing).rejects.toBe(thrown)
        expect(await count()).toBe(1n)
        await connection.execute(sql`drop table conformance.tx`)
      })

      test('an engine error inside rolls back and leaves the connection usable', async () => {
        const work = connection.transaction(async () => {
          await connection.execute(sql`create table conformance.half (a int)`)
          await connection.execute(sql`insert into conformance.half values (cast('x' as int))`)
        })
        await expect(work).rejects.toMatchObject({ code: 'ENGINE_SQL' })
        await expect(connection.rows(sql`select * from conformance.half`)).rejects.toMatchObject({ code: 'ENGINE_SQL' })
      })

      test('they do not nest', async () => {
        const work = connection.transaction(() => connection.transaction(async () => 1))
        await expect(work).rejects.toMatchObject({ code: 'ENGINE_BUSY' })
        expect(await connection.transaction(async () => 2)).toBe(2)
      })
    })

    describe('stopping', () => {
      test('an abort interrupts a running statement at once', async () => {
        const abort = new AbortController()
        const started = Date.now()
        setTimeout(() => abort.abort(), 50)
        await expect(connection.rows(endless, { signal: abort.signal })).rejects.toMatchObject({ code: 'CANCELLED' })
        expect(Date.now() - started).toBeLessThan(5000)
        expect(await connection.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
      })

      test('an abort that came before is honoured, and a time-out is called one', async () => {
        await expect(connection.execute(endless, { signal: AbortSignal.abort() })).rejects.toMatchObject({
          code: 'CANCELLED',
        })
        await expect(connection.execute(endless, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
          code: 'TIMEOUT',
        })
      })

      test('a stream is interrupted between its chunks', async () => {
        const abort = new AbortController()
        const stream = await connection.query(sql`select * from ${numbers} a, ${numbers} b`, { signal: abort.signal })
        const read = async () => {
          for await (const _ of stream) abort.abort()
        }
        await expect(read()).rejects.toMatchObject({ code: 'CANCELLED' })
        expect(await connection.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
      })

      test('progress is told: as a fraction where the engine knows one, as rows otherwise', async () => {
        const fractions: number[] = []
        const rows: number[] = []
        const onProgress = ({ fraction, rows: read }: QueryProgress) => {
          if (fraction !== undefined) fractions.push(fraction)
          if (read !== undefined) rows.push(read)
        }
        if (words.progress === 'rows') {
          for await (const _ of await connection.query(sql`select * from ${numbers}`, { onProgress }));
          expect([Math.max(...rows), rows.length > 1]).toEqual([5000, true])
          return
        }
        await connection.execute(words.numbers(id('conformance', 'large'), 1_000_000))
        await connection.rows(sql`select count(distinct sha256(cast(n as varchar))) from conformance.large`, {
          onProgress,
        })
        await connection.execute(sql`drop table conformance.large`)
        expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true)
        expect(fractions.length).toBeGreaterThan(0)
      })

      test('closing a connection stops what it does; afterwards it is closed', async () => {
        const other = await engine.connect()
        const running = other.rows(endless).catch((error: MillraceError) => error.code)
        await new Promise((resolve) => setTimeout(resolve, 50))
        await other[Symbol.asyncDispose]()
        expect(await running).toBe('ENGINE_CLOSED')
        await expect(other.rows(sql`select 1`)).rejects.toMatchObject({ code: 'ENGINE_CLOSED' })
      })
    })

    describe('Arrow', () => {
      test('a result is an IPC stream that apache-arrow reads', async () => {
        const { list, struct } = words.arrow
        const more = struct ? sql`, ${struct} as s, map {name: n} as m, uuid() as u` : sql``
        const columns = sql`n, name, cast(case when n > 0 then n end as decimal(38,2)) as d, date '2024-01-31' as day, timestamptz '2024-01-01 00:00:00Z' as at, n % 2 = 0 as even, ${list} as l${more}, null as nothing`
        const table = tableFromIPC(await connection.toArrow(sql`select ${columns} from ${numbers} order by n`))
        expect(table.numRows).toBe(5000)
        const row = table.get(3)?.toJSON() as Record<string, unknown>
        expect([
          row.n,
          row.name,
          row.even,
          String(row.l),
          JSON.stringify(row.s, (_, v) => (typeof v === 'bigint' ? Number(v) : v)),
        ]).toEqual([3n, 'row 3', false, '[3,]', struct && '{"a":3,"b":"row 3"}'])
        expect(table.get(0)?.d).toBeNull()
        expect(String(table.get(3)?.d)).toBe('300')
        expect(table.schema.fields.map(({ type }) => String(type)).slice(0, 5)).toEqual([
          'Int64',
          'Utf8',
          'Decimal[38e+2]',
          'Date32<DAY>',
          'Timestamp<MICROSECOND, UTC>',
        ])
      })

      test('no rows are a stream with a schema', async () => {
        const table = tableFromIPC(await connection.toArrow(sql`select ${literal(1)} as a where false`))
        expect([table.numRows, table.schema.names]).toEqual([0, ['a']])
      })
    })
  })
}
