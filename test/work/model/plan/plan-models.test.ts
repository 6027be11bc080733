import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDuckDb } from '../../../../src/data/engine/index.ts'
import { planModels } from '../../../../src/work/model/index.ts'
import { lineDiff } from '../../../../src/work/model/plan/line-diff.ts'
import { type DbtFolder, dbtFolder } from '../dbt-folder.ts'

const shop = {
  'models/a.sql': "{{ config(materialized='table') }}\nselect 1 as id, 'x' as name\nunion all\nselect 2, 'y'",
  'models/b.sql': "select id, name from {{ ref('a') }}",
  'models/c.sql': "select * from {{ ref('b') }}",
  'models/gone.sql': 'select 1 as id',
  'models/macro.sql': 'select {{ one() }} as id',
  'macros/one.sql': '{% macro one() %}1{% endmacro %}',
  'seeds/codes.csv': 'id\n1\n',
  'models/schema.yml':
    'sources: [{ name: raw, tables: [{ name: t, loaded_at_field: x, freshness: { warn_after: { count: 1, period: day } } }] }]\nmodels: [{ name: b, columns: [{ name: id, data_tests: [unique] }] }]\n',
}

async function built(): Promise<DbtFolder> {
  const folder = await dbtFolder(shop)
  await folder.dbt('build', {}, { artifacts: true })
  renameSync(join(folder.dir, 'target'), join(folder.dir, 'state'))
  return folder
}

const plan = async ({ dir, engine }: DbtFolder, options = {}) =>
  planModels(
    { state: 'state', ...options },
    { dir, connect: () => engine.connect(), database: engine.database, schema: 'main' },
  )

test('a project as it was built has no changes', async () => {
  expect(await plan(await built())).toEqual({ state: 'state', changes: [], unmatched: [] })
})

test('added, removed and modified models are told, and what is built on them', async () => {
  const folder = await built()
  rmSync(join(folder.dir, 'models/gone.sql'))
  folder.write({
    'models/a.sql': "{{ config(materialized='table') }}\nselect 1 as id, 3 as rank\nunion all\nselect 2, 4",
    'models/fresh.sql': "select * from {{ ref('c') }}",
    'macros/one.sql': '{% macro one() %}2{% endmacro %}',
  })
  const { changes } = await plan(folder)
  const told = Object.fromEntries(
    changes.map(({ name, change, parts, effect }) => [name, [change, parts.join(' '), effect]]),
  )
  expect(told).toEqual({
    a: ['modified', 'body', 'breaking'],
    b: ['indirect', '', undefined],
    c: ['indirect', '', undefined],
    fresh: ['added', '', undefined],
    gone: ['removed', '', undefined],
    macro: ['modified', 'macros', 'none'],
    unique_b_id: ['indirect', '', undefined],
  })
  const a = changes.find(({ name }) => name === 'a')
  expect(a).toMatchObject({
    build: 'table',
    rows: 2,
    columns: [
      { column: 'name', before: 'string', after: null },
      { column: 'rank', before: null, after: 'integer' },
    ],
  })
  expect(a?.diff).toContainEqual({ kind: '+', text: 'select 1 as id, 3 as rank' })
  expect(changes.find(({ name }) => name === 'c')?.because).toEqual(['a'])
})

test('a new column alone breaks nothing, and a selection narrows the plan', async () => {
  const folder = await built()
  folder.write({ 'models/b.sql': "select id, name, id * 2 as twice from {{ ref('a') }}" })
  const { changes } = await plan(folder, { select: 'b' })
  expect(changes.map(({ name, effect }) => [name, effect])).toEqual([
    ['b', 'additive'],
    ['unique_b_id', undefined],
  ])
})

test('without a state the next step is told', async () => {
  const folder = await dbtFolder(shop)
  await expect(plan(folder)).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND', hint: /--state/ })
})

test('a diff has the lines that differ, with those around them', () => {
  expect(lineDiff('a\nb\nc\nd\ne\nf', 'a\nb\nc\nX\ne\nf').map(({ kind, text }) => kind + text)).toEqual([
    ' b',
    ' c',
    '-d',
    '+X',
    ' e',
    ' f',
  ])
  expect(lineDiff('same', 'same')).toEqual([])
})

test('hooks of the project are compared, and are nothing that is built', async () => {
  const project = (hook: string) => `name: shop\nprofile: shop\non-run-end: ["${hook}"]\n`
  const folder = await dbtFolder({ 'dbt_project.yml': project('select 1'), 'models/a.sql': 'select 1 as id' })
  await folder.dbt('run', {}, { artifacts: true })
  expect((await plan(folder, { state: 'target' })).changes).toEqual([])
  folder.write({ 'dbt_project.yml': project('select 2') })
  const { changes } = await plan(folder, { state: 'target' })
  expect(changes).toMatchObject([
    { unique_id: 'operation.shop.shop-on-run-end-0', change: 'modified', parts: ['body'] },
  ])
  expect(changes[0]).not.toHaveProperty('build')
})

test('a selection that matches nothing is told', async () => {
  expect(await plan(await built(), { select: 'nope' })).toEqual({ state: 'state', changes: [], unmatched: ['nope'] })
})

test('what is built again is told with its rows and the storage it takes', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-plan-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const files = { 'models/big.sql': "{{ config(materialized='table') }} select range as id from range(200000)" }
  const folder = await dbtFolder(files, async () => ({
    engine: await openDuckDb({ path: join(dir, 'shop.duckdb') }),
    schema: 'main',
  }))
  await folder.dbt('run', {}, { artifacts: true })
  await folder.script('checkpoint')
  folder.write({ 'models/big.sql': `${files['models/big.sql']} where range > 3` })
  const { changes } = await plan(folder, { state: 'target' })
  expect(changes).toMatchObject([{ name: 'big', rows: 200_000, bytes: expect.any(Number) }])
})
