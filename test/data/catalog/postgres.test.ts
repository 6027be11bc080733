import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { postgresConfig } from '../../../src/base/postgres/index.ts'
import { type Sql, sql, trusted } from '../../../src/base/sql/index.ts'
import { type Catalog, openCatalog } from '../../../src/data/catalog/index.ts'
import { type Engine, openDuckDb, openPostgres } from '../../../src/data/engine/index.ts'
import { appendTo, overwrite } from '../../../src/data/table/index.ts'
import { freshDatabase, hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'

const config = {
  storage: { lake: { url: './lake' } },
  zones: {
    raw: { format: 'delta' as const, location: 'lake://raw' },
    files: { format: 'csv' as const, location: 'lake://files' },
  },
}

describe.skipIf(!hasPostgres)(`a lake beside PostgreSQL (${POSTGRES_HINT})`, () => {
  let dir: string
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let engine: Engine
  let lake: Engine
  let catalog: Catalog

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'millrace-copies-'))
    database = await freshDatabase()
    engine = await openPostgres(postgresConfig('test', database.url, {}), { schema: 'public' })
    lake = await openDuckDb()
    catalog = another()
  })
  afterEach(async () => {
    await engine[Symbol.asyncDispose]()
    await lake[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  })
  const another = () => openCatalog({ engine, lake, config, dir, schema: 'public' })

  /** Appends rows to raw.orders, which is made when it is not there; or replaces all of them. */
  async function write(values: string, how: 'append' | 'replace' = 'append'): Promise<void> {
    await using connection = await lake.connect()
    const query = sql`select id, name::varchar as name from (values ${trusted(values)}) as given(id, name)`
    const table = await catalog.ensureDeltaTable('raw.orders', { schema: await connection.describe(query) })
    if (how === 'append') await appendTo(table, query, { connection })
    else await overwrite(table, query, { connection })
  }
  async function rows(text: string): Promise<unknown[]> {
    await using connection = await engine.connect()
    return await connection.rows(trusted(text))
  }
  const ids = async (from = 'raw.orders') =>
    ((await rows(`select id from ${from} order by id`)) as { id: number }[]).map(({ id }) => Number(id))
  /** The transactions that wrote the rows: a row that was moved again has another. */
  const writers = () => rows('select distinct xmin::text as xmin from raw.orders')

  test('a pinned table holds the rows of its version, the next pin brings only what came', async () => {
    await write(`(1, 'a'), (2, 'it''s "quoted", \n')`)
    const pin = await catalog.pin(['raw.orders'])
    expect(pin.datasets).toMatchObject([{ name: `${engine.database}.raw.orders`, version: 1 }])
    expect(await rows('select * from raw.orders order by id')).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'it\'s "quoted", \n' },
    ])
    await write(`(3, null)`)
    expect(await ids()).toEqual([1, 2])
    pin.release()
    await catalog.publish(['raw.orders'])
    expect(await ids()).toEqual([1, 2, 3])
    expect(await writers()).toHaveLength(2)
    expect(await another().published('raw.orders')).toEqual({ version: 2, location: 'lake://raw/orders' })
    await another().publish(['raw.orders'])
    expect(await writers()).toHaveLength(2)
  })

  test('a replaced table is replaced in one step, and the views on it stay', async () => {
    await write(`(1, 'a')`)
    await catalog.publish(['raw.orders'])
    await using connection = await engine.connect()
    await connection.execute(sql`create view seen as select id from raw.orders`)
    await write(`(7, 'x'), (8, 'y')`, 'replace')
    await catalog.publish(['raw.orders'])
    expect(await ids('seen')).toEqual([7, 8])
  })

  test('a move that fails leaves the table as it was', async () => {
    await write(`(1, 'a')`)
    await catalog.publish(['raw.orders'])
    await write(`(2, 'b')`)
    await rows('alter table raw.orders add constraint few check (id < 2)')
    await expect(catalog.publish(['raw.orders'])).rejects.toMatchObject({ code: 'ENGINE_SQL' })
    expect(await ids()).toEqual([1])
    expect(await catalog.published('raw.orders')).toMatchObject({ version: 1 })
  })

  test('movers at once agree, and no row is moved twice', async () => {
    await write(`(1, 'a')`)
    const movers = Array.from({ length: 3 }, another)
    await Promise.all(movers.map((mover) => mover.publish(['raw.orders'])))
    await write(`(2, 'b')`)
    await Promise.all(movers.map((mover) => mover.publish(['raw.orders'])))
    expect(await ids()).toEqual([1, 2])
  })

  test('an older version and a path have tables of their own; a name goes on showing its version', async () => {
    await write(`(1, 'a')`)
    await write(`(2, 'b')`)
    await mkdir(join(dir, 'lake/files'), { recursive: true })
    await writeFile(join(dir, 'lake/files/people.csv'), 'id,name\n5,Ann\n')
    const text = async (relation: { sql: Sql }) => {
      await using connection = await engine.connect()
      return (await connection.rows<{ id: number }>(sql`select id from ${relation.sql} order by id`)).map(({ id }) =>
        Number(id),
      )
    }
    expect(await text(await catalog.relation({ dataset: 'raw.orders' }))).toEqual([1, 2])
    const old = await catalog.relation({ dataset: 'raw.orders', version: 1 })
    expect(old.version).toBe(1)
    expect(await text(old)).toEqual([1])
    expect(await ids()).toEqual([1, 2])
    expect(await text(await catalog.relation({ dataset: 'lake://files/people.csv' }))).toEqual([5])
    expect((await catalog.list()).map(({ name, format }) => [name.split('.').slice(1).join('.'), format])).toEqual([
      ['files.people', 'csv'],
      ['raw.orders', 'delta'],
    ])
  })

  test('while somebody holds a version, another relation does not move it', async () => {
    await write(`(1, 'a')`)
    await using _held = await catalog.pin(['raw.orders'])
    await write(`(2, 'b')`)
    const newer = await catalog.relation({ dataset: 'raw.orders' })
    expect(newer.version).toBe(2)
    await using connection = await engine.connect()
    expect(await connection.rows(sql`select id from ${newer.sql}`)).toHaveLength(2)
    expect(await ids()).toEqual([1])
  })

  test('what PostgreSQL has no type for stands as json, and every other value as it was', async () => {
    await using connection = await lake.connect()
    const query = sql`select 1::utinyint as tiny, 12.50::decimal(10, 2) as price, timestamp '2024-02-29 23:59:59.123456' as at,
      date '2024-02-29' as day, {'a': 1, 'b': ['x', 'y']} as nested, map {'k': 1.5} as pairs, [1, null, 3] as list,
      'é,"' as text, '' as empty, null::varchar as nothing, '\\xAA'::blob as bytes, true as yes, 'nan'::double as nan`
    const table = await catalog.ensureDeltaTable('raw.types', { schema: await connection.describe(query) })
    await appendTo(table, query, { connection })
    await catalog.publish(['raw.types'])
    const [row] = await rows(`select tiny, price::text, at::text, day::text, nested->'b'->>1 as nested,
      pairs->>'k' as pairs, list::text, text, empty, nothing, encode(bytes, 'hex') as bytes, yes, nan::text
      from raw.types`)
    expect(row).toEqual({
      tiny: 1,
      price: '12.50',
      at: '2024-02-29 23:59:59.123456',
      day: '2024-02-29',
      nested: 'y',
      pairs: '1.5',
      list: '{1,NULL,3}',
      text: 'é,"',
      empty: '',
      nothing: null,
      bytes: 'aa',
      yes: true,
      nan: 'NaN',
    })
  })

  test("somebody else's table of the name is left alone", async () => {
    await write(`(1, 'a')`)
    await rows('create schema raw')
    await rows(`create table raw.orders (mine text)`)
    await expect(catalog.publish(['raw.orders'])).rejects.toMatchObject({ code: 'WRITE_EXISTS' })
    expect(await rows('select * from raw.orders')).toEqual([])
  })

  test('a new column comes without moving the old rows again', async () => {
    await write(`(1, 'a')`)
    await catalog.publish(['raw.orders'])
    await using connection = await lake.connect()
    const query = sql`select 2 as id, 'b' as name, 9 as extra`
    await appendTo(await catalog.deltaTable('raw.orders'), query, { connection, schemaMode: 'merge' })
    await catalog.publish(['raw.orders'])
    expect(await rows('select * from raw.orders order by id')).toEqual([
      { id: 1, name: 'a', extra: null },
      { id: 2, name: 'b', extra: 9 },
    ])
    expect(await writers()).toHaveLength(2)
  })
})
