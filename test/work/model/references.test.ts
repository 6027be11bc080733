import { expect, test } from 'vitest'
import { dbtFolder } from './dbt-folder.ts'

test('a model is built after what its hooks refer to', async () => {
  const folder = await dbtFolder({
    'models/a.sql': `{{ config(materialized='table', post_hook="insert into {{ this }} select n from {{ ref('z') }}") }} select 1 as n`,
    'models/z.sql': "{{ config(materialized='table') }} select 2 as n",
  })
  const run = await folder.dbt('run', { threads: 1 })
  expect(run.results.map(({ name, status }) => [name, status])).toEqual([
    ['z', 'success'],
    ['a', 'success'],
  ])
  expect(await folder.rows('select n from a order by n')).toEqual([['1'], ['2']])
})

test('a hook of a seed refers to nothing', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml': `name: shop\nprofile: shop\nseeds: {+post-hook: "select * from {{ ref('one') }}"}\n`,
    'models/one.sql': 'select 1 as n',
    'seeds/codes.csv': 'code\na\n',
  })
  await expect(folder.dbt('parse')).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('Seeds cannot depend on other nodes, but a hook refers to one'),
  })
})

test('tests of a seed hold under the heading of models too, and it is said that the rest does not', async () => {
  const folder = await dbtFolder({
    'seeds/codes.csv': 'code\na\na\n',
    'seeds/schema.yml': 'models: [{ name: codes, columns: [{ name: code, data_tests: [unique] }] }]',
  })
  expect(folder.statuses(await folder.dbt('build'))).toEqual({ codes: 'success', unique_codes_code: 'fail' })
  expect(folder.events).toContainEqual({
    kind: 'warning',
    name: 'NoNodeForYamlKey',
    message: expect.stringContaining('"codes" is a seed, not a model'),
  })
})

test('a variable of dbt_project.yml that is a template is rendered for the node that asks, not when the file is read', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml': 'name: shop\nprofile: shop\nvars: {moment: "{{ now_or_so() }}"}\n',
    'macros/moments.sql': '{% macro now_or_so() %}now{% endmacro %}',
    'models/one.sql': `select '{{ var("moment") }}' as said`,
  })
  await folder.dbt('run')
  expect(await folder.rows('select said from one')).toEqual([['now']])
})

test('the comment of queries is rendered by none who reads the project', async () => {
  const folder = await dbtFolder({
    'dbt_project.yml': 'name: shop\nprofile: shop\nquery-comment: {comment: "{{ query_comment(node) }}"}\n',
    'models/one.sql': 'select 1 as n',
  })
  expect(folder.statuses(await folder.dbt('run'))).toEqual({ one: 'success' })
})
