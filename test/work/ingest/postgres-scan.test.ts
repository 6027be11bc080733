import { describe, expect, test } from 'vitest'
import { sql } from '../../../src/base/sql/index.ts'
import { extensionDirectory, extensionHint, hasExtension } from '../../services/duckdb-extensions.ts'
import { hasPostgres, POSTGRES_HINT } from '../../services/postgres.ts'
import { databaseProject } from './database-project.ts'
import { openLake } from './lake.ts'

const there = hasPostgres && hasExtension('postgres_scanner')

describe.skipIf(!there && !process.env.MILLRACE_FORBID_SKIPS)(
  `DuckDB’s extension reads PostgreSQL (${POSTGRES_HINT}; ${extensionHint('postgres_scanner')})`,
  () => {
    const both = async (create: string, table: string) => {
      const rows: unknown[] = []
      const results: unknown[] = []
      await using shop = await databaseProject('postgres')
      await shop.run(create)
      await shop.tables(`  t: ${table}\n`)
      for (const extensions of [extensionDirectory, undefined]) {
        await using lake = await openLake(shop.dir, extensions ? { extensionDirectory: extensions } : {})
        const dataset = extensions ? 'raw.by_extension' : 'raw.by_copy'
        results.push(...(await lake.load({ source: 'shop.t', into: dataset, connections: shop.connections })))
        rows.push(await lake.rows(dataset))
      }
      return { rows, results }
    }

    test('a table is the same by the extension and by COPY', async () => {
      const { rows, results } = await both(
        `create table t (id int primary key, s smallint, l bigint, p numeric(12,4), f real, d double precision, b boolean,
          day date, at timestamp, moment timestamptz, txt text, name varchar(20), raw bytea, u uuid, js jsonb);
        insert into t select i, i % 100, i * 1000000007::bigint, i / 7.0, i / 3.0, i * 1e300, i % 2 = 0,
          '0001-01-01'::date + i * 700, '1969-12-31 23:59:59.999999'::timestamp + i * interval '1 hour',
          '2024-03-31 00:30+00'::timestamptz + i * interval '1 minute', E'Größe, "' || i || E'"\\n', 'n' || i,
          decode(md5(i::text), 'hex'), md5(i::text)::uuid, json_build_object('i', i) from generate_series(1, 3000) as i;
        insert into t (id, txt) values (0, ''), (-1, null)`,
        '{}',
      )
      expect(rows[0]).toHaveLength(3002)
      expect(rows[0]).toEqual(rows[1])
      expect(results).toMatchObject([{ rows: 3002 }, { rows: 3002 }])
    })

    test('so is a query, and a type that the extension reads otherwise', async () => {
      const { rows } = await both(
        `create table t (id int, price numeric, clock time, tags text[]);
         insert into t values (1, 1e-20, '23:59:59.5', array['a', null])`,
        '{ query: "select id, price, clock, tags, id::text as txt from t;" }',
      )
      expect(rows[0]).toHaveLength(1)
      expect(rows[0]).toEqual(rows[1])
    })

    test('so are blanks of char(n), addresses, and a number that is none', async () => {
      const { rows, results } = await both(
        `create table t (id int, c char(5), i inet, p numeric(10,2));
         insert into t values (1, 'a', '10.0.0.1', 1.5), (2, null, null, 'NaN')`,
        '{ on_reject: { max: 1 } }',
      )
      expect(rows[0]).toEqual([{ id: 1, c: 'a    ', i: '10.0.0.1', p: '1.50' }])
      expect(rows[0]).toEqual(rows[1])
      expect(results).toMatchObject([{ rejected: 1 }, { rejected: 1 }])
    })

    test('a name means the table that the server finds by it', async () => {
      const { rows } = await both(
        `create schema aside; create table aside.t as select 1 as id; create table t as select 2 as id;
         do $$ begin execute format('alter database %I set search_path = aside, public', current_database()); end $$`,
        '{}',
      )
      expect(rows).toEqual([[{ id: 1 }], [{ id: 1 }]])
    })

    test('an infinite date is a reject either way', async () => {
      const { rows, results } = await both(
        "create table t (id int, day date); insert into t values (1, '2024-01-01'), (2, 'infinity')",
        '{ on_reject: { max: 1 } }',
      )
      expect(results).toMatchObject([
        { rows: 1, rejected: 1 },
        { rows: 1, rejected: 1 },
      ])
      expect(rows[0]).toEqual(rows[1])
    })

    test('the server sees the extension read, and nothing of the password stays in the engine', async () => {
      await using shop = await databaseProject('postgres')
      await shop.run('create table t as select i as id from generate_series(1, 10) as i')
      await shop.tables(
        '  t: { query: "select current_setting(\'transaction_read_only\') as ro, current_query() as q" }\n',
      )
      await using lake = await openLake(shop.dir, { extensionDirectory })
      await lake.load({ connections: shop.connections })
      const [row] = await lake.rows('raw.t')
      // The extension wraps a query in a COPY in binary form; ours is in CSV.
      expect(row).toMatchObject({ ro: 'on', q: expect.stringMatching(/FORMAT "?binary/i) })
      const secrets = await lake.ingest.connection.rows(sql`select name from duckdb_secrets()`)
      const attached = await lake.ingest.connection.rows(sql`select database_name from duckdb_databases()`)
      expect(secrets).toEqual([])
      expect(JSON.stringify(attached)).not.toContain('millrace_')
    })
  },
)
