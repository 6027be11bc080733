import { expect, test } from 'vitest'
import { dbtFolder } from './dbt-folder.ts'

const OWN = `{% materialization kept, default %}
  {% call statement('main') %}create or replace table {{ this }} as ({{ sql }}){% endcall %}
  {% if config.get('broken') %}{% call statement() %}select no_such_column{% endcall %}{% endif %}
  {{ adapter.commit() }}
  {{ return({'relations': [this]} if not config.get('silent') else none) }}
{% endmaterialization %}`

test('a materialization of the project builds models, and one that fails leaves the old relation', async () => {
  const folder = await dbtFolder({
    'macros/kept.sql': OWN,
    'models/a.sql': "{{ config(materialized='kept') }} select 1 as id",
  })
  expect((await folder.dbt('run')).results[0]).toMatchObject({ status: 'success', message: 'OK' })
  folder.write({ 'models/a.sql': "{{ config(materialized='kept', broken=true) }} select 2 as id" })
  expect((await folder.dbt('run')).exitCode).toBe(1)
  expect(await folder.rows('select * from a')).toEqual([['1']])
  folder.write({ 'models/a.sql': "{{ config(materialized='kept', silent=true) }} select 2 as id" })
  expect((await folder.dbt('run')).results[0]?.error).toMatchObject({
    code: 'MODEL_INVALID',
    hint: expect.stringContaining('relations'),
  })
})

test('a macro that the built-in materializations are made of may be the project’s own', async () => {
  const folder = await dbtFolder({
    'macros/create.sql': `{% macro duckdb__create_table_as(temporary, relation, compiled_code) %}
      create table {{ relation }} as (select *, 'own' as made from ({{ compiled_code }}))
    {% endmacro %}`,
    'models/a.sql':
      "{{ config(materialized='table', post_hook='insert into {{ this }} values (2, null)') }} select 1 as id",
    'models/b.sql': 'select 1 as id',
  })
  expect((await folder.dbt('run')).exitCode).toBe(0)
  expect((await folder.dbt('run')).exitCode).toBe(0)
  expect(await folder.rows('select * from a order by id')).toEqual([
    ['1', 'own'],
    ['2', 'null'],
  ])
})

test('a strategy that is neither built in nor a macro is refused', async () => {
  const folder = await dbtFolder({
    'models/a.sql': "{{ config(materialized='incremental', incremental_strategy='upsert') }} select 1 as id",
  })
  expect((await folder.dbt('run')).results[0]?.error).toMatchObject({ code: 'MODEL_INVALID' })
})
