import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

const FILES = {
  'models/base.sql': 'select 1 as id, 2 as n',
  'models/doubled.sql': "select id, n * 2 as n from {{ ref('base') }}",
}
const unit = (given: string, expected: string, more = ''): string =>
  `unit_tests: [{ name: u, model: doubled, given: [${given}], expect: { ${expected} }${more} }]`

test('a unit test needs no relation: types are those of the values or of the description', async () => {
  const folder = await dbtFolder({
    ...FILES,
    'models/u.yml': unit("{ input: ref('base'), rows: [{ id: 1, n: 2 }] }", 'rows: [{ id: 1, n: 4 }]'),
  })
  expect((await folder.dbt('test')).results).toMatchObject([{ status: 'pass', resource_type: 'unit_test' }])
  folder.write({
    'models/u.yml': `${unit("{ input: ref('base'), rows: [{ n: '3' }] }", "rows: [{ id: null, n: '6' }]")}
models: [{ name: base, columns: [{ name: id, data_type: integer }, { name: n, data_type: integer }] }]`,
  })
  expect((await folder.dbt('test')).results).toMatchObject([{ status: 'pass' }])
  expect(await folder.rows('select count(*) from information_schema.tables')).toEqual([['0']])
})

test('what differs is shown row by row, and the model is not built', async () => {
  const folder = await dbtFolder({
    ...FILES,
    'models/u.yml': unit(
      "{ input: ref('base'), rows: [{ id: 1, n: 2 }, { id: 2, n: 2 }, { id: 3, n: 3 }] }",
      'rows: [{ id: 1, n: 4 }, { id: 2, n: 5 }, { id: 9, n: 9 }]',
    ),
  })
  const run = await folder.dbt('build')
  expect(folder.statuses(run)).toEqual({ base: 'success', u: 'fail', doubled: 'skipped' })
  expect(run.results.find(({ name }) => name === 'u')?.message).toBe(
    ['actual differs from expected:', '', '@@  | id | n', '→   | 2  | 5→4', '---| 9  | 9', '+++ | 3  | 6', '']
      .join('\n')
      .replace('---|', '--- |'),
  )
})

test.each([
  ['', 'rows: []', "gives no rows for ref('base')"],
  [
    "{ input: ref('base'), rows: [{ idd: 1 }, { id: 1, n: 1 }] }",
    'rows: [{ m: 1 }]',
    "Invalid column name: 'm' in unit test fixture for expected output.",
  ],
  ["{ input: ref('bass'), rows: [] }", 'rows: []', "there is no ref('bass')"],
  ["{ input: ref('base'), rows: [] }", 'rows: []', 'no columns are known'],
])('a unit test given %s and expecting %s is an error', async (given, expected, message) => {
  const folder = await dbtFolder({ ...FILES, 'models/u.yml': unit(given, expected) })
  const [result] = (await folder.dbt('test')).results
  expect(result).toMatchObject({ status: 'error', error: { code: 'UNIT_TEST_INVALID' } })
  expect(result?.message).toContain(message)
})

test.each([
  ["{ input: ref('base'), format: csv, fixture: nowhere }", 'the fixture "nowhere.csv" does not exist'],
  ["{ input: ref('base'), format: csv, rows: [{ id: 1 }] }", 'rows of the format csv are a text'],
  ["{ input: ref('base') }", "it gives no rows for ref('base'), which is no seed"],
])('a unit test given %s is refused when the project is read, as in dbt', async (given, message) => {
  const folder = await dbtFolder({ ...FILES, 'models/u.yml': unit(given, 'rows: []') })
  await expect(folder.dbt('run')).rejects.toMatchObject({
    code: 'UNIT_TEST_INVALID',
    message: expect.stringContaining(message),
  })
})

