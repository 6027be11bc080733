import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Sql, sql, trusted } from '../../../src/base/sql/index.ts'
import { type Catalog, type CatalogConfig, openCatalog } from '../../../src/data/catalog/index.ts'
import { type Engine, type EngineConnection, openDuckDb } from '../../../src/data/engine/index.ts'
import { appendTo } from '../../../src/data/table/index.ts'

let dir: string
let engine: Engine
let connection: EngineConnection
let catalog: Catalog

const config: CatalogConfig = {
  storage: { lake: { url: './lake' } },
  zones: {
    raw: { format: 'delta', location: 'lake://raw' },
    files: { format: 'csv', location: 'lake://files' },
    folders: { format: 'parquet', location: './folders/' },
  },
  datasets: { 'outside.events': { format: 'json', location: './events' } },
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-catalog-'))
  engine = await openDuckDb({ path: join(dir, 'shop.duckdb') })
  connection = await engine.connect()
  catalog = openCatalog({ engine, config, dir })
})
afterEach(async () => {
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

const ids = async (from: Sql) =>
  (await connection.rows<{ id: bigint }>(sql`select id from ${from} order by id`)).map(({ id }) => Number(id))
const view = (name: string) => ids(trusted(name))

/** Appends rows with these ids to raw.orders, which is made when it is not there. */
async function append(...values: number[]): Promise<void> {
  const query = sql`select unnest(${trusted(`[${values}]`)})::bigint as id`
  const table = await catalog.ensureDeltaTable('raw.orders', { schema: await connection.describe(query) })
  await appendTo(table, query, { connection })
}

test('names lead to zones, single datasets, or the engine’s own tables', async () => {
  const found = await Promise.all(
    ['raw.orders', 'shop.raw.orders', 'outside.events', 'marts.daily', 'daily', 'other.raw.orders'].map((name) =>
      catalog.resolve(name),
    ),
  )
  expect(found.map(({ name, format, location }) => [name, format, location])).toEqual([
    ['shop.raw.orders', 'delta', 'lake://raw/orders'],
    ['shop.raw.orders', 'delta', 'lake://raw/orders'],
    ['shop.outside.events', 'json', './events'],
    ['shop.marts.daily', 'table', undefined],
    ['shop.main.daily', 'table', undefined],
    ['other.raw.orders', 'table', undefined],
  ])
  await expect(catalog.resolve('a.b.c.d')).rejects.toMatchObject({ code: 'DATASET_NAME_INVALID' })
})

test('an address with an unknown storage is refused with the storages there are', () => {
  expect(() => catalog.place('lakes://raw')).toThrow(
    expect.objectContaining({ code: 'STORE_UNSUPPORTED', hint: expect.stringContaining('"lake"') }),
  )
  expect(() => catalog.place('lake://../secret')).toThrow(expect.objectContaining({ code: 'STORE_PATH_ESCAPE' }))
})

test('a pinned view shows one version while the table moves on, the next pin shows the new one', async () => {
  await append(1, 2)
  const pin = await catalog.pin(['raw.orders'])
  expect(pin.datasets).toMatchObject([{ name: 'shop.raw.orders', version: 1 }])
  await append(3)
  expect(await view('raw.orders')).toEqual([1, 2])
  expect((await catalog.relation({ dataset: 'raw.orders' })).version).toBe(2)
  pin.release()
  await using next = await catalog.pin(['raw.orders'])
  expect(next.datasets[0]?.version).toBe(2)
  expect(await view('"shop"."raw"."orders"')).toEqual([1, 2, 3])
})

test('who wants to move a view waits for the pin on another version, and no longer than allowed', async () => {
  await append(1)
  const first = await catalog.pin(['raw.orders'])
  const same = await catalog.pin([{ dataset: 'raw.orders', version: 1 }])
  await append(2)
  await expect(catalog.pin(['raw.orders'], { waitMs: 30 })).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: expect.stringContaining('shop.raw.orders'),
  })
  let moved = false
  const mover = catalog.pin(['raw.orders']).then((pin) => {
    moved = true
    return pin
  })
  first.release()
  first.release()
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(moved).toBe(false)
  expect(await view('raw.orders')).toEqual([1])
  same.release()
  await using pin = await mover
  expect(pin.datasets[0]?.version).toBe(2)
  expect(await view('raw.orders')).toEqual([1, 2])
})

