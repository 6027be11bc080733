import { describe, expect, test } from 'vitest'
import { administer, hasPostgres, POSTGRES_HINT, tlsFolder } from '../../services/postgres.ts'
import { connectionsOf, databaseProject } from './database-project.ts'
import { openLake } from './lake.ts'

describe.skipIf(!hasPostgres && !process.env.MILLRACE_FORBID_SKIPS)(`PostgreSQL (${POSTGRES_HINT})`, () => {
  test('every type is kept exactly, or told', async () => {
    await using shop = await databaseProject('postgres')
    await shop.run(`
      create type mood as enum ('sad', 'glad');
      create domain price as numeric(12,4);
      create table t (
        id int primary key, small smallint, big bigint, amount price, wide numeric(60,5), bare numeric, f real,
        d double precision, day date, at timestamp, instant timestamptz, clock time, flag boolean, feeling mood,
        doc json, docb jsonb, txt text, fixed char(4), raw bytea, u uuid, tags text[], nums int[], span interval,
        net inet, mask bit(3), "Odd" int);
      insert into t values (1, -32768, 9223372036854775807, -12345678.1234,
        123456789012345678901234567890123456789012345.12345, 1e-20, 0.1, 1e300, '2024-02-29',
        '2024-02-29 23:59:59.999999', '2024-02-29 12:00:00.123+02', '23:59:59.5', true, 'glad', '{"k": [1, "x"]}',
        '{"k": 1}', E'Größe, "zwei"\\nZeilen', 'ab', '\\x00ff0a', '00000000-0000-0000-0000-00000000000a',
        array['a', null, 'b,"c'], array[1, null], '1 day 02:00', '10.0.0.1', b'101', 7);
      insert into t (id, txt) values (2, ''), (3, null);`)
    await shop.tables('  t: { primary_key: id }\n')
    await using lake = await openLake(shop.dir)
    await lake.load({ connections: shop.connections })
    const [first, empty, none] = await lake.rows('raw.t')
    expect(first).toEqual({
      id: 1,
      small: -32768,
      big: 9223372036854775807n,
      amount: '-12345678.1234',
      wide: '123456789012345678901234567890123456789012345.12345',
      bare: '0.00000000000000000001',
      f: Math.fround(0.1),
      d: 1e300,
      day: '2024-02-29',
      at: '2024-02-29T23:59:59.999999',
      instant: '2024-02-29T10:00:00.123000Z',
      clock: '23:59:59.5',
      flag: true,
      feeling: 'glad',
      doc: '{"k": [1, "x"]}',
      docb: '{"k": 1}',
      txt: 'Größe, "zwei"\nZeilen',
      fixed: 'ab  ',
      raw: new Uint8Array([0, 255, 10]),
      u: '00000000-0000-0000-0000-00000000000a',
      tags: ['a', null, 'b,"c'],
      nums: [1, null],
      span: expect.stringContaining('1 day'),
      net: '10.0.0.1',
      mask: '101',
      Odd: 7,
    })
    expect(empty).toMatchObject({ id: 2, txt: '', tags: null })
    expect(none).toMatchObject({ id: 3, txt: null })
  })

  test('a value that no table of the lake holds goes to the rejects with its column, the others are loaded', async () => {
    await using shop = await databaseProject('postgres')
    await shop.run(
      "create table t (id int, d date, x text); insert into t values (1, '2024-01-01', '7'), (2, 'infinity', '8'), (3, null, '300')",
    )
    await shop.tables('  t: { on_reject: { max: 2 }, columns: { x: byte } }\n')
    await using lake = await openLake(shop.dir)
    const [result] = await lake.load({ connections: shop.connections })
    expect(result).toMatchObject({ rows: 1, rejected: 2 })
    expect(await lake.rows('raw.t_rejects')).toMatchObject([
      { file: 'shop_db: t', column: 'd', reason: 'not a value of the type date' },
      { file: 'shop_db: t', column: 'x', reason: 'not a value of the type tinyint' },
    ])
    // Rejects that are known are not counted again; a new one is one too many.
    await shop.run("insert into t values (4, '-infinity', '1')")
    await shop.tables('  t: { columns: { x: byte } }\n')
    await expect(lake.load({ connections: shop.connections })).rejects.toMatchObject({
      code: 'INGEST_TOO_MANY_REJECTS',
    })
    expect(await lake.rows('raw.t')).toHaveLength(1)
  })

  test('a query, with a cursor and a look-back by time, finds late rows and loads none twice', async () => {
    await using shop = await databaseProject('postgres')
    await shop.run(`create table t (id int, at timestamptz);
      insert into t values (1, '2024-01-01 10:00Z'), (2, '2024-01-01 12:00Z'), (3, '2024-01-01 12:00Z')`)
    await shop.tables(
      '  t: { query: "select id, at, id % 2 = 0 as even from t", cursor: at, primary_key: id, lookback: 1 hour }\n',
    )
    await using lake = await openLake(shop.dir)
    const loaded = async () => (await lake.load({ connections: shop.connections }))[0]?.rows
    expect(await loaded()).toBe(3)
    await shop.run(`insert into t values (4, '2024-01-01 11:00Z'), (5, '2024-01-01 10:59:59Z'), (6, '2024-01-01 12:00Z'),
      (7, '2024-01-01 13:00Z')`)
    expect(await loaded()).toBe(3)
    expect((await lake.rows('raw.t')).map(({ id }) => id)).toEqual([1, 2, 3, 4, 6, 7])
    expect(await loaded()).toBe(0)
  })

  test('a column that is gone or of another type is refused by its name, and a new one is added when asked', async () => {
    await using shop = await databaseProject('postgres')
    await shop.run("create table t (id int, a int, b text); insert into t values (1, 1, 'x')")
    await shop.tables('  t: { cursor: id }\n')
    await using lake = await openLake(shop.dir)
    const load = () => lake.load({ connections: shop.connections })
    await load()
    await shop.run("alter table t alter column a type text; insert into t values (2, 'two', 'y')")
    await expect(load()).rejects.toMatchObject({ code: 'INGEST_SCHEMA_CHANGED', message: expect.stringContaining('a') })
    await shop.run(
      "delete from t where id = 2; alter table t alter column a type int using a::int, add column c date; insert into t values (3, 3, 'z', '2024-01-01')",
    )
    await expect(load()).rejects.toMatchObject({
      code: 'INGEST_SCHEMA_CHANGED',
      message: expect.stringContaining('"c"'),
    })
    await shop.tables('  t: { cursor: id, on_schema_change: add }\n')
    expect(await load()).toMatchObject([{ rows: 1, notes: ['new column "c" added'] }])
    await shop.run('alter table t drop column b; insert into t values (4, 4, null)')
    await shop.tables('  t: { cursor: id }\n')
    await expect(load()).rejects.toMatchObject({
      code: 'INGEST_SCHEMA_CHANGED',
      message: expect.stringContaining('"b"'),
    })
    await shop.tables('  t: { cursor: id, on_schema_change: add }\n')
    // The row at the boundary is known by the columns that are left.
    expect(await load()).toMatchObject([{ rows: 1, notes: ['shop_db: t has no column "b": null'] }])
    expect((await lake.rows('raw.t')).map(({ id, b }) => [id, b])).toEqual([
      [1, 'x'],
      [3, 'z'],
      [4, null],
    ])
    await shop.tables('  t: { cursor: idd }\n')
    await expect(load()).rejects.toMatchObject({ hint: expect.stringContaining('id') })
  })

  test('a role that may only read is enough', async () => {
    await using shop = await databaseProject('postgres')
    await shop.run('create table t (id int, c int); insert into t values (1, 1), (2, 2)')
    const database = new URL(shop.url).pathname.slice(1)
    const role = `reader_${database}`
    await shop.run(`create role ${role} login password 'only-reads'; grant select on t to ${role}`)
    try {
      await shop.tables('  t: { cursor: c }\n')
      const url = shop.url.replace('millrace:millrace@', `${role}:only-reads@`)
      await using lake = await openLake(shop.dir)
      expect(await lake.load({ connections: connectionsOf('postgres', url) })).toMatchObject([{ rows: 2 }])
      await shop.run(`revoke select on t from ${role}`)
      const thrown = await lake.load({ connections: connectionsOf('postgres', url) }).catch((error: unknown) => error)
      expect(thrown).toMatchObject({ code: expect.stringMatching(/DENIED|REFUSED/), retry: 'never' })
      expect(JSON.stringify(thrown)).not.toContain('only-reads')
    } finally {
      await shop.run(`drop owned by ${role}; drop role ${role}`)
    }
  })

  test('a wrong password is told at once, without it', async () => {
    await using shop = await databaseProject('postgres')
    await shop.tables('  t: {}\n')
    await using lake = await openLake(shop.dir)
    const url = shop.url.replace(':millrace@', ':wr0ng-secret@')
    const said: string[] = []
    const onProgress = ({ text }: { text: string }) => void said.push(text)
    const load = lake.load({ connections: connectionsOf('postgres', url), onProgress })
    const thrown = await load.catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'CONNECTION_DENIED', message: expect.stringContaining('shop_db') })
    expect(JSON.stringify(thrown)).not.toContain('wr0ng')
    expect(said.join()).not.toContain('trying again')
  })

  test('rows come over TLS whose certificate is checked', async () => {
    await using shop = await databaseProject('postgres')
    await shop.run(
      'create table t as select ssl, count(*) over () as n from pg_stat_ssl where pid = pg_backend_pid() limit 0',
    )
    await shop.tables('  t: { query: "select ssl from pg_stat_ssl where pid = pg_backend_pid()" }\n')
    const ca = `${await tlsFolder()}/ca.crt`
    const secure = { sslmode: 'verify-full', sslrootcert: ca }
    const url = shop.url.replace('127.0.0.1', 'localhost')
    await using lake = await openLake(shop.dir)
    await lake.load({ connections: connectionsOf('postgres', url, secure) })
    expect(await lake.rows('raw.t')).toEqual([{ ssl: true }])
    await expect(
      lake.load({
        connections: connectionsOf('postgres', url, { ...secure, sslrootcert: ca.replace('ca.crt', 'stranger.crt') }),
      }),
    ).rejects.toMatchObject({ code: 'CONNECTION_DENIED' })
    expect(await administer('select 1 as one')).toEqual([{ one: 1 }])
  })
})
