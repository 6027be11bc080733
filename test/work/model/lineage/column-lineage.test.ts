import { expect, test } from 'vitest'
import { sql } from '../../../../src/base/sql/index.ts'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import { modelLineage } from '../../../../src/work/model/index.ts'
import { queryColumns } from '../../../../src/work/model/lineage/query-columns.ts'
import { dbtFolder } from '../dbt-folder.ts'

const TABLES: Record<string, string[]> = { t: ['id', 'name', 'k'], u: ['id', 'amount', 'q'] }

/** Columns and their origins as text, from DuckDB's own tree of the query. */
async function told(query: string): Promise<string> {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const [row] = await connection.rows<{ tree: string }>(
    sql`select json_serialize_sql(${query}::varchar)::varchar as tree`,
  )
  const { statements } = JSON.parse(row?.tree ?? '') as { statements: { node: Record<string, unknown> }[] }
  return queryColumns(statements[0]?.node ?? {}, (path) => TABLES[path])
    .map(
      ({ name, origins }) =>
        `${name}<${origins
          .map((one) => `${one.relation}.${one.column}`)
          .sort()
          .join(' ')}>`,
    )
    .join(', ')
}

test.each([
  ['select id, upper(name) as n from t', 'id<t.id>, n<t.name>'],
  ['select * from t', 'id<t.id>, name<t.name>, k<t.k>'],
  ['select * exclude (k) replace (id + 1 as id) from t', 'id<t.id>, name<t.name>'],
  ['select t.*, u.amount from t join u on t.id = u.id', 'id<t.id>, name<t.name>, k<t.k>, amount<u.amount>'],
  ['select * from t join u using (id)', 'id<t.id>, name<t.name>, k<t.k>, amount<u.amount>, q<u.q>'],
  ['with x as (select id, amount * 2 as twice from u) select twice + id as s from x', 's<u.amount u.id>'],
  ['with x(a, b) as (select id, name from t) select b from x', 'b<t.name>'],
  ['select s.n from (select name as n from t) s', 'n<t.name>'],
  ['select amount as a, a + q as b from u', 'a<u.amount>, b<u.amount u.q>'],
  ['select id from t union all select amount from u', 'id<t.id u.amount>'],
  ['select id, sum(amount) over (partition by q) as w from u', 'id<u.id>, w<u.amount u.q>'],
  ['select t.id, l.y from t, lateral (select t.k + 1 as y) l', 'id<t.id>, y<t.k>'],
  ['select name, count(k) as n from t group by all', 'name<t.name>, n<t.k>'],
  ['select id, k.inner_name as x from t', 'id<t.id>, x<t.k>'],
  ['select id, x.v from t, unnest(t.k) as x(v)', 'id<t.id>, v<t.k>'],
  ['select * from (values (1, 2)) x(a, b)', 'a<>, b<>'],
  ['select * from t natural join u', 'id<t.id>, name<t.name>, k<t.k>, amount<u.amount>, q<u.q>'],
  ['select * from t semi join u using (id)', 'id<t.id>, name<t.name>, k<t.k>'],
  ["select columns('^[ik]') from t", 'id<t.id>, k<t.k>'],
  ['select * from u unpivot (val for nm in (amount, q))', 'id<u.id>, nm<>, val<u.amount u.q>'],
  [
    "select * from (pivot t on name in ('a', 'b') using max(k) as top group by id)",
    'id<t.id>, a_top<t.k t.name>, b_top<t.k t.name>',
  ],
  ['select * from (pivot u on q in (1) using sum(amount))', 'id<u.id>, 1<u.amount u.q>'],
  ['select (select max(amount) from u where u.id = t.id) as m from t', 'm<u.amount>'],
  ['select count(*) as n, sum(amount) over (partition by id) as s from u', 'n<>, s<u.amount u.id>'],
  ['select case when k then name end as c, cast(id as varchar) from t', 'c<t.k t.name>, id<t.id>'],
  ['select x.a, b from db.main.unknown x', 'a<db.main.unknown.a>, b<db.main.unknown.b>'],
  ['with recursive r as (select id as n from t union all select n + 1 from r) select n from r', 'n<t.id>'],
  ['from t select name', 'name<t.name>'],
])('%s', async (query, expected) => {
  expect(await told(query)).toBe(expected)
})

const shop = {
  'seeds/raw_orders.csv': 'id,customer,amount\n1,ann,20\n',
  'models/stg.sql': "select id as order_id, customer, amount / 100 as amount from {{ ref('raw_orders') }}",
  'models/mid.sql': "{{ config(materialized='ephemeral') }} select * from {{ ref('stg') }}",
  'models/mart.sql':
    "select customer, sum(amount) as spent, count(*) as orders from {{ ref('mid') }} group by customer",
}

test('a column is followed through models, ephemeral ones too, up to the seed and down again', async () => {
  const folder = await dbtFolder(shop)
  await folder.dbt('seed')
  const deps = {
    dir: folder.dir,
    connect: () => folder.engine.connect(),
    database: folder.engine.database,
    schema: 'main',
  }
  expect(await modelLineage({ column: 'mart.spent', direction: 'up' }, deps)).toEqual({
    node: 'model.shop.mart',
    column: 'spent',
    next: [
      {
        node: 'model.shop.stg',
        column: 'amount',
        next: [{ node: 'seed.shop.raw_orders', column: 'amount', next: [] }],
      },
    ],
  })
  const down = await modelLineage({ column: 'raw_orders.customer', direction: 'down' }, deps)
  expect(JSON.stringify(down)).toContain('"node":"model.shop.mart","column":"customer"')
  await expect(modelLineage({ column: 'mart.spend', direction: 'up' }, deps)).rejects.toMatchObject({ hint: /"spent"/ })
  await expect(modelLineage({ column: 'marts.spent', direction: 'up' }, deps)).rejects.toMatchObject({ hint: /"mart"/ })
})