test('a table that was removed and made anew is read anew', async () => {
  await append(1)
  await append(2)
  expect(await ids((await catalog.relation({ dataset: 'raw.orders' })).sql)).toEqual([1, 2])
  await rm(join(dir, 'lake/raw/orders'), { recursive: true })
  await expect(catalog.relation({ dataset: 'raw.orders' })).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
  await append(3)
  await using _pin = await catalog.pin(['raw.orders'])
  expect(await view('raw.orders')).toEqual([3])
})

test('of a partitioned table only files that can hold the asked values are read, whatever they are', async () => {
  const query = sql`select n::bigint as id, if(n < 8, date '2024-01-01' + (n % 3)::int, null) as "Day", chr((97 + n % 2)::int) as letter
    from range(9) t(n)`
  const schema = await connection.describe(query)
  const table = await catalog.ensureDeltaTable('raw.days', { schema, partitionBy: ['Day', 'letter'] })
  await appendTo(table, query, { connection })
  const read = async (values: Record<string, string>) => {
    const of = Object.entries(values).map(
      ([column, value]) => ({ kind: 'compare', column, is: 'eq', value, type: 'string' }) as const,
    )
    return ids((await catalog.relation({ dataset: 'raw.days' }, { asked: { kind: 'and', of } })).sql)
  }
  expect(await read({ day: '2024-01-02' })).toEqual([1, 4, 7])
  expect(await read({ day: '2024-01-02', letter: 'a', id: '7' })).toEqual([4])
  expect(await read({ letter: 'a' })).toEqual([0, 2, 4, 6, 8])
  expect(await read({ day: '2024-02-02' })).toEqual([])
  // Of a text that is no date in its usual form nothing is told, but that null does not equal it.
  expect(await read({ day: '2024-1-2', id: '3' })).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})

test('publications that are gathered wait, but not from pins, from views that stand on them, and not for ever', async () => {
  const write = async (id: number) => {
    await append(id)
    await catalog.publish(['raw.orders'])
  }
  await write(1)
  await connection.execute(sql`create view main.mine as select * from raw.orders`)
  const gathered = catalog.gather()
  await write(2)
  expect(await view('raw.orders')).toEqual([1])
  expect(await ids((await catalog.relation({ dataset: 'raw.orders' })).sql)).toEqual([1, 2])
  expect(await ids((await catalog.relation({ dataset: 'main.mine' })).sql)).toEqual([1, 2])
  await write(3)
  expect(await view('raw.orders')).toEqual([1, 2])
  await Promise.all([
    catalog.settle(),
    catalog.settle().then(async () => expect(await view('raw.orders')).toHaveLength(3)),
  ])
  await write(4)
  await gathered[Symbol.asyncDispose]()
  expect(await view('raw.orders')).toEqual([1, 2, 3, 4])
  await write(5)
  expect(await view('raw.orders')).toEqual([1, 2, 3, 4, 5])
})

test('a waiting pin can be cancelled', async () => {
  await append(1)
  await using _first = await catalog.pin(['raw.orders'])
  await append(2)
  const controller = new AbortController()
  const waiting = catalog.pin(['raw.orders'], { signal: controller.signal })
  setTimeout(() => controller.abort(), 20)
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' })
})

test('an older version can be pinned and read', async () => {
  await append(1)
  await append(2)
  expect(await ids((await catalog.relation({ dataset: 'raw.orders', version: 1 })).sql)).toEqual([1])
  await using _pin = await catalog.pin([{ dataset: 'raw.orders', version: 1 }])
  expect(await view('raw.orders')).toEqual([1])
})

