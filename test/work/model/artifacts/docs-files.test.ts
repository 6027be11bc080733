import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

const FILES = {
  'dbt_project.yml': 'name: shop\nprofile: shop\nasset-paths: [assets, nowhere]\n',
  'assets/logo.txt': 'logo',
  'models/people.sql':
    "{{ config(materialized='table', persist_docs={'relation': true, 'columns': true}) }} select 1 as id",
  'models/schema.yml':
    'models: [{ name: people, description: Who buys., columns: [{ name: id, description: The key. }, { name: gone }] }]',
}

test('the catalog tells comments of relations and columns, and a described column that is not there is named', async () => {
  const folder = await dbtFolder(FILES)
  await folder.dbt('run')
  expect(folder.events).toContainEqual({
    kind: 'log',
    message: expect.stringContaining('specified in the schema but are not present in the database: gone'),
    info: true,
  })
  await folder.dbt('docs generate', {}, { artifacts: true })
  const catalog = JSON.parse(readFileSync(join(folder.dir, 'target/catalog.json'), 'utf8'))
  expect(catalog.nodes['model.shop.people']).toMatchObject({
    metadata: { comment: 'Who buys.', type: 'BASE TABLE' },
    columns: { id: { comment: 'The key.', type: 'INTEGER', index: 1 } },
  })
})

test('assets are copied beside the page, and without compiling no manifest is written', async () => {
  const folder = await dbtFolder(FILES)
  await folder.dbt('docs generate', { compile: false }, { artifacts: true })
  expect(readFileSync(join(folder.dir, 'target/assets/logo.txt'), 'utf8')).toBe('logo')
  expect(existsSync(join(folder.dir, 'target/nowhere'))).toBe(false)
  expect(existsSync(join(folder.dir, 'target/manifest.json'))).toBe(false)
})

test('assets outside the project are refused before anything is deleted', async () => {
  const folder = await dbtFolder({ ...FILES, 'dbt_project.yml': 'name: shop\nprofile: shop\nasset-paths: [../..]\n' })
  await expect(folder.dbt('docs generate', {}, { artifacts: true })).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  expect(existsSync(join(folder.dir, 'models/people.sql'))).toBe(true)
})
