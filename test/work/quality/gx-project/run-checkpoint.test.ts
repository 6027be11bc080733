import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../../src/base/kernel/index.ts'
import { validateGx } from '../../../../src/doors/app/validate-gx.ts'
import type { ExpectationResult, ResultDetail, ValidationResult } from '../../../../src/work/quality/index.ts'
import { listener } from '../../../services/listener.ts'
import { administer, freshDatabase, hasPostgres, POSTGRES_HINT } from '../../../services/postgres.ts'

const GOLDEN = join(import.meta.dirname, 'golden')

/** What Great Expectations 1.24 answered (scripts/gx/record-project.py). */
interface Answer {
  readonly checkpoint: string
  readonly parameters: Record<string, string> | null
  readonly success: boolean
  readonly results: readonly ValidationResult[]
}
const answers = JSON.parse(await readFile(join(GOLDEN, 'answers.json'), 'utf8')) as Answer[]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-gx-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.each(answers)('checkpoint $checkpoint with $parameters', ({ checkpoint, parameters, success, results }) => {
  test('chooses the batches and answers what Great Expectations does', async () => {
    const found = await validateGx({
      gx: GOLDEN,
      checkpoint,
      ...(parameters ? { batchParameters: parameters } : {}),
      expectationParameters: { most: 4 },
    })
    expect(found.success).toBe(success)
    expect(found.run_results.map(batchOf)).toEqual(results.map(batchOf))
    for (const [i, result] of results.entries()) {
      const own = found.run_results[i]
      expect(own?.statistics).toEqual(result.statistics)
      const told = new Map(result.results.map((one) => [one.expectation_config.id, comparable(one)]))
      for (const one of own?.results ?? []) {
        expect(comparable(one), one.expectation_config.type).toEqual(told.get(one.expectation_config.id))
      }
    }
  })
})

function batchOf({ meta, suite_name }: ValidationResult) {
  const { datasource_name, data_asset_name, batch_identifiers } = meta['active_batch_definition'] as Record<
    string,
    never
  >
  return { suite_name, datasource_name, data_asset_name, batch_identifiers }
}

/** What both say; rows of pandas have a place, which rows of a table have not. */
function comparable({ success, expectation_config, result, exception_info }: ExpectationResult) {
  const { unexpected_index_list, partial_unexpected_index_list, unexpected_index_query, ...seen } = result
  const { type, kwargs, meta, severity } = expectation_config
  return {
    success,
    config: { type, kwargs, meta, severity },
    result: { ...seen, ...(seen.partial_unexpected_counts ? { partial_unexpected_counts: summed(seen) } : {}) },
    raised: exception_info.raised_exception,
  }
}

/** Counts of equal values as one: to pandas one NaN is unlike another. */
function summed({ partial_unexpected_counts: counts = [] }: ResultDetail): Map<unknown, number> {
  const sums = new Map<unknown, number>()
  for (const { value, count } of counts) sums.set(value, (sums.get(value) ?? 0) + count)
  return sums
}

/** A copy of the project with its files changed. */
async function changed(name: string, changes: Readonly<Record<string, (text: string) => string>>): Promise<string> {
  const copy = join(folder, name)
  await cp(GOLDEN, copy, { recursive: true })
  for (const [file, change] of Object.entries(changes)) {
    const path = join(copy, file)
    const text = await readFile(path, 'utf8')
    const written = change(text)
    expect(written).not.toBe(text)
    await writeFile(path, written)
  }
  return copy
}

const YML = 'gx/great_expectations.yml'

const refusals: [string, ErrorCode, string, Record<string, (text: string) => string>, object][] = [
  ['a checkpoint that is not there', 'CHECKPOINT_UNKNOWN', 'dayly', {}, { checkpoint: 'dayly' }],
  ['a data source of another kind', 'ENGINE_UNSUPPORTED', 'snowflake', { [YML]: (text) => text.replace('type: pandas_filesystem', 'type: snowflake') }, {}],
  ['an option of pandas that is not read', 'GX_PROJECT_INVALID', 'skipfooter', { [YML]: (text) => text.replace('skiprows: 1', 'skipfooter: 1') }, { checkpoint: 'others' }],
  ['a suite that is not there', 'SUITE_NOT_FOUND', 'ordrs', { 'gx/validation_definitions/orders one.json': (text) => text.replace('"name": "orders"\n  }\n}', '"name": "ordrs"\n  }\n}') }, {}],
  ['no file that matches', 'BATCH_NOT_FOUND', 'year=1999', {}, { checkpoint: 'monthly', batchParameters: { year: '1999' } }],
  ['a parameter that the batches have not', 'OPTION_UNKNOWN', 'week', {}, { checkpoint: 'monthly', batchParameters: { week: '1' } }],
  ['a store that is no folder', 'GX_PROJECT_INVALID', 'TupleS3StoreBackend', { [YML]: (text) => text.replaceAll('TupleFilesystemStoreBackend', 'TupleS3StoreBackend') }, {}],
  ['an action that is not known', 'GX_PROJECT_INVALID', 'pigeon', { 'gx/checkpoints/daily.json': (text) => text.replace('"actions": []', '"actions": [{"type": "pigeon", "name": "p"}]') }, {}],
  ['an action without its address', 'GX_PROJECT_INVALID', 'teams_webhook', { 'gx/checkpoints/daily.json': (text) => text.replace('"actions": []', '"actions": [{"type": "microsoft", "name": "p"}]') }, {}],
  ['a variable that is not set', 'SECRET_MISSING', 'GX_NOWHERE', { [YML]: (text) => text.replace('base_directory: data', 'base_directory: ${GX_NOWHERE}') }, {}],
] // biome-ignore format: a table

