import { describe, expect, test } from 'vitest'
import { type DbtFolder, dbtFolder } from './dbt-folder.ts'

const model = (
  config: string,
  columns = 'id, status, updated_at',
): string => `{{ config(materialized='incremental', ${config}) }}
select ${columns}
from {{ source('raw', 'orders') }}
{% if is_incremental() %}
where updated_at > (select max(updated_at) from {{ this }})
{% endif %}`

async function shop(config: string): Promise<DbtFolder> {
  const folder = await dbtFolder({
    'models/orders.sql': model(config),
    'models/sources.yml': 'sources: [{ name: raw, tables: [{ name: orders }] }]',
  })
  await folder.script(`create schema raw;
    create table raw.orders as select * from (values (1, 'placed', 1), (2, 'placed', 2)) t(id, status, updated_at)`)
  await folder.dbt('run')
  await folder.script(
    "update raw.orders set status = 'sent', updated_at = 3 where id = 2; insert into raw.orders values (3, 'placed', 4)",
  )
  return folder
}

const ALL = 'select id, status from orders order by id, status'

test.each([
  [
    "unique_key='id'",
    [
      ['1', 'placed'],
      ['2', 'sent'],
      ['3', 'placed'],
    ],
  ],
  [
    "unique_key=['id', 'updated_at']",
    [
      ['1', 'placed'],
      ['2', 'placed'],
      ['2', 'sent'],
      ['3', 'placed'],
    ],
  ],
  [
    "unique_key='id', incremental_strategy='merge'",
    [
      ['1', 'placed'],
      ['2', 'sent'],
      ['3', 'placed'],
    ],
  ],
  [
    "unique_key='id', incremental_strategy='merge', merge_exclude_columns=['status']",
    [
      ['1', 'placed'],
      ['2', 'placed'],
      ['3', 'placed'],
    ],
  ],
  [
    "incremental_strategy='append'",
    [
      ['1', 'placed'],
      ['2', 'placed'],
      ['2', 'sent'],
      ['3', 'placed'],
    ],
  ],
  [
    "unique_key='id', incremental_predicates=['status <> \\'placed\\'']",
    [
      ['1', 'placed'],
      ['2', 'placed'],
      ['2', 'sent'],
      ['3', 'placed'],
    ],
  ],
])('with %s a second run leaves the right rows, and a third changes nothing', async (config, rows) => {
  const folder = await shop(config)
  expect((await folder.dbt('run')).results).toMatchObject([{ status: 'success' }])
  expect(await folder.rows(ALL)).toEqual(rows)
  await folder.dbt('run')
  expect(await folder.rows(ALL)).toEqual(rows)
})

test('a full refresh, asked for by flag or setting, builds the table anew', async () => {
  const folder = await shop("unique_key='id'")
  await folder.script('delete from raw.orders where id = 1')
  await folder.dbt('run', { fullRefresh: true })
  expect(await folder.rows('select count(*) from orders')).toEqual([['2']])
  folder.write({ 'models/orders.sql': model("unique_key='id', full_refresh=false") })
  await folder.script('delete from raw.orders where id = 2')
  await folder.dbt('run', { fullRefresh: true })
  expect(await folder.rows('select count(*) from orders')).toEqual([['2']])
})

describe('when the model gains a column', () => {
  const withColumn = async (setting: string): Promise<DbtFolder> => {
    const folder = await shop(`unique_key='id', on_schema_change='${setting}'`)
    await folder.script(
      "alter table raw.orders add column coupon varchar; update raw.orders set coupon = 'X' where id = 3",
    )
    folder.write({
      'models/orders.sql': model(`unique_key='id', on_schema_change='${setting}'`, 'id, status, updated_at, coupon'),
    })
    return folder
  }

  test('fail says which columns differ, and changes nothing', async () => {
    const folder = await withColumn('fail')
    const [result] = (await folder.dbt('run')).results
    expect(result).toMatchObject({
      status: 'error',
      error: { code: 'MODEL_SCHEMA_CHANGED', data: { added: [{ name: 'coupon', type: 'VARCHAR' }] } },
    })
    expect(result?.message).toContain('Source columns not in target: [coupon VARCHAR]')
    expect(result?.message).toContain('Target columns not in source: []')
    expect(result?.message).toContain('New column types: []')
    expect(await folder.rows('select * from orders order by 1')).toEqual([
      ['1', 'placed', '1'],
      ['2', 'placed', '2'],
    ])
  })

  test.each([
    [
      'append_new_columns',
      [
        ['1', 'null'],
        ['2', 'null'],
        ['3', 'X'],
      ],
    ],
    [
      'sync_all_columns',
      [
        ['1', 'null'],
        ['2', 'null'],
        ['3', 'X'],
      ],
    ],
  ])('%s adds it', async (setting, rows) => {
    const folder = await withColumn(setting)
    expect((await folder.dbt('run')).exitCode).toBe(0)
    expect(await folder.rows('select id, coupon from orders order by 1')).toEqual(rows)
  })

  test('ignore leaves it out', async () => {
    const folder = await withColumn('ignore')
    expect((await folder.dbt('run')).exitCode).toBe(0)
    expect(await folder.rows('select * from orders order by 1')).toEqual([
      ['1', 'placed', '1'],
      ['2', 'sent', '3'],
      ['3', 'placed', '4'],
    ])
  })

  test('a misspelled setting is refused with those there are', async () => {
    const folder = await withColumn('appendnew')
    expect((await folder.dbt('run')).results).toMatchObject([
      { error: { code: 'MODEL_INVALID', hint: expect.stringContaining('append_new_columns') } },
    ])
  })
})

test('sync_all_columns also drops columns and changes types', async () => {
  const folder = await shop("unique_key='id', on_schema_change='sync_all_columns'")
  folder.write({
    'models/orders.sql': model("unique_key='id', on_schema_change='sync_all_columns'", 'id::bigint as id, updated_at'),
  })
  expect((await folder.dbt('run')).results.map(({ error }) => error)).toEqual([undefined])
  expect(await folder.rows('select column_name, column_type from (describe orders)')).toEqual([
    ['id', 'BIGINT'],
    ['updated_at', 'INTEGER'],
  ])
  expect(await folder.rows('select count(*) from orders')).toEqual([['3']])
})

test('the columns that were dropped from a model stop a run under fail', async () => {
  const folder = await shop("on_schema_change='fail'")
  folder.write({ 'models/orders.sql': model("on_schema_change='fail'", 'id, updated_at') })
  const [result] = (await folder.dbt('run')).results
  expect(result?.message).toContain('Target columns not in source: [status VARCHAR]')
})
