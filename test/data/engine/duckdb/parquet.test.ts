import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseType, type Row, type Schema } from '../../../../src/base/kernel/index.ts'
import { literal, type Sql, sql, trusted } from '../../../../src/base/sql/index.ts'
import { exactPath, parquetTable } from '../../../../src/data/engine/duckdb/parquet-read.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../../src/data/engine/index.ts'
import type { ParquetPort } from '../../../../src/data/table/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-parquet-'))
let engine: Engine
let on: EngineConnection
let port: ParquetPort<EngineConnection>

beforeAll(async () => {
  engine = await openDuckDb()
  on = await engine.connect()
  port = engine.files as ParquetPort<EngineConnection>
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function schema(columns: Record<string, string>): Schema {
  return { fields: Object.entries(columns).map(([name, type]) => ({ name, type: parseType(type), nullable: true })) }
}

test('partition values of every kind come back as they were, nulls and odd characters too', async () => {
  const dir = join(folder, 'odd')
  const columns = schema({ n: 'int', p: 'string', d: 'date' })
  const odd = [null, '', 'NULL', '__HIVE_DEFAULT_PARTITION__', 'a/b=c %é', '*[x]?', "it's", '..']
  const rows = odd.map((p, n) => ({ n, p, d: n % 2 === 0 ? null : '2024-02-29' }))
  await on.script('create or replace temp table odd (n int, p varchar, d date)')
  for (const { n, p, d } of rows) await on.execute(sql`insert into odd values (${n}, ${p}, ${d})`)
  const files = await port.write(sql`select * from odd`, {
    dir,
    prefix: 'part-1',
    partitionBy: ['p', 'd'],
    schema: columns,
    on,
  })
  expect(files.map(({ partition }) => partition.p).sort()).toEqual([...odd].sort())
  expect(files.every(({ path }) => existsSync(join(dir, path)) && path.includes('part-1'))).toBe(true)
  const located = files.map(({ path, partition }) => ({ url: join(dir, path), partition }))
  for (const mostBranches of [1000, 1]) {
    const table = parquetTable(located, columns, ['p', 'd'], undefined, { mostBranches })
    expect(await on.rows(sql`select * from ${table} order by n`)).toEqual(rows)
    expect((await on.describe(sql`select * from ${table}`)).fields).toEqual(columns.fields)
  }
})

test('a filter on a partition drops the other files before they are opened', async () => {
  const columns = schema({ n: 'int', p: 'int' })
  const files = await port.write(sql`select range n, range % 3 p from range(9)`, {
    dir: join(folder, 'pruned'),
    prefix: 'a',
    partitionBy: ['p'],
    schema: columns,
    on,
  })
  const located = files.map(({ path, partition }) => ({ url: join(folder, 'pruned', path), partition }))
  const plan = async (of: Sql) => (await on.rows<{ explain_value: string }>(of))[0]?.explain_value
  expect(await plan(sql`explain select * from ${port.read(located, columns, ['p'])} where p = 1`)).toContain(
    'Scanning Files: 1/3',
  )
  // Files that do not lie in folders named for their partition are told apart by the log alone.
  const moved = located.map(({ url, partition }, index) => {
    const flat = join(folder, 'pruned', `${index}.parquet`)
    renameSync(url, flat)
    return { url: flat, partition }
  })
  const table = port.read(moved, columns, ['p'])
  expect((await plan(sql`explain select * from ${table} where p = 1`))?.match(/READ_PARQUET/g)).toHaveLength(2)
  expect(await on.rows(sql`select p, sum(n)::int n from ${table} group by p order by p`)).toEqual([
    { p: 0, n: 9 },
    { p: 1, n: 12 },
    { p: 2, n: 15 },
  ])
})

test('a table may have a column that is called as the one that names files', async () => {
  const columns = schema({ filename: 'string', p: 'date' })
  const dir = join(folder, 'filename')
  const files = await port.write(sql`select 'a.txt' filename, date '2024-02-29' p`, {
    dir,
    prefix: 'a',
    partitionBy: ['p'],
    schema: columns,
    on,
  })
  const located = files.map(({ path, partition }) => ({ url: join(dir, path), partition }))
  const table = port.read(located, columns, ['p'])
  expect(await on.rows(sql`select * from ${table}`)).toEqual([{ filename: 'a.txt', p: '2024-02-29' }])
})

test('statistics are typed, per file, and leave out what has no bound', async () => {
  const columns = schema({
    i: 'bigint',
    f: 'float',
    x: 'double',
    s: 'string',
    b: 'boolean',
    d: 'date',
    t: 'timestamp',
    m: 'decimal(30,2)',
    n: 'int',
    'od"d': 'int',
    l: 'array<int>',
  })
  const query = trusted(`select * from (values
    (9007199254740993, 0.1::float, 'nan'::double, 'b', true, date '2024-01-02', timestamptz '2024-01-01 00:00:00.5Z', 1.5::decimal(30,2), null::int, 1, [1]),
    (null, 0.3::float, 1.0, 'a', false, date '2024-01-01', timestamptz '2023-01-01 00:00:00Z', -2.5::decimal(30,2), null, 2, null)
  ) v(i, f, x, s, b, d, t, m, n, "od""d", l)`)
  const [file, ...others] = await port.write(query, {
    dir: join(folder, 'stats'),
    prefix: 's',
    partitionBy: [],
    schema: columns,
    on,
  })
  expect(others).toEqual([])
  expect(file).toMatchObject({ path: 's.parquet', rows: 2, partition: {} })
  expect(file?.stats).toEqual({
    min: {
      i: 9_007_199_254_740_993n,
      f: Math.fround(0.1),
      s: 'a',
      b: false,
      d: '2024-01-01',
      t: '2023-01-01T00:00:00.000000Z',
      m: '-2.50',
      'od"d': 1,
    },
    max: {
      i: 9_007_199_254_740_993n,
      f: Math.fround(0.3),
      s: 'b',
      b: true,
      d: '2024-01-02',
      t: '2024-01-01T00:00:00.500000Z',
      m: '1.50',
      'od"d': 2,
    },
    nulls: { i: 1, f: 0, x: 0, s: 0, b: 0, d: 0, t: 0, m: 0, n: 2, 'od"d': 0 },
  })
})

const rowsOf = (url: string) => on.rows(sql`select * from read_parquet(${literal(exactPath(url))})`)

test('rows are cast to the schema; one that cannot be fails the write', async () => {
  const columns = schema({ a: 'decimal(10,2)' })
  const options = { dir: join(folder, 'cast'), prefix: 'c', partitionBy: [], schema: columns, on }
  const [file] = await port.write(sql`select '1.5' as a, 'extra' as b`, options)
  expect(await rowsOf(join(folder, 'cast', file?.path ?? ''))).toEqual([{ a: '1.50' }])
  await expect(port.write(sql`select 'x' as a`, { ...options, prefix: 'd' })).rejects.toMatchObject({
    code: 'ENGINE_SQL',
  })
})

test('no rows leave no file, with partitions and without', async () => {
  const dir = join(folder, 'none')
  for (const partitionBy of [[], ['b']]) {
    expect(
      await port.write(sql`select 1 as a, 2 as b where false`, {
        dir,
        prefix: 'n',
        partitionBy,
        schema: schema({ a: 'int', b: 'int' }),
        on,
      }),
    ).toEqual([])
  }
  expect(await readdir(dir, { recursive: true })).toEqual([])
})

test('a column that a file lacks is null; types widen; a file without files is an empty table', async () => {
  const dir = join(folder, 'grown')
  const [old] = await port.write(sql`select 1 as a`, {
    dir,
    prefix: 'old',
    partitionBy: [],
    schema: schema({ a: 'int' }),
    on,
  })
  const [young] = await port.write(sql`select 2 as a, 'x' as b, {q: 1} as s`, {
    dir,
    prefix: 'new',
    partitionBy: [],
    schema: schema({ a: 'bigint', b: 'string', s: 'struct<q:int>' }),
    on,
  })
  const columns = schema({ b: 'string', a: 'bigint', s: 'struct<q:int,r:string>' })
  const files = [old, young].map((file) => ({ url: join(dir, file?.path ?? '') }))
  expect(await on.rows(sql`select * from ${port.read(files, columns, [])} order by a`)).toEqual([
    { b: null, a: 1n, s: null },
    { b: 'x', a: 2n, s: { q: 1, r: null } },
  ])
  expect((await on.describe(sql`select * from ${port.read([], columns, [])}`)).fields.map(({ type }) => type)).toEqual(
    columns.fields.map(({ type }) => type),
  )
  expect(await on.rows(sql`select * from ${port.read([], columns, [])}`)).toEqual([])
})

test('a file name with the characters of a pattern is that file alone', async () => {
  const url = join(folder, 'g[1]*.parquet')
  await port.writeRows(url, schema({ a: 'int' }), [{ a: 1 }])
  await port.writeRows(join(folder, 'g1x.parquet'), schema({ a: 'int' }), [{ a: 2 }])
  expect(await rowsOf(url)).toEqual([{ a: 1 }])
  expect(await on.rows(sql`select * from ${port.read([{ url }], schema({ a: 'int' }), [])}`)).toEqual([{ a: 1 }])
})

test('structs of a file come as text, those that it lacks as null', async () => {
  const url = join(folder, 'structs.parquet')
  await port.writeRows(url, schema({ a: 'struct<x:int,m:map<string,string>>', other: 'int' }), [
    { a: { x: 1, m: new Map([['k', null]]) }, other: 1 },
    { a: null, other: 2 },
  ])
  const wanted = schema({ a: 'struct<x:bigint,y:string,m:map<string,string>>', b: 'struct<z:int>' })
  expect(await port.structs(url, wanted)).toEqual([{ column: 'a', json: '{"x":1,"y":null,"m":{"k":null}}' }])
})

test('rows with nested columns are written exactly, such as a checkpoint', async () => {
  const columns = schema({
    add: 'struct<path:string,size:bigint,partitionValues:map<string,string>,tags:array<struct<k:string,v:double>>>',
    txn: 'struct<appId:string,version:bigint>',
    d: 'decimal(38,2)',
    at: 'timestamp',
  })
  const rows: Row[] = [
    {
      add: {
        path: 'a"b.parquet',
        size: 9_007_199_254_740_993n,
        partitionValues: new Map([
          ['p', null],
          ['q', 'é'],
        ]),
        tags: [{ k: 'x', v: 0.1 }],
      },
      txn: null,
      d: '12345678901234567890.12',
      at: '2024-01-01T00:00:00.123456Z',
    },
    { add: null, txn: { appId: 'a', version: 1n }, d: null, at: null },
  ]
  const url = join(folder, 'checkpoint.parquet')
  expect(await port.writeRows(url, columns, rows)).toBeGreaterThan(100)
  expect(await rowsOf(url)).toEqual(rows)
  await port.writeRows(url, columns, [])
  expect(await rowsOf(url)).toEqual([])
})

test('joins are ordered by the number of rows that is told of the files, that of each partition by its share', async () => {
  const files = [0, 1, 2, 3].map((p) => ({ url: join(folder, `rows-${p}.parquet`), partition: { p: String(p % 2) } }))
  const columns = schema({ n: 'int', p: 'int' })
  const plan = async (partitionBy: readonly string[]) => {
    const table = port.read(files, columns, partitionBy, undefined, { rows: 4_000_000 })
    const [row] = await on.rows<{ explain_value: string }>(sql`explain select * from ${table}`)
    return row?.explain_value
  }
  for (const { url } of files) await on.execute(sql`copy (select 1 as n, 1 as p) to ${literal(url)} (format parquet)`)
  expect(await plan([])).toContain('~4,000,000 rows')
  expect((await plan(['p']))?.match(/~2,000,000 rows/g)?.length).toBeGreaterThanOrEqual(2)
})
