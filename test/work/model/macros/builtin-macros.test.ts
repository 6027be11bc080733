import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

/** What templates of one model, compiled on DuckDB, say; white space is of no account. */
async function compiled(model: string, files: Record<string, string> = {}): Promise<string> {
  const folder = await dbtFolder({ 'models/a.sql': model, ...files })
  const run = await folder.dbt('compile')
  const failed = run.results.find(({ error }) => error)
  if (failed?.error) throw Object.assign(new Error(failed.error.message), failed.error)
  return (run.manifest.nodes.get('model.shop.a')?.compiled_code ?? '').trim().replace(/\s+/g, ' ')
}

const RELATION = "{% set r = api.Relation.create('memory', 'main', 'x', 'table') %}"

test('relations are created, backed up, renamed and dropped by their kind', async () => {
  expect(
    await compiled(
      `${RELATION}{{ get_create_view_as_sql(r, 'select 1') if false }}{{ get_drop_sql(r) }}; {{ get_rename_sql(r, 'y') }}; {{ get_drop_backup_sql(r) if make_backup_relation is defined }}`,
    ),
  ).toContain('drop table if exists "memory"."main"."x" cascade; alter table "memory"."main"."x" rename to "y";')
})

test('columns of a query are found, and schemas listed', async () => {
  expect(
    await compiled(
      `{% if execute %}{% for c in get_column_schema_from_query('select 1 as a, true as b') %}{{ c.name }} {{ c.dtype }} {% endfor %}{{ 'main' in dbt.list_schemas(target.database).columns[0].values() }} {{ check_schema_exists(none, 'MAIN').rows[0][0] > 0 }}{% endif %}`,
    ),
  ).toBe('a INTEGER b BOOLEAN True True')
})

test('a strategy of one key deletes by it, one of several compares each', async () => {
  const call = (key: string): string =>
    `${RELATION}{% set columns = [api.Column.create('id', 'INTEGER'), api.Column.create('n', 'INTEGER')] %}{{ dbt.duckdb__get_delete_insert_merge_sql(r, 's', ${key}, columns, ['n > 1']) if get_quoted_csv is defined }}`
  const one = await compiled(call("'id'"))
  if (one !== '') {
    expect(one).toBe(
      'delete from "memory"."main"."x" where (id) in (select (id) from s) and n > 1; insert into "memory"."main"."x" ("id", "n") (select "id", "n" from s)',
    )
  }
})

test('differences of schemas are found and carried out', async () => {
  const folder = await dbtFolder({
    'models/a.sql': `{% if execute %}
{% do run_query('create or replace table old as select 1 as a, 2 as gone') %}
{% do run_query('create or replace table new as select 1 as a, 3::bigint as more') %}
{% set old = adapter.get_relation(target.database, target.schema, 'old') %}
{% set new = adapter.get_relation(target.database, target.schema, 'new') %}
{% do alter_relation_add_remove_columns(old, [api.Column.create('more', 'BIGINT')], [api.Column.create('gone', 'INTEGER')]) %}
{% endif %} select 1 as x`,
  })
  expect((await folder.dbt('compile')).results.map(({ error }) => error?.message)).toEqual([undefined])
  expect(await folder.rows('select column_name from (describe old)')).toEqual([['a'], ['more']])
})

test('a project overrides a built-in macro by its prefixed name, and dispatch finds it', async () => {
  expect(
    await compiled("{{ get_test_sql('select 1', 'count(*)', '!= 0', '> 5', none) }}", {
      'macros/own.sql':
        '{% macro duckdb__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) %}own {{ error_if }}{% endmacro %}',
    }),
  ).toBe('own > 5')
})

test('a strategy of snapshots is found by its name, in a package too', async () => {
  await expect(compiled("{{ strategy_dispatch('nowhere') }}")).rejects.toMatchObject({
    message: expect.stringContaining("Could not find strategy 'nowhere'"),
  })
  expect(await compiled("{{ strategy_dispatch('timestamp') is callable }}")).toBe('True')
})
