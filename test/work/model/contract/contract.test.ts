import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

const promised = (columns: string, more = 'materialized: table'): string =>
  `models: [{ name: m, config: { contract: { enforced: true }, ${more} }, columns: ${columns} }]`

test('a model that does not keep its contract is told in dbt’s table, and leaves its old relation', async () => {
  const folder = await dbtFolder({ 'models/m.sql': "{{ config(materialized='table') }} select 0 as id" })
  await folder.dbt('run')
  folder.write({
    'models/m.sql': "select 'x' as id, 2 as extra",
    'models/m.yml': promised('[{ name: id, data_type: integer }, { name: gone, data_type: date }]'),
  })
  const run = await folder.dbt('run')
  expect(run.results[0]?.error).toMatchObject({ code: 'MODEL_CONTRACT_BROKEN', at: { file: 'models/m.sql' } })
  expect(run.results[0]?.message).toContain(
    [
      '| column_name | definition_type | contract_type | mismatch_reason       |',
      '  | ----------- | --------------- | ------------- | --------------------- |',
      '  | extra       | INTEGER         |               | missing in contract   |',
      '  | gone        |                 | DATE          | missing in definition |',
      '  | id          | VARCHAR         | INTEGER       | data type mismatch    |',
    ].join('\n'),
  )
  expect(await folder.rows('select * from m')).toEqual([['0']])
})

test.each([
  [promised('[{ name: id }]'), 'data_type is missing for id'],
  ['models: [{ name: m, config: { contract: { enforced: true } } }]', 'no columns are described'],
  [promised('[{ name: id, data_type: int }]', 'materialized: incremental'), 'on_schema_change is ignore'],
  [promised('[{ name: id, data_type: int }]', 'access: open'), 'the access "open" does not exist'],
  ['models: [{ name: m, latest_version: 3, versions: [{ v: 1, defined_in: m }] }]', 'latest_version 3 is none of them'],
  ['models: [{ name: m, versions: [{ defined_in: m }] }]', 'each needs a `v`'],
])('%s is refused before anything runs', async (yaml, message) => {
  const folder = await dbtFolder({ 'models/m.sql': 'select 1 as id', 'models/m.yml': yaml })
  await expect(folder.dbt('parse')).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining(message),
  })
})

test('a private model is for its group, and tests of it', async () => {
  const folder = await dbtFolder({
    'models/secret.sql': 'select 1 as id',
    'models/outside.sql': "select * from {{ ref('secret') }}",
    'models/m.yml':
      'groups: [{ name: finance, owner: { name: me } }]\n' +
      'models: [{ name: secret, access: private, group: finance, columns: [{ name: id, data_tests: [unique] }] }]',
  })
  await expect(folder.dbt('parse')).rejects.toMatchObject({ code: 'MODEL_ACCESS', at: { file: 'models/outside.sql' } })
  folder.write({ 'models/outside.sql': "{{ config(group='finance') }} select * from {{ ref('secret') }}" })
  expect((await folder.dbt('build')).exitCode).toBe(0)
})

test('a group that no file declares is refused with the names of those that are, and a test is in the group it tests', async () => {
  const folder = await dbtFolder({
    'models/m.sql': 'select 1 as id',
    'models/m.yml':
      'groups: [{ name: finance, owner: { name: me } }]\n' +
      'models: [{ name: m, group: finanse, columns: [{ name: id, data_tests: [unique] }] }]',
  })
  await expect(folder.dbt('parse')).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    at: { file: 'models/m.sql' },
    hint: expect.stringContaining('Did you mean "finance"?'),
  })
  folder.write({ 'models/m.sql': "{{ config(group='finance') }} select 1 as id" })
  const { manifest } = await folder.dbt('parse')
  expect([...manifest.nodes.values()].map(({ group }) => group)).toEqual(['finance', 'finance'])
})

test('a model in Python is refused at its file with what to do instead', async () => {
  const folder = await dbtFolder({ 'models/m.py': 'def model(dbt, session):\n    return None\n' })
  await expect(folder.dbt('parse')).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    at: { file: 'models/m.py' },
    hint: expect.stringContaining('SQL'),
  })
})

test('a version that does not exist is not found', async () => {
  const folder = await dbtFolder({
    'models/m_v1.sql': 'select 1 as id',
    'models/user.sql': "select * from {{ ref('m', v=2) }}",
    'models/m.yml': 'models: [{ name: m, versions: [{ v: 1 }] }]',
  })
  await expect(folder.dbt('parse')).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  folder.write({ 'models/user.sql': "select * from {{ ref('m', v=1) }} union all select * from {{ ref('m') }}" })
  const run = await folder.dbt('run')
  expect(run.exitCode).toBe(0)
  expect(await folder.rows('select * from m_v1')).toEqual([['1']])
})
