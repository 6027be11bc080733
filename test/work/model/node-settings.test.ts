import { expect, test } from 'vitest'
import { dbtFolder } from './dbt-folder.ts'

test('grants marked by a plus add to those below them, and others replace these', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml': 'name: shop\nmodels: { +grants: { select: analyst, insert: [loader] } }\n',
    'models/added.sql': "{{ config(grants={'+select': ['reporter'], '+delete': 'janitor'}) }} select 1 as id",
    'models/replaced.sql': "{{ config(grants={'select': ['reporter']}) }} select 1 as id",
    'models/m.yml': 'models: [{ name: added, config: { grants: { +select: auditor } } }]',
  })
  const { manifest } = await folder.dbt('parse')
  const grants = (name: string): unknown => manifest.nodes.get(`model.shop.${name}`)?.config['grants']
  expect(grants('added')).toEqual({
    select: ['analyst', 'auditor', 'reporter'],
    insert: ['loader'],
    delete: ['janitor'],
  })
  expect(grants('replaced')).toEqual({ select: ['reporter'], insert: ['loader'] })
})

test.each([
  [
    'models/m.yml',
    'models: [{ name: m, columns: [{ name: id, data_tests: [unique: { config: { severity: eror } }] }] }]',
  ],
  ['tests/t.sql', "{{ config(severity='eror') }} select 1"],
])('a severity that is none is refused in %s', async (file, text) => {
  const folder = await dbtFolder({ 'models/m.sql': 'select 1 as id', [file]: text })
  await expect(folder.dbt('parse')).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    at: { file },
    hint: expect.stringContaining('Did you mean "error"?'),
  })
})
