import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

test('a build loads seeds, makes views, tables and ephemeral models in order, and tests each before what is built on it', async () => {
  const folder = await dbtFolder({
    'seeds/codes.csv': 'id,name\n1,one\n2,two\n',
    'models/base.sql': "select * from {{ ref('codes') }}",
    'models/middle.sql': "{{ config(materialized='ephemeral') }}\nselect id + 1 as id from {{ ref('base') }}",
    'models/last.sql':
      "{{ config(materialized='table') }}\n-- a comment\nwith recursive x as (select * from {{ ref('middle') }}) select * from x",
    'models/schema.yml': 'models: [{ name: base, columns: [{ name: id, data_tests: [unique, not_null] }] }]',
  })
  const run = await folder.dbt('build')
  expect(folder.statuses(run)).toEqual({
    codes: 'success',
    base: 'success',
    last: 'success',
    unique_base_id: 'pass',
    not_null_base_id: 'pass',
  })
  expect(run.exitCode).toBe(0)
  const order = run.results.map(({ name }) => name)
  expect(order.indexOf('unique_base_id')).toBeLessThan(order.indexOf('last'))
  expect(await folder.rows('select id from last order by 1')).toEqual([['2'], ['3']])
  expect(await folder.rows('select table_name, table_type from information_schema.tables order by 1')).toEqual([
    ['base', 'VIEW'],
    ['codes', 'BASE TABLE'],
    ['last', 'BASE TABLE'],
  ])
})

test('a failing test holds back what is built on its model; a warning does not', async () => {
  const folder = await dbtFolder({
    'models/bad.sql': 'select null as id union all select null',
    'models/meh.sql': 'select null as id',
    'models/after_bad.sql': "select * from {{ ref('bad') }}",
    'models/after_meh.sql': "select * from {{ ref('meh') }}",
    'models/schema.yml': `
models:
  - { name: bad, columns: [{ name: id, data_tests: [not_null] }] }
  - { name: meh, columns: [{ name: id, data_tests: [{ not_null: { config: { severity: warn } } }] }] }
`,
  })
  const run = await folder.dbt('build')
  expect(folder.statuses(run)).toEqual({
    bad: 'success',
    not_null_bad_id: 'fail',
    after_bad: 'skipped',
    meh: 'success',
    not_null_meh_id: 'warn',
    after_meh: 'success',
  })
  expect(run.exitCode).toBe(1)
  expect(run.results.find(({ name }) => name === 'not_null_bad_id')).toMatchObject({
    failures: 2,
    message: 'Got 2 results, configured to fail if != 0',
  })
  expect(await folder.dbt('test', { select: 'meh', warnError: true })).toMatchObject({ exitCode: 1 })
})

test('thresholds, where and limit decide what a test says', async () => {
  const folder = await dbtFolder({
    'models/m.sql': 'select * from range(10) t(id)',
    'tests/many.sql': "{{ config(warn_if='>5', error_if='>20') }} select * from {{ ref('m') }}",
    'tests/few.sql': "{{ config(error_if='>5', limit=3) }} select * from {{ ref('m') }}",
    'models/schema.yml': `
models:
  - name: m
    columns:
      - name: id
        data_tests:
          - accepted_values: { values: [1, 2], quote: false, config: { where: "id in (1, 2)" } }
`,
  })
  expect(folder.statuses(await folder.dbt('build'))).toMatchObject({
    many: 'warn',
    few: 'warn',
    accepted_values_m_id__False__1__2: 'pass',
  })
})

test('a model that fails leaves its old table, and what is built on it is skipped', async () => {
  const folder = await dbtFolder({
    'models/a.sql': "{{ config(materialized='table') }} select 1 as id",
    'models/b.sql': "select * from {{ ref('a') }}",
    'models/c.sql': 'select 3 as id',
  })
  await folder.dbt('run')
  folder.write({ 'models/a.sql': "{{ config(materialized='table') }} select no_such_column from range(3)" })
  const run = await folder.dbt('run')
  expect(folder.statuses(run)).toEqual({ a: 'error', b: 'skipped', c: 'success' })
  expect(run.results.find(({ name }) => name === 'a')?.error).toMatchObject({
    code: 'ENGINE_SQL',
    message: expect.stringContaining('no_such_column'),
    at: { file: 'models/a.sql' },
  })
  expect(await folder.rows('select * from a')).toEqual([['1']])
  expect(
    await folder.rows("select count(*) from information_schema.tables where table_name like '%__dbt_tmp'"),
  ).toEqual([['0']])
})

