import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

const seeds = { 'seeds/orders.csv': 'id,amount,day\n1,2.5,2024-01-01\n' }

async function checked(models: Readonly<Record<string, string>>, options = {}) {
  const folder = await dbtFolder({ ...seeds, ...models })
  const run = await folder.dbt('build', { checkColumns: true, ...options })
  const wrong = run.results.filter(({ status }) => status === 'error')
  return { folder, run, wrong, errors: wrong.map(({ error }) => error) }
}

test('a missing column is refused before anything runs, with its place and what was meant', async () => {
  const { folder, run, errors } = await checked({
    'models/a.sql': "select id, amount from {{ ref('orders') }}",
    'models/b.sql': "{# amont #}\nselect\n  id,\n  amont\nfrom {{ ref('a') }}",
    'models/c.sql': "select * from {{ ref('b') }}",
  })
  expect(run.exitCode).toBe(1)
  expect(errors).toEqual([
    expect.objectContaining({
      code: 'MODEL_COLUMNS_INVALID',
      message: 'checking the columns of b: Referenced column "amont" not found in FROM clause!',
      at: { file: 'models/b.sql', line: 4, column: 3 },
      hint: expect.stringMatching(/^Did you mean "amount"\?/),
    }),
  ])
  expect(folder.statuses(run)).toMatchObject({ a: 'skipped', c: 'skipped', orders: 'skipped' })
  expect(await folder.rows('select count(*) from duckdb_tables()')).toEqual([['0']])
  expect(await folder.rows("select count(*) from duckdb_databases() where database_name like 'millrace%'")).toEqual([
    ['0'],
  ])
})

test.each([
  ['an ambiguous name', "select id\nfrom {{ ref('orders') }} a\njoin {{ ref('orders') }} b on a.id = b.id", 1, 8],
  ['a type clash', "select\n  count(*) as n, sum(day) as days from {{ ref('orders') }}", 2, 18],
  ['a name of an alias', "select o.ids from {{ ref('orders') }} o", 1, 10],
])('%s is found at its place', async (_, text, line, column) => {
  const { errors } = await checked({ 'models/a.sql': text })
  expect(errors).toMatchObject([{ code: 'MODEL_COLUMNS_INVALID', at: { file: 'models/a.sql', line, column } }])
})

test('ephemeral models, data tests, snapshots and the second run of an incremental model are looked at', async () => {
  const { wrong } = await checked({
    'models/e.sql': "{{ config(materialized='ephemeral') }}\nselect ix from {{ ref('orders') }}",
    'models/t.sql': "select id from {{ ref('orders') }}",
    'tests/whole.sql': "select * from {{ ref('t') }} where idd is null",
    'snapshots/s.sql':
      "{% snapshot s %}{{ config(strategy='timestamp', unique_key='id', updated_at='changed_at') }}\nselect * from {{ ref('orders') }}{% endsnapshot %}",
  })
  expect(wrong.map(({ name }) => name).sort()).toEqual(['e', 's', 'whole'])
})

test('the second run of an incremental model is bound as it will be run', async () => {
  const folder = await dbtFolder({
    ...seeds,
    'models/i.sql':
      "{{ config(materialized='incremental') }}\nselect id from {{ ref('orders') }}\n{% if is_incremental() %}where at > 1{% endif %}",
  })
  expect((await folder.dbt('build', { checkColumns: true })).exitCode).toBe(0)
  const again = await folder.dbt('build', { checkColumns: true })
  expect(folder.statuses(again)).toMatchObject({ i: 'error' })
  expect((await folder.dbt('build', { checkColumns: true, fullRefresh: true })).exitCode).toBe(0)
})

test('what only running tells is left out, and so is what is built on it: nothing is accused falsely', async () => {
  const { run, folder } = await checked({
    'models/asks.sql':
      "{% set names = run_query('select 1 as one').columns[0].values() if execute else [] %}\nselect {% for name in names %}{{ name }} as c{{ name }}{% endfor %}",
    'models/after.sql': "select c1 from {{ ref('asks') }}",
    'models/wide.sql':
      "{{ config(materialized='table') }}\nselect * from (pivot (select * from {{ ref('orders') }}) on id using sum(amount))",
    'models/narrow.sql': 'select "1" from {{ ref(\'wide\') }}',
    'models/altered.sql':
      "{{ config(materialized='table', post_hook='alter table {{ this }} add column later int') }}\nselect id from {{ ref('orders') }}",
    'models/later.sql': "select later from {{ ref('altered') }}",
    'models/nothing.sql': "{{ config(materialized='view') }}\nselect null as n",
    'models/dated.sql': "select coalesce(n, date '2020-01-01') as day from {{ ref('nothing') }}",
  })
  expect(run.results.filter(({ status }) => status === 'error')).toEqual([])
  expect(run.exitCode).toBe(0)
  const said = folder.events.find((event) => event.kind === 'log' && /^Columns of/.test(event.message))
  expect(said).toMatchObject({ message: expect.stringContaining('model.shop.after: it reads asks') })
})
