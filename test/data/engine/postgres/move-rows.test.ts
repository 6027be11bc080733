import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatType, type Schema, sqlTypeName } from '../../../../src/base/kernel/index.ts'
import { postgresConfig } from '../../../../src/base/postgres/index.ts'
import { id, join as joinSql, sql, trusted } from '../../../../src/base/sql/index.ts'
import {
  type Engine,
  type EngineConnection,
  moveRows,
  openDuckDb,
  openPostgres,
} from '../../../../src/data/engine/index.ts'
import { administer, freshDatabase, hasPostgres, POSTGRES_HINT } from '../../../services/postgres.ts'
import { EVERY_TYPE } from '../every-type.ts'
import { EVERY_POSTGRES_TYPE } from './every-type.ts'

describe.skipIf(!hasPostgres)(`rows between PostgreSQL and DuckDB (${POSTGRES_HINT})`, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let dir: string
  let engines: Engine[]
  let server: EngineConnection
  let duck: EngineConnection
  beforeAll(async () => {
    database = await freshDatabase()
    dir = await mkdtemp(join(tmpdir(), 'millrace-moved-'))
    engines = [await openPostgres(postgresConfig('shop_db', database.url, {})), await openDuckDb()]
    ;[server, duck] = (await Promise.all(engines.map((engine) => engine.connect()))) as [
      EngineConnection,
      EngineConnection,
    ]
    await server.script(`create schema conformance; create type conformance.letter as enum ('a', 'b');
      create domain conformance.small as int check (value < 10)`)
  })
  afterAll(async () => {
    for (const engine of engines) await engine[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    expect(readdirSync(dir)).toEqual([])
    await rm(dir, { recursive: true })
  })

  const make = async (on: EngineConnection, name: string, { fields }: Schema) => {
    const dialect = on.engine.dialect as 'duckdb' | 'postgres'
    const columns = fields.map((field) => sql`${id(field.name)} ${trusted(sqlTypeName(field.type, dialect))}`)
    await on.execute(sql`drop table if exists ${id(name)}`)
    await on.execute(sql`create table ${id(name)} (${joinSql(columns)})`)
    return id(name)
  }

  const finite = EVERY_POSTGRES_TYPE.filter(({ text }) => !/infinity'::(date|timestamp)|^row/.test(text))
  test.each(finite)('$text is the same in DuckDB, and when it comes back', async ({ text, type, value }) => {
    await server.execute(sql`drop table if exists given`)
    await server.execute(sql`create table given as select 1 as i, ${trusted(text)} as v`)
    await server.execute(sql`insert into given values (2, null)`)
    const given = sql`select * from given`
    const schema = await server.describe(given)
    const there = await make(duck, 'there', schema)
    expect(await moveRows(given, server, duck, there, { dir })).toBe(2)
    const arrived = await duck.describe(sql`select v from ${there}`)
    expect(formatType(arrived.fields[0]?.type ?? { kind: 'null' })).toBe(type)
    expect(await duck.rows(sql`select v from ${there} order by i`)).toEqual([{ v: value }, { v: null }])
    const back = await make(server, 'back', schema)
    expect(await moveRows(sql`select * from ${there}`, duck, server, back, { dir })).toBe(2)
    expect(await server.rows(sql`select v from ${back} order by i`)).toEqual([{ v: value }, { v: null }])
  })

  // What PostgreSQL holds in another type comes as that; structs and maps as JSON.
  const as: Record<string, unknown> = {
    '(-128)::tinyint': -128,
    '340282366920938463463374607431768211455::uhugeint': String(2n ** 128n - 1n),
    '(-170141183460469231731687303715884105728)::hugeint': String(-(2n ** 127n)),
    '18446744073709551615::ubigint': '18446744073709551615',
    '[[1.5], null, []]::decimal(5,1)[][]': '[[1.5],null,[]]',
    "{f: [1, 2]::int[2], m: map {1: [date '2024-01-01']}}": '{"f":[1,2],"m":{"1":["2024-01-01"]}}',
    "map {'a': {x: 1::bigint}, 'b': null}": '{"a":{"x":1},"b":null}',
    '{a: 1, b: null, "c d": [\'a longer text than twelve\']}': '{"a":1,"b":null,"c d":["a longer text than twelve"]}',
    '65535::usmallint': 65_535,
    '4294967295::uinteger': 4_294_967_295n,
  }
  test.each(EVERY_TYPE)('$text of DuckDB arrives in PostgreSQL', async ({ text, value }) => {
    const given = sql`select 1 as i, ${trusted(text)} as v union all select 2, null`
    const schema = await duck.describe(given)
    const json = { name: 'v', type: { kind: 'json' }, nullable: true } as const
    const [i, v] = schema.fields as [Schema['fields'][0], Schema['fields'][0]]
    const nested =
      v.type.kind === 'struct' || v.type.kind === 'map' || (v.type.kind === 'array' && v.type.element.kind === 'array')
    const there = await make(server, 'there', { fields: [i, nested ? json : v] })
    expect(await moveRows(given, duck, server, there, { dir })).toBe(2)
    expect(await server.rows(sql`select v from ${there} order by i`)).toEqual([
      { v: text in as ? as[text] : value },
      { v: null },
    ])
  })

  test('columns go by their names, the others get their defaults; texts that look like nulls or ends are texts', async () => {
    await server.script(`create table named (id int generated always as identity, "b c" text, a text default 'd')`)
    const given = sql`select * from (values ('', 1), (null, 2), ('\\.', 3), ('NULL', 4), (${'"quoted",\n\t\\N'}, 5)) t("b c", o) order by o`
    await moveRows(sql`select "b c" from (${given})`, duck, server, id('named'), { dir })
    expect(await server.rows(sql`select * from named order by id`)).toEqual(
      ['', null, '\\.', 'NULL', '"quoted",\n\t\\N'].map((text, index) => ({ id: index + 1, 'b c': text, a: 'd' })),
    )
    await duck.execute(sql`create table named (a varchar default 'x', "b c" varchar, id integer)`)
    expect(await moveRows(sql`select id, "b c" from named`, server, duck, id('named'), { dir, maxBytes: 10 })).toBe(5)
    expect(await duck.rows(sql`select * from named order by id`)).toEqual(
      ['', null, '\\.', 'NULL', '"quoted",\n\t\\N'].map((text, index) => ({ a: 'x', 'b c': text, id: index + 1 })),
    )
  })

  test.each([
    ["'infinity'::date", 'DATE'],
    ["'-infinity'::timestamptz", 'TIMESTAMPTZ'],
    ["'NaN'::numeric(10,2)", 'DECIMAL(10,2)'],
    ["'294276-12-31'::timestamp", 'TIMESTAMP'],
    ["'{{1},{2}}'::int[]", 'INTEGER[]'],
  ])(
    '%s, which DuckDB\u2019s %s does not hold, is refused with the column, and a transaction keeps nothing',
    async (text, type) => {
      await duck.execute(sql`create or replace table refused (i int, "the value" ${trusted(type)})`)
      await server.execute(sql`drop table if exists refused`)
      await server.execute(
        sql`create table refused as select n as i, case when n = 900 then ${trusted(text)} end as "the value" from generate_series(1, 1000) n`,
      )
      if (text.includes('numeric')) await server.execute(sql`alter table refused alter "the value" type numeric(10,2)`)
      const moving = duck.transaction(() =>
        moveRows(sql`select * from refused`, server, duck, id('refused'), { dir, maxBytes: 1000 }),
      )
      await expect(moving).rejects.toMatchObject({
        code: 'VALUE_OUT_OF_RANGE',
        message: expect.stringContaining('"the value"'),
        data: { column: 'the value' },
      })
      expect(await duck.rows(sql`select count(*) as n from refused`)).toEqual([{ n: 0n }])
      expect(await server.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
    },
  )

  test('what PostgreSQL refuses is told with the column and adds nothing', async () => {
    await server.script('create table narrow (n int, d date)')
    const late = sql`select 1 as n, date '1000000-01-01' as d union all select 2, date '5880000-01-01'`
    await expect(moveRows(late, duck, server, id('narrow'), { dir })).rejects.toMatchObject({
      code: 'ENGINE_SQL',
      message: expect.stringMatching(/COPY narrow, line 2, column d/),
    })
    const zero = sql`select 'a' || chr(0) as n`
    await expect(moveRows(zero, duck, server, id('narrow'), { dir })).rejects.toMatchObject({ code: 'ENGINE_SQL' })
    const missing = sql`select 1 as m`
    await expect(moveRows(missing, duck, server, id('narrow'), { dir })).rejects.toThrow(/"m"/)
    expect(await server.rows(sql`select * from narrow`)).toEqual([])
  })

  test('a server that goes away in mid-read, and a signal, stop it; no file stays', async () => {
    await duck.execute(sql`create table stopped (n bigint, x varchar)`)
    const long = sql`select n, repeat('x', 100) as x from generate_series(1::bigint, 3000000) n`
    const [row] = await server.rows<{ pid: number }>(sql`select pg_backend_pid() as pid`)
    const kill = (progress: { rows: number }) =>
      void (progress.rows > 0 && administer(`select pg_terminate_backend(${row?.pid})`, database.url))
    await expect(
      moveRows(long, server, duck, id('stopped'), { dir, maxBytes: 1 << 20, onProgress: kill }),
    ).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    server = (await engines[0]?.connect()) as EngineConnection
    const abort = new AbortController()
    await expect(
      moveRows(long, server, duck, id('stopped'), {
        dir,
        maxBytes: 1 << 20,
        signal: abort.signal,
        onProgress: () => abort.abort(),
      }),
    ).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await server.rows(sql`select 1 as one`)).toEqual([{ one: 1 }])
    expect(readdirSync(dir)).toEqual([])
  })

  test('between two engines of the same kind there is no way', async () => {
    await expect(moveRows(sql`select 1`, duck, duck, id('x'), { dir })).rejects.toMatchObject({
      code: 'ENGINE_UNSUPPORTED',
    })
  })
})
