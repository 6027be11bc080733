import { describe, expect, test } from 'vitest'
import { hasMariadb, MARIADB_HINT } from '../../services/mariadb.ts'
import { databaseProject } from './database-project.ts'
import { openLake } from './lake.ts'

describe.skipIf(!hasMariadb && !process.env.MILLRACE_FORBID_SKIPS)(`MariaDB (${MARIADB_HINT})`, () => {
  test('every type is kept exactly, or told', async () => {
    await using shop = await databaseProject('mariadb')
    await shop.run(`
      create table t (
        id int unsigned primary key, tiny tinyint(1), small smallint, big bigint unsigned, price decimal(12,4),
        wide decimal(60,5), f float, d double, day date, at datetime(6), instant timestamp(3) null, clock time, y year,
        flag bit(1), mask bit(64), colour enum('red','blue'), tags set('a','b'), doc json, txt text character set latin1,
        raw varbinary(20), pic blob);
      insert into t values (1, 2, -5, 18446744073709551615, -12345678.1234, 123456789012345678901234567890123456789012345.12345,
        0.1, 1e300, '2024-02-29', '2024-02-29 23:59:59.999999', '2024-02-29 12:00:00.123', '-838:59:59', 2155,
        b'1', 0xffffffffffffffff, 'blue', 'a,b', '{"k": [1, "x"]}', 'Größe, "zwei"\\nZeilen', 0x00ff0a, 0x220d0a2c);
      insert into t (id) values (4294967295), (3);
      update t set txt = '' where id = 3;`)
    await shop.tables('  t: { primary_key: id }\n')
    await using lake = await openLake(shop.dir)
    await lake.load({ connections: shop.connections })
    const [first, third, last] = await lake.rows('raw.t')
    expect(first).toEqual({
      id: 1n,
      tiny: 2,
      small: -5,
      big: '18446744073709551615',
      price: '-12345678.1234',
      wide: '123456789012345678901234567890123456789012345.12345',
      f: Math.fround(0.1),
      d: 1e300,
      day: '2024-02-29',
      at: '2024-02-29T23:59:59.999999',
      instant: '2024-02-29T12:00:00.123000Z',
      clock: '-838:59:59',
      y: 2155,
      flag: true,
      mask: '18446744073709551615',
      colour: 'blue',
      tags: 'a,b',
      doc: '{"k": [1, "x"]}',
      txt: 'Größe, "zwei"\nZeilen',
      raw: new Uint8Array([0, 255, 10]),
      pic: new Uint8Array([0x22, 0x0d, 0x0a, 0x2c]),
    })
    expect(third).toMatchObject({ id: 3n, txt: '', tiny: null, doc: null, raw: null })
    expect(last).toMatchObject({ id: 4294967295n, txt: null })
  })

  test('a zero date goes to the rejects with its column, the other rows are loaded', async () => {
    await using shop = await databaseProject('mariadb')
    await shop.run(
      "create table t (id int, d date); insert into t values (1, '2024-01-01'), (2, '0000-00-00'), (3, null)",
    )
    await shop.tables('  t: { on_reject: { max: 1 } }\n')
    await using lake = await openLake(shop.dir)
    const [result] = await lake.load({ connections: shop.connections })
    expect(result).toMatchObject({ rows: 2, rejected: 1, rejects: 'raw.t_rejects' })
    expect(await lake.rows('raw.t_rejects')).toMatchObject([
      { file: 'shop_db: t', column: 'd', reason: 'not a value of the type date', raw: '{"id":"2","d":"0000-00-00"}' },
    ])
  })

  test('rows beyond the cursor, ties, late rows and text in the order of its bytes', async () => {
    await using shop = await databaseProject('mariadb')
    await shop.run(
      "create table t (id int primary key, c varchar(9)); insert into t values (1, 'a'), (2, 'B'), (3, 'é'), (4, 'é')",
    )
    await shop.tables('  t: { cursor: c, primary_key: id, batch_rows: 2 }\n')
    await using lake = await openLake(shop.dir)
    expect(await lake.load({ connections: shop.connections })).toMatchObject([{ rows: 4, batches: 2 }])
    await shop.run("insert into t values (5, 'é'), (6, 'z'), (7, '日')")
    // z is before é in the order of bytes: it came too late without a look-back.
    expect(await lake.load({ connections: shop.connections })).toMatchObject([{ rows: 2 }])
    expect(await lake.load({ connections: shop.connections })).toMatchObject([{ rows: 0, batches: 0 }])
  })

  test('a wrong password is told at once, without it', async () => {
    await using shop = await databaseProject('mariadb')
    await shop.tables('  t: {}\n')
    await using lake = await openLake(shop.dir)
    const url = shop.url.replace(':millrace@', ':wr0ng-secret@')
    const { connectionsOf } = await import('./database-project.ts')
    const thrown = await lake.load({ connections: connectionsOf('mariadb', url) }).catch((error) => error)
    expect(thrown).toMatchObject({ code: 'CONNECTION_DENIED', message: expect.stringContaining('shop_db') })
    expect(JSON.stringify(thrown)).not.toContain('wr0ng')
  })

  test('an unknown table and a server that is not there are told with their names', async () => {
    await using shop = await databaseProject('mariadb')
    await shop.tables('  nowhere: {}\n')
    await using lake = await openLake(shop.dir)
    await expect(lake.load({ connections: shop.connections })).rejects.toMatchObject({
      code: 'SOURCE_REFUSED',
      message: expect.stringContaining('shop_db: nowhere'),
    })
    const { connectionsOf } = await import('./database-project.ts')
    await expect(
      lake.load({ connections: connectionsOf('mariadb', 'mysql://a:b@127.0.0.1:1/x') }),
    ).rejects.toMatchObject({ code: 'CONNECTION_FAILED', retry: 'again' })
  })
})
