import { expect, test } from 'vitest'
import { dbtFolder } from '../dbt-folder.ts'

test('--no-introspect compiles what asks nothing, and stops at a question', async () => {
  const folder = await dbtFolder({
    'models/plain.sql': "select * from {{ ref('asks') }} where {{ execute }}",
    'models/asks.sql': "{% if execute %}{% do run_query('select 1') %}{% endif %} select 1 as a",
    'models/careful.sql':
      "{% if execute and flags.INTROSPECT %}{% do run_query('select 1') %}{% endif %} select 1 as a",
  })
  const run = await folder.dbt('compile', { introspect: false, flags: { introspect: false } })
  expect(run.results.map(({ name, message }) => [name, message])).toEqual(
    expect.arrayContaining([
      ['plain', null],
      ['careful', null],
      ['asks', expect.stringContaining('a template asks the database, which --no-introspect forbids')],
    ]),
  )
  expect(run.manifest.nodes.get('model.shop.plain')?.compiled_code).toContain('where True')
})

test('a project for another version of dbt is refused, unless --no-version-check is said', async () => {
  const folder = await dbtFolder({
    'models/a.sql': 'select 1 as x',
    'dbt_project.yml': 'name: shop\nrequire-dbt-version: ">=1.0.0,<1.5.0"\n',
  })
  await expect(folder.dbt('run')).rejects.toThrow("not supported with the 'shop' package")
  expect((await folder.dbt('run', { flags: { version_check: false } })).exitCode).toBe(0)
  folder.write({ 'dbt_project.yml': 'name: shop\nrequire-dbt-version: [">=1.6.0", "<3.0.0"]\n' })
  expect((await folder.dbt('run')).exitCode).toBe(0)
})