test.each(refusals)('%s is refused with its place', async (name, code, word, changes, request) => {
  const gx = await changed(name.replaceAll(' ', '-'), changes)
  const refused = validateGx({ gx, checkpoint: 'daily', ...request }).catch((thrown: unknown) => thrown)
  expect(await refused).toMatchObject({ code, message: expect.stringContaining(word) })
})

const ACTIONS = [
  { name: 'slack', type: 'slack', slack_webhook: '${GX_HOOK}/slack', show_failed_expectations: true, renderer: {} },
  { name: 'teams', type: 'microsoft', teams_webhook: '${GX_HOOK}/teams', notify_on: 'success' },
  { name: 'docs', type: 'update_data_docs', site_names: [] },
  { name: 'api', type: 'api', url: '${GX_HOOK}/api' },
  {
    name: 'mail',
    type: 'email',
    smtp_address: '127.0.0.1',
    smtp_port: '1',
    receiver_emails: 'a@x.example, b@x.example',
  },
]

test('the actions of a checkpoint are carried out, and what becomes of them does not change its success', async () => {
  await using server = await listener(200)
  process.env['GX_HOOK'] = server.url
  const file = 'gx/checkpoints/monthly.json'
  const gx = await changed('actions', { [file]: (text) => text.replace('[]', JSON.stringify(ACTIONS)) })
  const found = await validateGx({ gx, checkpoint: 'monthly', delivery: { attempts: 1 } })
  expect(found.success).toBe(false)
  expect(found.actions.map(({ name, outcome }) => `${name} ${outcome}`).sort()).toEqual([
    'api sent',
    'docs written',
    'mail failed',
    'slack sent',
    'teams skipped',
  ])
  const page = await readFile(join(gx, 'gx/uncommitted/data_docs/local_site/index.html'), 'utf8')
  expect(page).toContain('files.orders')
  expect(server.heard.map(({ path }) => path).sort()).toEqual(['/api', '/slack'])
  expect(JSON.stringify(server.heard.find(({ path }) => path === '/slack')?.body)).toContain('files.orders')
})

test.skipIf(!hasPostgres)(
  `tables and queries of PostgreSQL are validated by their last partition (${POSTGRES_HINT})`,
  async () => {
    await using database = await freshDatabase()
    await administer(
      `create table sold (id int, day date, region text); insert into sold values
       (1, '2024-01-30', 'n'), (2, '2024-02-01', 'n'), (3, '2024-02-02', null)`,
      database.url,
    )
    process.env['GX_TEST_DATABASE'] = database.url.replace('postgresql://', '')
    const assets = `
    assets:
      sold:
        type: table
        table_name: sold
        schema_name: public
        batch_definitions:
          all: { partitioner: }
          monthly: { partitioner: { column_name: day, method_name: partition_on_year_and_month, sort_ascending: true } }
          region: { partitioner: { column_name: region, method_name: partition_on_column_value, sort_ascending: true } }
      early:
        type: query
        query: select * from sold where id < 3;
        batch_definitions: { all: { partitioner: } }
    connection_string: postgresql+psycopg2://\${GX_TEST_DATABASE}
`
    const gx = await changed('postgres', {
      [YML]: (text) =>
        text.replace('fluent_datasources:\n', `fluent_datasources:\n  shop:\n    type: postgres${assets}`),
    })
    const batches = [
      ['sold', 'all'],
      ['sold', 'monthly'],
      ['sold', 'region'],
      ['early', 'all'],
    ]
    for (const [asset, batch] of batches) {
      const data = { datasource: { name: 'shop' }, asset: { name: asset }, batch_definition: { name: batch } }
      const definition = { name: `${asset} ${batch}`, data, suite: { name: 'sold' } }
      await writeFile(join(gx, `gx/validation_definitions/${asset} ${batch}.json`), JSON.stringify(definition))
    }
    const expectations = [{ type: 'expect_table_row_count_to_equal', kwargs: { value: 2 } }]
    await writeFile(join(gx, 'gx/expectations/sold.json'), JSON.stringify({ name: 'sold', expectations }))
    const definitions = batches.map(([asset, batch]) => ({ name: `${asset} ${batch}` }))
    await writeFile(
      join(gx, 'gx/checkpoints/tables.json'),
      JSON.stringify({ name: 'tables', validation_definitions: definitions }),
    )
    const found = await validateGx({ gx, checkpoint: 'tables' })
    expect(found.run_results.map(({ results }) => results[0]?.result.observed_value)).toEqual([3, 2, 2, 2])
    const [, monthly, region] = found.run_results.map(batchOf)
    expect([monthly?.batch_identifiers, region?.batch_identifiers]).toEqual([{ year: 2024, month: 2 }, { region: 'n' }])
    expect(JSON.stringify(found)).not.toContain(`${new URL(database.url).password}@`)
  },
)