test('what was published stays in the database file for whoever opens it', async () => {
  await append(1, 2)
  expect(await catalog.published('raw.orders')).toBeUndefined()
  await catalog.publish(['raw.orders'])
  expect(await catalog.published('raw.orders')).toEqual({ version: 1, location: 'lake://raw/orders' })
  await connection[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
  engine = await openDuckDb({ path: join(dir, 'shop.duckdb') })
  connection = await engine.connect()
  expect(await view('shop.raw.orders')).toEqual([1, 2])
  catalog = openCatalog({ engine, config, dir })
  expect(await catalog.published('raw.orders')).toMatchObject({ version: 1 })
})

test('files are datasets too: CSV by name, hive-partitioned Parquet, JSON elsewhere', async () => {
  await mkdir(join(dir, 'lake/files'), { recursive: true })
  await mkdir(join(dir, 'events/_hidden'), { recursive: true })
  await writeFile(join(dir, 'lake/files/people.csv'), 'id,name\n1,Ann\n2,Bo\n')
  await writeFile(join(dir, 'events/a.ndjson'), '{"id":1}\n{"id":2}\n')
  await writeFile(join(dir, 'events/_hidden/b.ndjson'), '{"id":3}\n')
  await mkdir(join(dir, 'folders'))
  const target = join(dir, 'folders/daily').replaceAll("'", "''")
  await connection.execute(
    trusted(
      `copy (select range as id, date '2024-01-01' + (range % 2)::int as day from range(4)) to '${target}' (format parquet, partition_by (day))`,
    ),
  )
  await using pin = await catalog.pin(['files.people', 'folders.daily', 'outside.events'])
  expect(pin.datasets.map(({ version }) => version)).toEqual([undefined, undefined, undefined])
  expect(await view('files.people')).toEqual([1, 2])
  expect(await view('outside.events')).toEqual([1, 2])
  expect(await view(`(select * from folders.daily where day = date '2024-01-02')`)).toEqual([1, 3])
  expect((await catalog.resolve('folders.daily')).partitionBy).toEqual(['day'])
  const byPath = await catalog.relation({ dataset: join(dir, 'folders/daily') })
  expect(byPath.schema.fields.map(({ name, type }) => [name, type.kind])).toEqual([
    ['id', 'long'],
    ['day', 'date'],
  ])
  expect(await ids((await catalog.relation({ dataset: './lake/files/people.csv' })).sql)).toEqual([1, 2])
})

test('the list holds what lies in the lake and what the engine keeps, each once', async () => {
  await append(1)
  await mkdir(join(dir, 'lake/files'), { recursive: true })
  await writeFile(join(dir, 'lake/files/people.csv'), 'id\n1\n')
  await connection.script('create schema marts; create table marts.daily (id bigint)')
  await catalog.publish(['raw.orders'])
  expect((await catalog.list()).map(({ name, format }) => [name, format])).toEqual([
    ['shop.files.people', 'csv'],
    ['shop.outside.events', 'json'],
    ['shop.raw.orders', 'delta'],
    ['shop.marts.daily', 'table'],
  ])
})

test('an unknown dataset is refused with the nearest name', async () => {
  await append(1)
  for (const dataset of ['raw.ordes', 'main.nothing', './nowhere']) {
    await expect(catalog.relation({ dataset })).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
  }
  await expect(catalog.pin(['raw.ordes'])).rejects.toMatchObject({
    hint: expect.stringContaining('Did you mean "raw.orders"?'),
  })
  await expect(catalog.deltaTable('raw.ordes')).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' })
  await expect(catalog.deltaTable('files.people')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test('many pins at once publish the view once and agree on it', async () => {
  await append(1)
  const pins = await Promise.all(Array.from({ length: 8 }, () => catalog.pin(['raw.orders'])))
  expect(new Set(pins.map(({ datasets }) => datasets[0]?.version))).toEqual(new Set([1]))
  for (const pin of pins) pin.release()
})
