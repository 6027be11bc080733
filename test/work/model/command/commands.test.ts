import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type DbtFolder, dbtFolder } from '../dbt-folder.ts'

const shop = {
  'seeds/codes.csv': 'id,v\n1,2\n2,3\n3,4\n',
  'models/a.sql': "select * from {{ ref('codes') }}",
  'models/b.sql': "{{ config(materialized='table') }} select id from {{ ref('a') }} order by id desc",
  'macros/greet.sql': `{% macro greet(name, times=1) %}
    {% do run_query('create or replace table greeted as select ' ~ times ~ ' as n') %}
    {{ log('hello ' ~ name, info=true) }}
  {% endmacro %}`,
}
const written = { artifacts: true } as const
const read = (folder: DbtFolder, name: string) => JSON.parse(readFileSync(join(folder.dir, 'target', name), 'utf8'))

test('compile of one node or of inline code answers its SQL', async () => {
  const folder = await dbtFolder(shop)
  const one = await folder.dbt('compile', { select: 'a' })
  expect(one.output).toMatchObject({ kind: 'compiled', name: 'a', sql: 'select * from "memory"."main"."codes"' })
  const inline = await folder.dbt('compile', { inline: "select 1 from {{ ref('b') }}" })
  expect(inline.output).toMatchObject({ inline: true, sql: 'select 1 from "memory"."main"."b"' })
})

test('show answers the first rows of a node, of inline code and of plain SQL, and builds nothing', async () => {
  const folder = await dbtFolder(shop)
  await folder.dbt('seed')
  await folder.dbt('run', { select: 'a' })
  const shown = async (options: object) => {
    const { output } = await folder.dbt('show', options)
    return output?.kind === 'preview' ? output.rows : undefined
  }
  expect(await shown({ select: 'b', limit: 2 })).toEqual([{ id: 3 }, { id: 2 }])
  expect(await shown({ select: 'codes', limit: 1 })).toEqual([{ id: 1, v: 2 }])
  expect(await shown({ inline: "select max(v) as v from {{ ref('a') }};" })).toEqual([{ v: 4 }])
  expect(await shown({ inlineDirect: 'select 7 as x', limit: -1 })).toEqual([{ x: 7 }])
  expect(await folder.rows("select count(*) from duckdb_tables() where table_name = 'b'")).toEqual([['0']])
  await expect(folder.dbt('show', { select: 'a b' })).rejects.toMatchObject({ code: 'SELECTOR_INVALID' })
})

test('run-operation calls a macro with its arguments; one that is not there is refused with the nearest', async () => {
  const folder = await dbtFolder(shop)
  const run = await folder.dbt('run-operation', { macro: 'greet', args: { name: 'ann', times: 3 } })
  expect(run).toMatchObject({ exitCode: 0, results: [{ unique_id: 'macro.shop.greet', status: 'success' }] })
  expect(folder.events).toContainEqual({ kind: 'log', message: 'hello ann', info: true })
  expect(await folder.rows('select n from greeted')).toEqual([['3']])
  await expect(folder.dbt('run-operation', { macro: 'gret' })).rejects.toMatchObject({ hint: /Did you mean "greet"/ })
  expect(await folder.dbt('run-operation', { macro: 'greet', args: { nam: 'x' } })).toMatchObject({ exitCode: 1 })
})

test('source freshness compares the last loading with the limits, and sources.json says so', async () => {
  const limits = 'freshness: { warn_after: { count: 1, period: hour }, error_after: { count: 1, period: day } }'
  const folder = await dbtFolder({
    'models/sources.yml': `sources:
  - name: raw
    schema: main
    loaded_at_field: loaded
    ${limits}
    tables: [{ name: fresh }, { name: old }, { name: stale }, { name: gone }, { name: unlimited, freshness: null }]
`,
  })
  await folder.script(`create table fresh as select current_timestamp::timestamp as loaded;
    create table old as select current_timestamp::timestamp - interval 2 hour as loaded;
    create table stale as select current_timestamp::timestamp - interval 2 day as loaded`)
  const run = await folder.dbt('source freshness', {}, written)
  expect(folder.statuses(run)).toEqual({ fresh: 'pass', old: 'warn', stale: 'fail', gone: 'error' })
  expect(run.exitCode).toBe(1)
  const statuses = read(folder, 'sources.json').results.map((one: { status: string }) => one.status)
  expect(statuses).toEqual(['pass', 'warn', 'error', 'runtime error'])
})

test('retry does again what failed and what was skipped for it, and nothing else', async () => {
  const folder = await dbtFolder({ ...shop, 'models/bad.sql': "select nope from {{ ref('b') }}" })
  folder.write({ 'models/after.sql': "select * from {{ ref('bad') }}" })
  expect(await folder.dbt('build', {}, written)).toMatchObject({ exitCode: 1 })
  folder.write({ 'models/bad.sql': "select id as nope from {{ ref('b') }}" })
  const again = await folder.dbt('retry', {}, written)
  expect(again).toMatchObject({ command: 'build', exitCode: 0 })
  expect(folder.statuses(again)).toEqual({ bad: 'success', after: 'success' })
  expect(await folder.dbt('retry', {}, written)).toMatchObject({ results: [], exitCode: 0 })
})