test('rows of files stand in the manifest, and a changed file changes what a test is', async () => {
  const folder = await dbtFolder({
    ...FILES,
    'models/u.yml': unit("{ input: ref('base'), format: csv, fixture: f }", 'rows: [{ id: 1, n: null }]'),
    'tests/fixtures/f.csv': 'id,n\n1,\n',
  })
  const kept = { artifacts: true }
  await folder.dbt('run', { targetPath: 'before' }, kept)
  expect((await folder.dbt('test', { targetPath: 'before' }, kept)).results).toMatchObject([{ status: 'pass' }])
  const before = { state: 'before', select: 'state:modified' }
  expect((await folder.dbt('test', before, kept)).results).toEqual([])
  folder.write({ 'tests/fixtures/f.csv': 'id,n\n1,2\n' })
  const run = await folder.dbt('test', before, kept)
  expect(run.results).toMatchObject([{ name: 'u', status: 'fail' }])
  expect(run.manifest.nodes.get('unit_test.shop.doubled.u')?.unit_test?.given).toMatchObject([
    { fixture: 'f', rows: [{ id: '1', n: '2' }] },
  ])
})

test('a value of the context that a test overrides stays a value', async () => {
  const folder = await dbtFolder({
    'models/doubled.sql': "select '{{ invocation_id }}' as id",
    'models/u.yml': unit('', 'rows: [{ id: "123" }]', ', overrides: { macros: { invocation_id: 123 } }'),
  })
  expect((await folder.dbt('test')).results).toMatchObject([{ status: 'pass' }])
})

test('two fixtures of one name are refused', async () => {
  const folder = await dbtFolder({
    ...FILES,
    'models/u.yml': unit("{ input: ref('base'), format: csv, fixture: f }", 'rows: []'),
    'tests/fixtures/a/f.csv': 'id\n1\n',
    'tests/fixtures/b/f.csv': 'id\n1\n',
  })
  await expect(folder.dbt('parse')).rejects.toMatchObject({ code: 'MODEL_DUPLICATE' })
})

test('an input of a seed without rows has those of its file', async () => {
  const folder = await dbtFolder({
    'seeds/base.csv': 'id,n\n1,2\n2,\n',
    'models/doubled.sql': "select id, n * 2 as n from {{ ref('base') }}",
    'models/u.yml': unit("{ input: ref('base') }", 'rows: [{ id: 1, n: 4 }, { id: 2, n: null }]'),
  })
  await folder.dbt('seed')
  expect((await folder.dbt('test')).results).toMatchObject([{ status: 'pass' }])
})

test.each([
  ['', 'does not say whether doubled is incremental'],
  [', overrides: { macros: { is_incremental: true } }', 'its rows so far are not given'],
])('a unit test of an incremental model%s is refused', async (more, message) => {
  const folder = await dbtFolder({
    'models/base.sql': 'select 1 as id',
    'models/doubled.sql':
      "{{ config(materialized='incremental') }} select * from {{ ref('base') }} {% if is_incremental() %} where id > 0 {% endif %}",
    'models/u.yml': unit("{ input: ref('base'), rows: [{ id: 1 }] }", 'rows: [{ id: 1 }]', more),
  })
  await expect(folder.dbt('parse')).rejects.toMatchObject({ message: expect.stringContaining(message) })
})

test('a unit test of a model that does not exist is refused, and one of each version is run', async () => {
  const folder = await dbtFolder({
    ...FILES,
    'models/u.yml': 'unit_tests: [{ name: u, model: none, expect: { rows: [] } }]',
  })
  await expect(folder.dbt('parse')).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  folder.write({
    'models/doubled_v2.sql': "select id, n * 4 as n from {{ ref('base') }}",
    'models/u.yml': `models: [{ name: doubled, latest_version: 1, versions: [{ v: 1 }, { v: 2 }] }]
${unit("{ input: ref('base'), rows: [{ id: 1, n: 2 }] }", 'rows: [{ id: 1, n: 4 }]')}`,
  })
  expect(folder.statuses(await folder.dbt('test'))).toEqual({ u_v1: 'pass', u_v2: 'fail' })
})
