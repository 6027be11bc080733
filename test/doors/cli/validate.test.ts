import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { json, millrace, shop } from './command-line.ts'

const SUITE = {
  name: 'items',
  expectations: [
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'name' } },
    { type: 'expect_column_values_to_be_between', kwargs: { column: 'units', min_value: 0 }, severity: 'warning' },
  ],
}

test('a file is validated by itself: as a table, as JSON, as JUnit; rows that fail are put aside, once', async () => {
  await using folder = await shop()
  const cwd = folder.path
  await writeFile(join(cwd, 'items.csv'), 'name,units\npen,3\n,2\ncup,-1\n,-2\n')
  await writeFile(join(cwd, 'items.json'), JSON.stringify(SUITE))
  const words = ['validate', 'items.csv', '--suite', 'items.json']
  const [plain, asJson, junit, where, wrong] = await Promise.all([
    millrace(words, { cwd, env: { COLUMNS: '80' } }),
    millrace([...words, '--format', 'json', '--result-format', 'COMPLETE'], { cwd }),
    millrace([...words, '--format', 'junit'], { cwd }),
    millrace([...words, '--where', "name = 'pen'"], { cwd }),
    millrace([...words, '--format', 'xml'], { cwd }),
  ])
  expect(plain).toMatchObject({ code: 1, out: expect.stringContaining('0 of 2 expectations met') })
  for (const line of plain.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(json(asJson)).toMatchObject({
    success: false,
    suite_name: 'items',
    statistics: { evaluated_expectations: 2 },
    results: [{}, { result: { unexpected_list: [-1, -2] } }],
  })
  expect(junit.code).toBe(1)
  expect(junit.out).toMatch(
    /^<\?xml [\s\S]*<testsuite name="items.csv against items" tests="2" failures="2" errors="0"/,
  )
  expect(where.code).toBe(0)
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('Allowed choices are table, json, junit') })

  for (let time = 0; time < 2; time += 1) {
    const parted = await millrace([...words, '--quarantine', 'raw.items_bad', '--json'], { cwd })
    expect(json(parted)).toMatchObject({ success: false, quarantined: 3 })
    expect(parted.err).toContain('3 rows are in raw.items_bad')
  }
  const kept = await millrace(
    ['query', 'select units, _quarantine_reasons as why from raw.items_bad order by units', '--json'],
    { cwd },
  )
  expect(
    kept.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { units: -2, why: 'name: values to not be null; units: values to be between min_value=0' },
    { units: -1, why: 'units: values to be between min_value=0' },
    { units: 2, why: 'name: values to not be null' },
  ])
})

test('an expectation of your own is one file, and a suite may be in TypeScript', async () => {
  await using folder = await shop()
  const cwd = folder.path
  await mkdir(join(cwd, 'plugins'))
  await writeFile(
    join(cwd, 'plugins/even.ts'),
    `import { checkValues, columnName, defineExpectation, mostly, sql, z } from 'millrace/quality'

export default defineExpectation({
  type: 'expect_column_values_to_be_even',
  summary: 'Each number is even.',
  kwargs: z.strictObject({ column: columnName, mostly }),
  check: ({ column: name, mostly }, on) => {
    const column = on.column(name)
    return checkValues(column, mostly, sql\`\${column.sql} % 2 <> 0\`)
  },
})
`,
  )
  await writeFile(
    join(cwd, 'suites/evens.ts'),
    `import { defineSuite, expectation } from 'millrace/quality'
import even from '../plugins/even.ts'

export default defineSuite({
  name: 'evens',
  expectations: [expectation(even, { column: 'n' }, { severity: 'warning' })],
})
`,
  )
  const of = (query: string) => millrace(['validate', query, '--suite', 'evens', '--json'], { cwd })
  const [met, unmet] = await Promise.all([of('select 2 as n'), of('select 3 as n')])
  expect(met.code).toBe(0)
  expect(json(unmet)).toMatchObject({
    success: false,
    results: [
      {
        expectation_config: { type: 'expect_column_values_to_be_even', severity: 'warning' },
        result: { partial_unexpected_list: [3] },
      },
    ],
  })
  await writeFile(join(cwd, 'plugins/odd.ts'), 'export default { nothing: oops }\n')
  expect(await of('select 2 as n')).toMatchObject({ code: 2, out: expect.stringContaining('PLUGIN_INVALID') })
})

test('expectations and dbt tests stand in one list, with what became of each', async () => {
  await using folder = await shop()
  const cwd = folder.path
  expect(await millrace(['validate', 'list'], { cwd })).toMatchObject({
    code: 0,
    out: 'Nothing has been checked yet.\n',
  })
  await millrace(['ingest', 'shop.orders', '--into', 'raw.orders'], { cwd })
  await millrace(['validate', 'raw.orders', '--suite', 'orders_strict'], { cwd })
  await millrace(['dbt', 'build', '--select', 'stg_orders'], { cwd })
  const { checks } = json(await millrace(['validate', 'list', '--json'], { cwd })) as {
    checks: { by: string; dataset: string; status: string; at: string | null }[]
  }
  const of = (by: string) => checks.filter((one) => one.by === by)
  expect(of('expectation').some(({ dataset, status }) => dataset === 'raw.orders' && status === 'not met')).toBe(true)
  expect(of('dbt test').some(({ dataset, status }) => dataset.endsWith('.stg_orders') && status === 'met')).toBe(true)
  expect(of('dbt test').some(({ status, at }) => status === 'not run' && at === null)).toBe(true)
  const failed = await millrace(['validate', 'list', 'raw.orders', '--failed'], { cwd, env: { COLUMNS: '100' } })
  expect(failed.out).toContain('not met')
  for (const line of failed.out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
})

test('a million unexpected rows are listed by their keys in JSON, in little memory', async () => {
  await using folder = await shop()
  const cwd = folder.path
  const expectations = [{ type: 'expect_column_values_to_be_in_set', kwargs: { column: 'n', value_set: [99] } }]
  await writeFile(join(cwd, 'million.json'), JSON.stringify({ name: 'million', expectations }))
  const words = ['validate', 'select i as id, i % 7 as n from range(1000000) as r (i)', '--suite', 'million.json']
  const complete = [...words, '--json', '--result-format', 'COMPLETE', '--index', 'id']
  // A list of a million objects does not fit into this heap.
  const listed = await millrace(complete, { cwd, env: { NODE_OPTIONS: '--max-old-space-size=100' } })
  const { results } = json(listed) as { results: { result: Record<string, unknown[]> }[] }
  const { unexpected_index_list: all = [], ...rest } = results[0]?.result ?? {}
  expect(all).toHaveLength(1_000_000)
  expect([all[0], all.at(-1)]).toEqual([
    { n: 0, id: 0 },
    { n: 0, id: 999_999 },
  ])
  expect(rest.partial_unexpected_index_list).toHaveLength(20)
  const plain = await millrace([...complete.filter((word) => word !== '--json')], { cwd })
  expect(plain).toMatchObject({ code: 1, out: expect.stringContaining('0 of 1 expectations met') })
})