test('with fail-fast nothing starts after a failure', async () => {
  const folder = await dbtFolder({
    'models/a.sql': 'select nope',
    'models/b.sql': 'select 1 as id',
    'models/c.sql': 'select 1 as id',
  })
  const run = await folder.dbt('run', { failFast: true, threads: 1 })
  expect(folder.statuses(run)).toEqual({ a: 'error', b: 'skipped', c: 'skipped' })
})

test('a table becomes a view and a view a table when the setting changes', async () => {
  const folder = await dbtFolder({ 'models/a.sql': "{{ config(materialized='table') }} select 1 as id" })
  await folder.dbt('run')
  folder.write({ 'models/a.sql': 'select 2 as id' })
  expect((await folder.dbt('run')).exitCode).toBe(0)
  expect(
    await folder.rows("select table_type, (select id from a) from information_schema.tables where table_name = 'a'"),
  ).toEqual([['VIEW', '2']])
  folder.write({ 'models/a.sql': "{{ config(materialized='table') }} select 3 as id" })
  expect((await folder.dbt('run')).exitCode).toBe(0)
  expect(
    await folder.rows("select table_type, (select id from a) from information_schema.tables where table_name = 'a'"),
  ).toEqual([['BASE TABLE', '3']])
})

test('macros, variables, the environment and query results reach the models', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml': 'name: shop\nvars: { limit: 3, shop: { limit: 4 } }\n',
    'macros/cents.sql':
      '{% macro cents(column, scale=2) %}round({{ column }} / 100, {{ scale }}){% endmacro %}\n{% macro outer_one() %}{{ return([cents("a"), _hidden()]) }}{% endmacro %}{% macro _hidden() %}7{% endmacro %}',
    'models/a.sql':
      "select {{ cents('250') }} as x, {{ outer_one()[1] }} as hidden, {{ var('limit') }} as n, '{{ env_var('WHO', 'nobody') }}' as who",
    'models/b.sql': `
{% set names = run_query("select unnest(['p', 'q']) as name order by 1").columns[0].values() if execute else [] %}
select {% for name in names %}1 as {{ name }}{{ ", " if not loop.last }}{% endfor %}, '{{ target.name }}' as target
from {{ ref('a') }}`,
    'models/c.sql': `
{% call statement('top', fetch_result=True) %}select max(n) as n from {{ ref('a') }}{% endcall %}
{% if execute %}select {{ load_result('top')['data'][0][0] }} as top, '{{ adapter.get_columns_in_relation(ref('a')) | map(attribute='name') | join(' ') }}' as names{% endif %}`,
  })
  const run = await folder.dbt('run', {}, { environment: { WHO: 'me' }, target: { name: 'dev' } })
  expect(run.results.map(({ error }) => error)).toEqual([undefined, undefined, undefined])
  expect(await folder.rows('select * from a')).toEqual([['2.5', '7', '4', 'me']])
  expect(await folder.rows('select * from b')).toEqual([['1', '1', 'dev']])
  expect(await folder.rows('select * from c')).toEqual([['4', 'x hidden n who']])
  await folder.dbt('run', { select: 'a', vars: { limit: 9 } })
  expect(await folder.rows('select n, who from a')).toEqual([['9', 'nobody']])
})

test('generic tests of the project, and overridden built-in ones, are called with their arguments', async () => {
  const folder = await dbtFolder({
    'models/a.sql': 'select 5 as id',
    'tests/generic/at_most.sql':
      '{% test at_most(model, column_name, most) %}select * from {{ model }} where {{ column_name }} > {{ most }}{% endtest %}',
    'macros/override.sql': '{% macro default__test_not_null(model, column_name) %}select 1{% endmacro %}',
    'models/schema.yml':
      'models: [{ name: a, columns: [{ name: id, data_tests: [{ at_most: { most: 4 } }, { at_most: { most: 5 } }, not_null] }] }]',
  })
  // dbt's own macros are searched in the project first only by dispatch.
  expect(folder.statuses(await folder.dbt('build'))).toEqual({
    a: 'success',
    at_most_a_id__4: 'fail',
    at_most_a_id__5: 'pass',
    not_null_a_id: 'fail',
  })
})

test('schemas and names follow the settings, or the macros of the project', async () => {
  const files = { 'models/a.sql': "{{ config(schema='mart', alias='aa') }} select 1 as id" }
  const folder = await dbtFolder(files)
  expect((await folder.dbt('run')).results[0]?.relation_name).toBe('"memory"."main_mart"."aa"')
  folder.write({
    'macros/names.sql':
      '{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or target.schema }}{% endmacro %}',
  })
  expect((await folder.dbt('run')).results[0]?.relation_name).toBe('"memory"."mart"."aa"')
  expect(await folder.rows('select * from mart.aa')).toEqual([['1']])
})

