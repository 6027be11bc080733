import { expect, test } from 'vitest'
import { dbtFolder } from './dbt-folder.ts'

const refused = async (files: Record<string, string>): Promise<unknown> => {
  const folder = await dbtFolder(files)
  return folder.dbt('parse').then(
    () => 'accepted',
    (error: unknown) => error,
  )
}

test.each<[string, Record<string, string>, object]>([
  [
    'a ref to nothing',
    { 'models/orders.sql': 'select 1', 'models/b.sql': "select 1\nfrom {{ ref('order') }}" },
    {
      code: 'REF_NOT_FOUND',
      at: { file: 'models/b.sql', line: 2 },
      hint: expect.stringContaining('Did you mean "orders"?'),
    },
  ],
  [
    'a ref to a disabled model',
    { 'models/a.sql': '{{ config(enabled=false) }} select 1', 'models/b.sql': "select * from {{ ref('a') }}" },
    { code: 'REF_NOT_FOUND', hint: expect.stringContaining('disabled') },
  ],
  [
    'a source that is not declared',
    {
      'models/b.sql': "select *\nfrom {{ source('raw', 'ordres') }}",
      'models/s.yml': 'sources: [{ name: raw, tables: [{ name: orders }] }]',
    },
    {
      code: 'SOURCE_NOT_FOUND',
      at: { file: 'models/b.sql', line: 2 },
      hint: expect.stringContaining('Did you mean "raw.orders"?'),
    },
  ],
  [
    'a circle',
    { 'models/a.sql': "select * from {{ ref('b') }}", 'models/b.sql': "select * from {{ ref('a') }}" },
    { code: 'MODEL_CYCLE', message: expect.stringMatching(/a → b → a|b → a → b/) },
  ],
  [
    'two models of one name',
    { 'models/x/a.sql': 'select 1', 'models/y/a.sql': 'select 1' },
    { code: 'MODEL_DUPLICATE' },
  ],
  [
    'a seed and a model of one name',
    { 'models/a.sql': 'select 1', 'seeds/a.csv': 'id\n1' },
    { code: 'MODEL_DUPLICATE' },
  ],
  [
    'two models in one relation',
    { 'models/a.sql': "{{ config(alias='b') }} select 1", 'models/b.sql': 'select 1' },
    { code: 'MODEL_DUPLICATE', message: expect.stringContaining('both built as') },
  ],
  [
    'a model described twice',
    { 'models/a.sql': 'select 1', 'models/s.yml': 'models:\n  - name: a\n  - name: a' },
    { code: 'MODEL_DUPLICATE', at: { line: 3 } },
  ],
  [
    'a template that does not parse',
    { 'models/a.sql': 'select\n{{ 1 +' },
    { code: 'JINJA_SYNTAX', at: { file: 'models/a.sql' } },
  ],
  [
    'an error that a macro raises',
    { 'models/a.sql': "{{ exceptions.raise_compiler_error('not today') }}" },
    { code: 'MODEL_INVALID', message: 'not today' },
  ],
  [
    'a test that does not exist',
    {
      'models/a.sql': 'select 1 as id',
      'models/s.yml': 'models: [{ name: a, columns: [{ name: id, data_tests: [uniq] }] }]',
    },
    { code: 'MODEL_INVALID', hint: expect.stringContaining('unique') },
  ],
  [
    'a properties file of the wrong shape',
    { 'models/s.yml': 'models:\n  - nme: a' },
    { code: 'MODEL_INVALID', at: { file: 'models/s.yml', line: 2 } },
  ],
  [
    'a model in Python',
    { 'models/a.py': 'def model(dbt, session): pass' },
    { code: 'MODEL_INVALID', at: { file: 'models/a.py' } },
  ],
  [
    'an enforced contract',
    { 'models/a.sql': "{{ config(contract={'enforced': true}) }} select 1" },
    { code: 'MODEL_INVALID' },
  ],
])('%s is refused', async (_, files, error) => {
  expect(await refused(files)).toMatchObject(error)
})

test('settings of the file win over those of the properties, and these over dbt_project.yml; tags add up', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml':
      'name: shop\nmodels: { +materialized: table, shop: { +tags: root, x: { +tags: [sub], +meta: { a: 1, b: 1 } } } }\n',
    'models/x/a.sql': "{{ config(tags='own') }} select 1",
    'models/x/b.sql': 'select 1',
    'models/s.yml': 'models: [{ name: a, config: { materialized: incremental, tags: [yml], meta: { b: 2 } } }]',
  })
  const { manifest } = await folder.dbt('parse')
  const a = manifest.nodes.get('model.shop.a')
  expect(a).toMatchObject({ tags: ['root', 'sub', 'yml', 'own'], meta: { a: 1, b: 2 } })
  expect(a?.config.materialized).toBe('incremental')
  expect(manifest.nodes.get('model.shop.b')?.config.materialized).toBe('table')
})

test('what is not carried out is said, not passed over', async () => {
  const folder = await dbtFolder({
    'models/a.sql': 'select 1',
    'models/s.yml': 'functions: [{ name: u }]\nmodels: [{ name: ghost }]',
  })
  const run = await folder.dbt('parse')
  expect(run.warnings).toEqual([expect.stringContaining('there is no model "ghost"')])
  expect(folder.events).toContainEqual({
    kind: 'log',
    message: 'models/s.yml: functions are not carried out yet',
    info: true,
  })
})

test('descriptions take in documentation blocks, and texts of YAML files are rendered', async () => {
  const folder = await dbtFolder({
    'models/a.sql': 'select 1',
    'models/d.md': '{% docs what %}\nIt is **this**.\n{% enddocs %}',
    'models/s.yml':
      'models: [{ name: a, description: \'{{ doc("what") }}\', config: { enabled: "{{ var(\'on\') | as_bool }}" } }]',
  })
  expect((await folder.dbt('parse', { vars: { on: true } })).manifest.nodes.get('model.shop.a')?.description).toBe(
    'It is **this**.',
  )
  expect((await folder.dbt('parse', { vars: { on: false } })).manifest.disabled.has('model.shop.a')).toBe(true)
})

test('a variable without a value is none while files are read, as in dbt, and refused when the model is compiled', async () => {
  const folder = await dbtFolder({ 'models/a.sql': "select {{ var('nope') }}" })
  expect((await folder.dbt('parse')).exitCode).toBe(0)
  const [result] = (await folder.dbt('compile')).results
  expect(result?.error).toMatchObject({ code: 'MODEL_INVALID', hint: expect.stringContaining("var('nope'") })
})

test('of two equal keys of a YAML file the last counts, as for PyYAML', async () => {
  const folder = await dbtFolder({
    'models/a.sql': 'select 1',
    'models/s.yml': 'models: [{ name: a, description: first, description: last }]',
  })
  const { manifest } = await folder.dbt('parse')
  expect(manifest.nodes.get('model.shop.a')?.description).toBe('last')
})
