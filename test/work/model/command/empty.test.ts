import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

test('--empty reads no rows, of ephemeral models neither, beside an alias of the user, and creates seeds without rows', async () => {
  const folder = await dbtFolder({
    'seeds/codes.csv': 'code,amount\na,1.5\n',
    'models/temporary.sql': "{{ config(materialized='ephemeral') }} select 1 as n",
    'models/counted.sql': "select c.n from {{ ref('temporary') }} as c",
    'models/priced.sql': "select coalesce(codes.amount, 0) as n from {{ ref('codes') }} as codes",
  })
  const run = await folder.dbt('build', { empty: true })
  expect(folder.statuses(run)).toEqual({ codes: 'success', counted: 'success', priced: 'success' })
  expect(await folder.rows('select (select count(*) from counted), (select count(*) from priced)')).toEqual([
    ['0', '0'],
  ])
  expect(await folder.rows("select data_type from duckdb_columns() where table_name = 'codes' order by 1")).toEqual([
    ['DOUBLE'],
    ['VARCHAR'],
  ])
})

test('the ending of a file may be in capitals', async () => {
  const folder = await dbtFolder({ 'models/one.SQL': 'select 1 as n' })
  expect(folder.statuses(await folder.dbt('run'))).toEqual({ one: 'success' })
})

test('a file without code is listed, but not run', async () => {
  const folder = await dbtFolder({ 'models/empty.sql': ' \n', 'models/one.sql': 'select 1 as n' })
  expect(folder.statuses(await folder.dbt('build'))).toEqual({ one: 'success' })
  expect((await folder.dbt('ls')).selected).toContain('model.shop.empty')
})
