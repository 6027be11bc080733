import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { manifestJson } from '../../../../src/work/model/artifacts/manifest-json.ts'
import { dbtFolder } from '../dbt-folder.ts'

// What dbt made of the same entries, recorded by scripts/dbt/record-selection.py.
const golden = join(import.meta.dirname, '../golden-selection')
const recorded = JSON.parse(readFileSync(join(golden, 'before/manifest.json'), 'utf8'))

/** The entries of one section of the recorded project's file. */
function section(name: string): string {
  const text = readFileSync(join(golden, 'project/models/marts/marts.yml'), 'utf8')
  const [found = ''] = new RegExp(`^${name}:\\n(?:[ ].*\\n)*`, 'm').exec(text) ?? []
  return found
}

const project = {
  'models/stg_orders.sql': 'select 1 as id, 2 as customer_id, 3 as amount, current_date as ordered_at',
  'models/customers.sql': "select * from {{ ref('stg_orders') }}",
  'models/marts/ends.yml': [
    section('groups'),
    section('semantic_models').replace("ref('orders', v=2)", "ref('stg_orders')"),
    section('metrics'),
    section('saved_queries'),
    section('exposures')
      .replace(/"ref\('revenue'\)", "ref\('report.v2'\)", /, '')
      .replace(/"source[^"]*", /, ''),
  ].join('\n'),
}

async function ends() {
  const folder = await dbtFolder(project)
  const { manifest } = await folder.dbt('parse')
  const invocation = { startedAt: new Date(), environment: {}, id: '', dialect: { adapter: 'duckdb' } }
  const json = manifestJson(invocation as unknown as Parameters<typeof manifestJson>[0], manifest)
  return JSON.parse(JSON.stringify(json)) as Record<string, Record<string, Record<string, unknown>>>
}

/** Without what differs because the file and the models are others. */
function comparable(node: Record<string, unknown> | undefined, ...but: string[]): Record<string, unknown> {
  const left = new Set(['path', 'original_file_path', 'created_at', ...but])
  return Object.fromEntries(Object.entries(node ?? {}).filter(([key]) => !left.has(key)))
}

test('metrics, with their measures and what they are made of, are those of dbt', async () => {
  const { metrics = {} } = await ends()
  for (const [id, metric] of Object.entries(metrics)) {
    expect(comparable(metric), id).toEqual(comparable(recorded.metrics[id]))
  }
  expect(Object.keys(metrics).sort()).toEqual(Object.keys(recorded.metrics))
})

test('so are semantic models, saved queries and exposures', async () => {
  const { semantic_models: models, saved_queries: queries, exposures } = await ends()
  const own = ['model', 'refs', 'node_relation', 'depends_on']
  const id = 'semantic_model.shop.sales'
  expect(comparable(models?.[id], ...own)).toEqual(comparable(recorded.semantic_models[id], ...own))
  expect(comparable(queries?.['saved_query.shop.by_day'])).toEqual(
    comparable(recorded.saved_queries['saved_query.shop.by_day']),
  )
  expect(comparable(exposures?.['exposure.shop.notebook'])).toEqual(
    comparable(recorded.exposures['exposure.shop.notebook']),
  )
  const weekly = 'exposure.shop.weekly'
  const references = ['refs', 'sources', 'depends_on']
  expect(comparable(exposures?.[weekly], ...references)).toEqual(comparable(recorded.exposures[weekly], ...references))
})

test('they are ends of the graph: selected by their methods, with what is above them', async () => {
  const folder = await dbtFolder(project)
  const listed = async (select: string) => (await folder.dbt('ls', { select })).output
  expect(await listed('+exposure:weekly')).toMatchObject({
    lines: ['exposure:shop.weekly', 'metric:shop.income', 'shop.stg_orders', 'semantic_model:shop.sales'],
  })
  expect(await listed('stg_orders+,resource_type:saved_query')).toMatchObject({ lines: ['saved_query:shop.by_day'] })
})

test.each([
  [
    'exposures: [{ name: e, type: dashboard, owner: { name: a }, depends_on: ["ref(\'stg_order\')"] }]',
    'REF_NOT_FOUND',
    /Did you mean "stg_orders"/,
  ],
  ['exposures: [{ name: e, type: chart, owner: { name: a } }]', 'MODEL_INVALID', undefined],
  [
    'metrics: [{ name: m, label: m, type: ratio, type_params: { numerator: incom, denominator: x } }]',
    'MODEL_INVALID',
    undefined,
  ],
  ['exposures: [{ name: e, type: ml, owner: { name: a }, depends_on: [stg_orders] }]', 'MODEL_INVALID', /Write ref/],
])('%s is refused with its place', async (text, code, hint) => {
  const folder = await dbtFolder({ ...project, 'models/bad.yml': `${text}\n` })
  const refused = folder.dbt('parse')
  await expect(refused).rejects.toMatchObject({ code, ...(hint ? { hint: expect.stringMatching(hint) } : {}) })
})
