import { beforeAll, expect, test } from 'vitest'
import { parseSelection, selectionGraph, selectNodes } from '../../../../src/work/model/index.ts'
import type { Manifest } from '../../../../src/work/model/node.ts'
import { dbtFolder } from '../dbt-folder.ts'

let manifest: Manifest

beforeAll(async () => {
  const { mkdtempSync, mkdirSync, writeFileSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const { runDbt } = await import('../../../../src/work/model/index.ts')
  const dir = mkdtempSync(join(tmpdir(), 'millrace-select-'))
  const files: Record<string, string> = {
    'dbt_project.yml': 'name: shop\nmodels: { shop: { marts: { +tags: [nightly], +materialized: table } } }\n',
    'models/staging/stg_a.sql': "select * from {{ source('raw', 'a') }}",
    'models/staging/stg_b.sql': "select * from {{ source('raw', 'b') }}",
    'models/marts/ab.sql': "select * from {{ ref('stg_a') }} join {{ ref('stg_b') }} using (id)",
    'models/marts/top.sql': "select * from {{ ref('ab') }}",
    'seeds/codes.csv': 'id\n1\n',
    'tests/both.sql': "select 1 from {{ ref('stg_a') }}, {{ ref('codes') }} where false",
    'models/schema.yml': `
sources: [{ name: raw, tables: [{ name: a, columns: [{ name: id, data_tests: [unique] }] }, { name: b }] }]
models: [{ name: ab, columns: [{ name: id, data_tests: [unique] }] }]
`,
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, path, '..'), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  const connect = () => Promise.reject(new Error('ls needs no engine'))
  const run = await runDbt('ls', {}, { dir, connect, database: 'db', schema: 'main', artifacts: false })
  manifest = run.manifest
})

const names = (select: string, exclude?: string, indirect?: 'eager' | 'cautious' | 'buildable' | 'empty'): string =>
  [
    ...selectNodes(selectionGraph(manifest), {
      select,
      ...(exclude ? { exclude } : {}),
      ...(indirect ? { indirect } : {}),
    }).ids,
  ]
    .map((id) => manifest.nodes.get(id)?.name ?? id.split('.').slice(2).join('.'))
    .sort()
    .join(' ')

test.each([
  ['stg_a', 'both stg_a'],
  ['stg_a+', 'ab both stg_a top unique_ab_id'],
  ['stg_a+1', 'ab both stg_a unique_ab_id'],
  ['+ab', 'ab both raw.a raw.b source_unique_raw_a_id stg_a stg_b unique_ab_id'],
  ['1+ab', 'ab both stg_a stg_b unique_ab_id'],
  ['@stg_a', 'ab both codes raw.a raw.b source_unique_raw_a_id stg_a stg_b top unique_ab_id'],
  ['tag:nightly', 'ab top unique_ab_id'],
  ['tag:nightly,+ab', 'ab unique_ab_id'],
  ['source:raw.b+', 'ab raw.b stg_b top unique_ab_id'],
  ['path:models/staging', 'both stg_a stg_b'],
  ['models/marts', 'ab top unique_ab_id'],
  ['shop.staging', 'both stg_a stg_b'],
  ['staging.*', 'both stg_a stg_b'],
  ['stg_?', 'both stg_a stg_b'],
  ['config.materialized:table', 'ab top unique_ab_id'],
  ['resource_type:seed', 'both codes'],
  ['test_type:singular', 'both'],
  ['test_name:unique', 'source_unique_raw_a_id unique_ab_id'],
  ['top.sql', 'top'],
  ['stg_a codes', 'both codes stg_a'],
  ['nothing_of_that_name', ''],
])('the selection "%s" takes: %s', (select, expected) => {
  expect(names(select)).toBe(expected)
})

test('a test with another upstream comes along eagerly, but not cautiously until that is selected too', () => {
  expect(names('stg_a', undefined, 'cautious')).toBe('stg_a')
  expect(names('stg_a codes', undefined, 'cautious')).toBe('both codes stg_a')
  expect(names('stg_a', undefined, 'empty')).toBe('stg_a')
})

test('what is excluded goes, with its tests', () => {
  expect(names('+top', 'ab')).toBe('both raw.a raw.b source_unique_raw_a_id stg_a stg_b top')
})

test.each([
  ['tgg:x', /Did you mean "tag"/],
  ['@a+', /takes everything/],
  ['tag:', /Write a name/],
])('the selection "%s" is refused with a way out', (written, hint) => {
  expect(() => parseSelection(written)).toThrow(
    expect.objectContaining({ code: 'SELECTOR_INVALID', hint: expect.stringMatching(hint) }),
  )
})

test('words that match nothing are warned about', async () => {
  const folder = await dbtFolder({ 'models/a.sql': 'select 1 as id' })
  const run = await folder.dbt('run', { select: 'a b' })
  expect(run.warnings).toEqual(["The selection criterion 'b' does not match any enabled nodes"])
  expect(folder.statuses(run)).toEqual({ a: 'success' })
})
