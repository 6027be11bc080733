import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sql } from '../../../src/base/sql/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import {
  checkpointNamed,
  countChecks,
  formatValidation,
  loadCheckpoints,
  loadSuites,
  runCheckpoint,
  suiteNamed,
  validate,
  validationError,
} from '../../../src/work/quality/index.ts'
import { suiteOf } from './suite-of.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'millrace-suites-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(dir, path, '..'), { recursive: true })
  await writeFile(join(dir, path), text)
}

test('suites of Great Expectations 1.x and 0.x are read alike', async () => {
  await write(
    'new.json',
    '{"name": "new", "expectations": [{"type": "expect_column_to_exist", "kwargs": {"column": "a"}, "severity": "warning", "id": "x"}]}',
  )
  await write(
    'old/old.json',
    '{"expectation_suite_name": "old", "expectations": [{"expectation_type": "expect_column_to_exist", "kwargs": {"column": "a"}, "meta": {}}], "data_asset_type": null, "meta": {"great_expectations_version": "0.18"}}',
  )
  await write('.ge_store_backend_id', 'no suite')
  const suites = await loadSuites(dir)
  expect([...suites.keys()]).toEqual(['new', 'old'])
  expect(suites.get('new')?.expectations[0]).toMatchObject({
    type: 'expect_column_to_exist',
    severity: 'warning',
    id: 'x',
  })
  expect(suites.get('old')?.expectations[0]).toMatchObject({ type: 'expect_column_to_exist', severity: 'critical' })
})

test('a suite that holds no list of expectations is refused with line and column', async () => {
  await write('bad.json', '{\n  "name": "bad",\n  "expectations": {}\n}')
  await expect(loadSuites(dir)).rejects.toMatchObject({ code: 'SUITE_INVALID', at: { line: 3 } })
})

test('expectations that are written wrongly are told one by one with their places, and the others are judged', async () => {
  const lines = [
    '{"kwargs": {}}',
    '{"type": "expect_column_to_exist", "kwargs": {"column": "a"}, "severity": "fatal"}',
    '{"type": 7, "kwargs": {}}',
    '"expect_column_to_exist"',
    'null',
    '{"type": "expect_column_to_exist", "kwargs": ["a"]}',
    '{"type": "expect_column_to_exist", "kwargs": {"column": "a"}, "meta": 1}',
    '{"type": "expect_column_to_exist", "kwargs": {"column": ["a"]}}',
    '{"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a", "mostly": "0.9"}}',
    '{"type": "expect_column_to_exist", "kwargs": {"column": "a"}}',
  ]
  await write('bad.json', `{"name": "bad", "expectations": [\n${lines.join(',\n')}\n]}`)
  const suite = suiteNamed(await loadSuites(dir), 'bad')
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const { results, success } = await validate({ connection, relation: sql`(select 1 as a) as t`, suite })
  expect(success).toBe(false)
  expect(results.map((one) => one.success)).toEqual(lines.map((_, index) => index === lines.length - 1))
  expect(results.slice(0, -1).map(({ exception_info: { error } }) => [error?.code, error?.at?.line])).toEqual(
    lines.slice(0, -1).map((_, index) => ['EXPECTATION_INVALID', index + 2]),
  )
  expect(results[1]?.exception_info.error).toMatchObject({ message: expect.stringContaining('"critical"') })
})

test('two suites of one name are refused', async () => {
  await write('a.json', '{"name": "same", "expectations": []}')
  await write('b.json', '{"name": "same", "expectations": []}')
  await expect(loadSuites(dir)).rejects.toMatchObject({ code: 'SUITE_INVALID' })
})

test('an unknown suite names those there are', () => {
  expect(() => suiteNamed(new Map([['orders', suiteOf()]]), 'order')).toThrow(
    expect.objectContaining({ code: 'SUITE_NOT_FOUND', hint: expect.stringContaining('"orders"') }),
  )
})

test('no folder, no suites', async () => {
  expect((await loadSuites(join(dir, 'absent'))).size).toBe(0)
})

test('a checkpoint runs all its validations, with {{ ds }} bound as a value', async () => {
  await write(
    'checkpoints/marts.yml',
    `validations:
  - { data: marts.days, suite: days, where: "day = '{{ ds }}'" }
  - { data: marts.days, suite: none }
`,
  )
  await write(
    'suites/days.json',
    '{"expectations": [{"type": "expect_table_row_count_to_equal", "kwargs": {"value": 1}}]}',
  )
  await write(
    'suites/none.json',
    '{"expectations": [{"type": "expect_table_row_count_to_equal", "kwargs": {"value": 0}}]}',
  )
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const days = sql`(values ('2024-01-01'), ('2024-01-02')) as days (day)`
  const run = async (ds: string) =>
    runCheckpoint({
      checkpoint: checkpointNamed(await loadCheckpoints(join(dir, 'checkpoints')), 'marts'),
      suites: await loadSuites(join(dir, 'suites')),
      connection,
      relationOf: async () => ({ sql: days }),
      values: { ds },
    })
  const result = await run('2024-01-02')
  expect(result.success).toBe(false)
  expect(result.results.map(({ success }) => success)).toEqual([true, false])
  const injected = await run("2024-01-02' or '1'='1")
  expect(injected.results[0]?.results[0]?.result.observed_value).toBe(0)
})

test('an unbound {{ name }} in a checkpoint is refused with its place', async () => {
  await write('c.yml', 'name: c\nvalidations:\n  - { data: d, suite: s, where: "day = {{ dss }}" }\n')
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const checkpoint = checkpointNamed(await loadCheckpoints(dir), 'c')
  const suites = new Map([['s', suiteOf()]])
  const relationOf = async () => ({ sql: sql`(select 1 as day) as d` })
  await expect(
    runCheckpoint({ checkpoint, suites, connection, relationOf, values: { ds: 'x' } }),
  ).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    at: { line: 3 },
  })
})

test('severity decides what counts as failed; an error always does', async () => {
  await using engine = await openDuckDb()
  await using connection = await engine.connect()
  const relation = sql`(select 1 as n) as t`
  const one = async (type: string, severity: 'critical' | 'warning' | 'info') =>
    validate({ connection, relation, suite: suiteOf([type, { value: 7 }, { severity }]), dataset: 'raw.t' })
  const warning = await one('expect_table_row_count_to_equal', 'warning')
  expect(warning.success).toBe(false)
  expect(countChecks([warning])).toEqual({ passed: 0, failed: 0, warned: 1 })
  expect(countChecks([warning], 'warning')).toEqual({ passed: 0, failed: 1, warned: 0 })
  expect(validationError([warning])).toBeUndefined()
  const broken = await one('expect_nothing', 'info')
  expect(countChecks([broken])).toEqual({ passed: 0, failed: 1, warned: 0 })
  const critical = await one('expect_table_row_count_to_equal', 'critical')
  expect(validationError([critical])).toMatchObject({
    code: 'VALIDATION_FAILED',
    message: '1 of 1 expectations on raw.t are not met',
    hint: 'raw.t: row count to equal: observed 1.',
  })
  expect(formatValidation(critical)).toMatchObject({
    rows: [['NOT met', '', 'table row count to equal value=7', 'observed 1', 'critical']],
    summary: '0 of 1 expectations met',
  })
})
