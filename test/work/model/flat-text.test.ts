import { expect, test } from 'vitest'
import { dbtFolder } from './dbt-folder.ts'

const CODE = "{{ config(tags=['x']) }}select '{{ \"{{\" }}' as t from {{ ref('b') }}, {{ source('raw', 'c') }}"
// The same with a part that has to be computed, so that it is rendered whole.
const RENDERED = `${CODE}{{ '' if true }}`
const FILES = {
  'models/b.sql': 'select 1 as id',
  'models/e.sql': "{{ config(materialized='ephemeral') }}select 2 as id",
  'models/sources.yml': 'sources: [{ name: raw, schema: s, tables: [{ name: c, identifier: the c }] }]',
}

async function compiled(code: string, files: Record<string, string> = {}, options: object = {}): Promise<string> {
  const folder = await dbtFolder({ ...FILES, 'models/a.sql': code, ...files })
  const run = await folder.dbt('compile', { select: ['a'], ...options })
  const [failed] = run.results.filter(({ error }) => error)
  if (failed?.error) throw Object.assign(new Error(failed.error.message), failed.error)
  return run.manifest.nodes.get('model.shop.a')?.compiled_code ?? ''
}

test('code of text and plain calls gives what rendering it gives', async () => {
  const flat = CODE.replace('{{ "{{" }}', 'q')
  const whole = await compiled(RENDERED.replace('{{ "{{" }}', 'q'))
  expect(whole).toContain('"main"."b"')
  expect(whole).toContain('"s"."the c"')
  expect(await compiled(flat)).toBe(whole)
  expect(await compiled("select * from {{ ref('e') }}")).toBe(
    await compiled("select * from {{ ref('e') }}{{ '' if true }}"),
  )
  expect(await compiled("select * from {{ ref('b') }}", {}, { empty: true })).toBe(
    await compiled("select * from {{ ref('b') }}{{ '' if true }}", {}, { empty: true }),
  )
})

test('a ref of the project takes the place of the built-in one', async () => {
  const macros = {
    'macros/ref.sql': '{% macro ref(name) %}{{ return(builtins.ref(name).include(database=false)) }}{% endmacro %}',
  }
  expect(await compiled("select * from {{ ref('b') }}", macros)).toBe('select * from "main"."b"')
})

test('a call that fails says what rendering says', async () => {
  const failure = (code: string) => compiled(code).catch(({ code: own, message, at }) => ({ own, message, at }))
  const flat = await failure("select 1\nfrom {{ source('raw') }}")
  expect(flat).toMatchObject({ own: 'MODEL_INVALID', at: { file: 'models/a.sql' } })
  expect(await failure("select 1\nfrom {{ source('raw') }}{{ '' if true }}")).toEqual(flat)
})

test('a view that nothing stands beside is one statement, and a table in its place goes in the same transaction', async () => {
  const folder = await dbtFolder({ 'models/a.sql': 'select 1 as id' })
  await folder.script('create table main.a as select 5 as id')
  await folder.dbt('run')
  expect(
    await folder.rows("select id, (select count(*) from duckdb_views() where view_name = 'a') from main.a"),
  ).toEqual([['1', '1']])
  folder.write({
    'models/a.sql': "{{ config(post_hook='create or replace table main.h as select 7 as id') }}select 2 as id",
  })
  await folder.dbt('run')
  expect(await folder.rows('select a.id, h.id from main.a, main.h')).toEqual([['2', '7']])
  folder.write({ 'models/a.sql': 'select 1); drop table main.h; select (1' })
  const run = await folder.dbt('run')
  expect(folder.statuses(run)).toEqual({ a: 'error' })
  expect(await folder.rows('select a.id, h.id from main.a, main.h')).toEqual([['2', '7']])
})