test('hooks run inside the transaction of their model, and those of the project around the run', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml':
      "name: shop\non-run-start: 'create table log (what varchar)'\non-run-end: \"insert into log values ('end')\"\n",
    'models/a.sql':
      "{{ config(materialized='table', pre_hook=\"insert into log values ('pre')\", post_hook=[\"insert into log select 'rows ' || count(*) from {{ this }}\"]) }} select 1 as id",
  })
  expect((await folder.dbt('run')).exitCode).toBe(0)
  expect(await folder.rows('select * from log')).toEqual([['pre'], ['rows 1'], ['end']])
})

test('the sources a run reads are announced before it, also through views that are not part of it', async () => {
  const folder = await dbtFolder({
    'models/a.sql': "select * from {{ source('raw', 'orders') }}",
    'models/b.sql': "select * from {{ ref('a') }}",
    'models/sources.yml':
      'sources: [{ name: raw, schema: landing, tables: [{ name: orders, identifier: orders_v1 }, { name: unused }] }]',
  })
  await folder.script('create schema landing; create table landing.orders_v1 as select 1 as id')
  const announced: (readonly string[])[] = []
  const released: string[] = []
  const beforeRun = async (sources: readonly string[]): Promise<AsyncDisposable> => {
    announced.push(sources)
    return { [Symbol.asyncDispose]: async () => void released.push('released') }
  }
  await folder.dbt('run', {}, { beforeRun })
  await folder.dbt('run', { select: 'b' }, { beforeRun })
  expect(announced).toEqual([['memory.landing.orders_v1'], ['memory.landing.orders_v1']])
  expect(released).toHaveLength(2)
})

test('a cancelled run is refused as cancelled', async () => {
  const folder = await dbtFolder({ 'models/a.sql': 'select 1' })
  await expect(folder.dbt('run', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' })
})

test('artifacts hold the manifest, the results and the compiled code', async () => {
  const folder = await dbtFolder({
    'models/deep/a.sql': 'select 1 as id',
    'models/schema.yml': 'models: [{ name: a, columns: [{ name: id, data_tests: [unique] }] }]',
  })
  await folder.dbt('build', {}, { artifacts: true })
  const read = (path: string): string => readFileSync(join(folder.dir, 'target', path), 'utf8')
  const manifest = JSON.parse(read('manifest.json'))
  expect(manifest.metadata.dbt_schema_version).toBe('https://schemas.getdbt.com/dbt/manifest/v12.json')
  expect(manifest.nodes['model.shop.a']).toMatchObject({
    fqn: ['shop', 'deep', 'a'],
    relation_name: '"memory"."main"."a"',
    compiled_path: 'target/compiled/shop/models/deep/a.sql',
    compiled_code: 'select 1 as id',
  })
  const [test_id] = manifest.child_map['model.shop.a']
  expect(manifest.nodes[test_id]).toMatchObject({ attached_node: 'model.shop.a', column_name: 'id' })
  const results = JSON.parse(read('run_results.json'))
  expect(results.metadata.dbt_schema_version).toBe('https://schemas.getdbt.com/dbt/run-results/v6.json')
  expect(results.results).toMatchObject([
    { unique_id: 'model.shop.a', status: 'success' },
    { status: 'pass', failures: 0 },
  ])
  expect(existsSync(join(folder.dir, 'target/compiled/shop/models/schema.yml/unique_a_id.sql'))).toBe(true)
  expect(read('run/shop/models/deep/a.sql')).toContain('create or replace view "memory"."main"."a"')
})

test('seeds take the types of `column_types` and replace their table even when the columns change', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml': 'name: shop\nseeds: { shop: { codes: { +column_types: { zip: varchar } } } }\n',
    'seeds/codes.csv': 'id,zip\n1,01234\n',
  })
  expect((await folder.dbt('seed')).results).toMatchObject([{ status: 'success', message: 'INSERT 1', rows: 1 }])
  expect(await folder.rows('select id, zip, typeof(zip) from codes')).toEqual([['1', '01234', 'VARCHAR']])
  folder.write({ 'seeds/codes.csv': 'id,zip,more\n1,01234,"a, ""b"""\n2,,\n' })
  expect((await folder.dbt('seed')).exitCode).toBe(0)
  expect(await folder.rows('select * from codes order by 1')).toEqual([
    ['1', '01234', 'a, "b"'],
    ['2', 'null', 'null'],
  ])
})