test('retry goes on where a run was broken off, of which there are no results', async () => {
  const folder = await dbtFolder({ ...shop, 'models/c.sql': "select * from {{ ref('b') }}" })
  await folder.dbt('build', {}, written)
  const target = join(folder.dir, 'target')
  // What kill -9 leaves: the journal, with a line cut off.
  const planned = ['seed.shop.codes', 'model.shop.a', 'model.shop.b', 'model.shop.c']
  const lines = [
    { args: { which: 'build' }, planned },
    { unique_id: planned[0], status: 'success' },
    { unique_id: planned[1], status: 'success' },
  ]
  writeFileSync(join(target, 'run_journal.ndjson'), `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"unique`)
  const again = await folder.dbt('retry', {}, written)
  expect(folder.statuses(again)).toEqual({ b: 'success', c: 'success' })
  expect(existsSync(join(target, 'run_journal.ndjson'))).toBe(false)
})

test('retry without a run says so', async () => {
  const folder = await dbtFolder(shop)
  await expect(folder.dbt('retry')).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
})

test('fail-fast stops after the first failure; every node has a result', async () => {
  const folder = await dbtFolder({ ...shop, 'models/bad.sql': "select nope from {{ ref('codes') }}" })
  folder.write({ 'models/c.sql': "select * from {{ ref('b') }}, {{ ref('bad') }}" })
  const run = await folder.dbt('build', { failFast: true, threads: 1 })
  expect(Object.keys(folder.statuses(run)).sort()).toEqual(['a', 'b', 'bad', 'c', 'codes'])
  expect(folder.statuses(run)).toMatchObject({ bad: 'error', c: 'skipped' })
})

/** The project built in a schema `prod`, whose artifacts are in `state`; the folder then builds in `main`. */
async function withState(): Promise<DbtFolder> {
  const folder = await dbtFolder(shop)
  await folder.dbt('build', {}, { ...written, schema: 'prod' })
  renameSync(join(folder.dir, 'target'), join(folder.dir, 'state'))
  return folder
}

test('with defer, ref() means the relations of the state for what is neither selected nor built', async () => {
  const folder = await withState()
  const run = await folder.dbt('run', { select: 'b', defer: true, state: 'state' })
  expect(folder.statuses(run)).toEqual({ b: 'success' })
  expect(run.manifest.nodes.get('model.shop.b')?.compiled_code).toContain('"prod"."a"')
  await folder.script('create table main.a as select 9 as id')
  expect((await folder.dbt('run', { select: 'b', defer: true, state: 'state' })).exitCode).toBe(0)
  expect(await folder.rows('select id from main.b')).toEqual([['9']])
  await folder.dbt('run', { select: 'b', defer: true, favorState: true, state: 'state' })
  expect(await folder.rows('select id from main.b')).toEqual([['3'], ['2'], ['1']])
  await expect(folder.dbt('run', { defer: true })).rejects.toMatchObject({ code: 'USAGE', hint: /--state/ })
})

test('clone makes views of the relations of the state, and leaves what exists', async () => {
  const folder = await withState()
  expect(folder.statuses(await folder.dbt('clone', { state: 'state' }))).toEqual({
    codes: 'success',
    a: 'success',
    b: 'success',
  })
  expect(await folder.rows('select count(*) from main.b')).toEqual([['3']])
  const again = await folder.dbt('clone', { state: 'state' })
  expect(again.results.map(({ message }) => message)).toEqual(['No-op', 'No-op', 'No-op'])
  await expect(folder.dbt('clone')).rejects.toMatchObject({ code: 'USAGE' })
})

test('with empty, models have their columns and no rows', async () => {
  const folder = await dbtFolder(shop)
  await folder.dbt('seed')
  await folder.dbt('run', { empty: true })
  expect(await folder.rows('select count(*) from b')).toEqual([['0']])
})

test('docs generate writes the catalog and a page; static holds both in one file', async () => {
  const folder = await dbtFolder(shop)
  await folder.dbt('build')
  await folder.dbt('docs generate', { static: true }, written)
  const catalog = read(folder, 'catalog.json')
  expect(catalog.nodes['model.shop.b']).toMatchObject({
    metadata: { type: 'BASE TABLE', schema: 'main', name: 'b' },
    columns: { id: { index: 1, name: 'id', type: 'INTEGER' } },
  })
  const page = readFileSync(join(folder.dir, 'target/static_index.html'), 'utf8')
  const [, held = ''] = /<script id="data" type="application\/json">(.*?)<\/script>/s.exec(page) ?? []
  expect(Object.keys(JSON.parse(held).manifest.nodes)).toContain('model.shop.b')
})
