import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasPostgres, POSTGRES_HINT } from '../../../services/postgres.ts'
import { dbtFolder } from '../dbt-folder.ts'
import { postgresFolder } from '../postgres-folder.ts'

test('schemas that are missing are created by the macro of the project', async () => {
  const folder = await dbtFolder({
    'models/a.sql': "{{ config(schema='extra') }} select 1 as x",
    'models/b.sql': 'select 1 as x',
    'macros/own.sql': `{% macro duckdb__create_schema(relation) %}
{% do run_query('create schema ' ~ relation.without_identifier()) %}
{% do run_query("insert into made values ('" ~ relation.schema ~ "')") %}
{% endmacro %}`,
  })
  await folder.script('create table made (name varchar)')
  expect((await folder.dbt('run')).exitCode).toBe(0)
  expect((await folder.dbt('run')).exitCode).toBe(0)
  expect(await folder.rows('from made')).toEqual([['main_extra']])
})

test('freshness is collected by the macro of the project', async () => {
  const folder = await dbtFolder({
    'models/s.yml': `sources:
  - name: raw
    schema: main
    tables: [{ name: t, loaded_at_field: loaded, freshness: { warn_after: { count: 1, period: day } } }]`,
    'macros/own.sql': `{% macro default__collect_freshness(source, loaded_at_field, filter) %}
{% call statement('f', fetch_result=True) %}
select max({{ loaded_at_field }}) as max_loaded_at, timestamp '2024-01-02 12:00:00' as snapshotted_at from {{ source }}
{% endcall %}
{{ return(load_result('f')) }}
{% endmacro %}`,
  })
  await folder.script("create table t as select timestamp '2024-01-02 00:00:00' as loaded")
  const run = await folder.dbt('source freshness')
  expect(run.results[0]).toMatchObject({ status: 'pass', ageSeconds: 12 * 3600 })
})

test('what is cloned is made by the macros of the project', async () => {
  const folder = await dbtFolder({
    'models/a.sql': "{{ config(materialized='table') }} select 1 as x",
    'macros/own.sql': `{% macro default__can_clone_table() %}{{ return(true) }}{% endmacro %}
{% macro default__create_or_replace_clone(this_relation, defer_relation) %}create table {{ this_relation }} as from {{ defer_relation }}{% endmacro %}`,
  })
  await folder.dbt('run', {}, { artifacts: true, schema: 'prod' })
  await folder.script('select 1')
  writeFileSync(join(folder.dir, 'dbt_project.yml'), 'name: shop\nprofile: shop\ntarget-path: other\n')
  const run = await folder.dbt('clone', { state: 'target' })
  expect(run.results.map(({ message }) => message)).toEqual(['OK'])
  expect(
    await folder.rows(
      "select table_schema, table_type from information_schema.tables where table_name = 'a' order by 1",
    ),
  ).toEqual([
    ['main', 'BASE TABLE'],
    ['prod', 'BASE TABLE'],
  ])
})

test.each(["plugin='excel'", 'glue_register=true'])('an external model with %s is refused', async (setting) => {
  const folder = await dbtFolder({
    'models/a.sql': `{{ config(materialized='external', location='x.parquet', ${setting}) }} select 1 as x`,
  })
  expect((await folder.dbt('run')).results[0]?.error).toMatchObject({ code: 'ENGINE_UNSUPPORTED' })
})

describe.skipIf(!hasPostgres)(`materialized views on PostgreSQL (${POSTGRES_HINT})`, () => {
  test('one is created, refreshed, given other indexes, and takes the place of a table', async () => {
    const model = (indexes: string, more = ''): string =>
      `{{ config(materialized='materialized_view', indexes=${indexes}${more}) }} select id from raw_ids`
    const folder = await postgresFolder({ 'models/v.sql': model("[{'columns': ['id'], 'unique': true}]") })
    await folder.script('create table raw_ids (id int); insert into raw_ids values (1); create table v (old int)')
    const indexes = () => folder.rows("select indexdef ~ 'UNIQUE' from pg_indexes where tablename = 'v' order by 1")
    const run = async () => folder.statuses(await folder.dbt('run'))
    expect(await run()).toEqual({ v: 'success' })
    expect(await folder.rows("select relkind::text from pg_class where relname = 'v'")).toEqual([['m']])
    expect(await indexes()).toEqual([['true']])
    await folder.script('insert into raw_ids values (2)')
    expect(await run()).toEqual({ v: 'success' })
    expect(await folder.rows('select count(*) from v')).toEqual([['2']])
    folder.write({ 'models/v.sql': model("[{'columns': ['id']}]") })
    expect(await run()).toEqual({ v: 'success' })
    expect(await indexes()).toEqual([['false']])
    folder.write({ 'models/v.sql': model('[]', ", on_configuration_change='fail'") })
    expect(await run()).toEqual({ v: 'error' })
  })

  test('macros of the project are called in tables, incremental models, snapshots and seeds', async () => {
    const folder = await postgresFolder({
      'seeds/days.csv': 'id,name\n1,one\n2,"t,wo"\n',
      'models/t.sql': "{{ config(materialized='table') }} select id, name from {{ ref('days') }}",
      'models/i.sql':
        "{{ config(materialized='incremental', unique_key='id') }} select id, name from {{ ref('days') }}",
      'snapshots/s.sql': `{% snapshot s %}{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='public') }}
select id, name from {{ ref('days') }}{% endsnapshot %}`,
      'macros/own.sql': `{% macro postgres__create_table_as(temporary, relation, sql) %}
create {{ 'temporary ' if temporary }}table {{ relation }} as select *, 'ours' as mark from ({{ sql }}) q
{% endmacro %}
{% macro get_batch_size() %}{{ return(1) }}{% endmacro %}`,
    })
    for (const _ of [1, 2]) {
      const run = await folder.dbt('build')
      expect(run.results.flatMap(({ error }) => error?.message ?? [])).toEqual([])
    }
    for (const name of ['t', 'i', 's'])
      expect(await folder.rows(`select id, name, mark from ${name} order by 1`), name).toEqual([
        ['1', 'one', 'ours'],
        ['2', 't,wo', 'ours'],
      ])
  })
})
