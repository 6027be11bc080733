import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sql } from '../../../src/base/sql/index.ts'
import { type Interval, loadPipeline, type ProjectServices, runPipeline } from '../../../src/run/pipeline/index.ts'
import { taskKinds } from '../../../src/run/tasks/index.ts'
import { openTestProject } from './project.ts'

const SUITE = {
  name: 'orders',
  expectations: [
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'email' } },
    { type: 'expect_column_values_to_be_unique', kwargs: { column: 'id' }, severity: 'warning' },
    {
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 'amount', min_value: 0, row_condition: "status != 'refund'", condition_parser: 'pandas' },
    },
    { type: 'expect_column_values_to_match_regex', kwargs: { column: 'email', regex: '^(?!test)' }, severity: 'info' },
    { type: 'expect_table_row_count_to_be_between', kwargs: { min_value: 1 } },
  ],
}
const ROWS = `id,email,amount,status,day
1,a@x.de,5,paid,2024-01-01
2,,7,paid,2024-01-01
3,b@x.de,-3,refund,2024-01-01
4,c@x.de,-4,paid,2024-01-01
5,d@x.de,1,paid,2024-01-01
5,,2,paid,2024-01-01
6,test@x.de,3,paid,2024-01-01
`

function interval(ds: string): Interval {
  return { ds, start: `${ds}T00:00:00.000Z`, end: `${ds}T23:59:59.000Z` } as Interval
}

async function checking(options: string, rows = ROWS, files: Record<string, string> = {}): Promise<ProjectServices> {
  return openTestProject({
    'data/orders.csv': rows,
    'suites/orders.json': JSON.stringify(SUITE),
    'pipelines/checking.ts': `import { pipeline, read } from 'millrace'
export default pipeline('checking', { schedule: '@daily' }, (task) => {
  const all = task.frame('load', {
    into: { table: 'raw.orders', mode: 'overwrite' },
    frame: () => read.csv('data/orders.csv', { header: true, inferSchema: true }),
  })
  const checked = task.validate('check', { data: all, suite: 'orders', ${options} })
  task.frame('count', { inputs: { checked }, into: { table: 'raw.counted' }, frame: ({ checked }) => checked.select('id') })
})
`,
    ...files,
  })
}

async function run(project: ProjectServices, ds = '2024-01-01') {
  const graph = await loadPipeline(project.dir, 'checking', { kinds: async () => taskKinds })
  const { tasks, status } = await runPipeline(graph, interval(ds), { project, kinds: taskKinds })
  return { status, check: tasks.find((one) => one.task === 'check') }
}

async function rowsOf(project: ProjectServices, dataset: string): Promise<string[]> {
  const relation = await project.catalog.relation({ dataset })
  await using connection = await project.engine.connect()
  const columns = relation.schema.fields.map(({ name }) => name).filter((name) => !/^(day|status)$/.test(name))
  const rows = await connection.rows<Record<string, unknown>>(sql`select * from ${relation.sql}`)
  return rows.map((row) => columns.map((name) => String(row[name])).join(' | ')).sort()
}

const RUN = 'checking/check/2024-01-01T00:00:00.000Z'
const BAD = [
  `2 | null | 7 | email: values to not be null | ${RUN}`,
  `4 | c@x.de | -4 | amount: values to be between min_value=0 | ${RUN}`,
  `5 | d@x.de | 1 | id: values to be unique | ${RUN}`,
  `5 | null | 2 | email: values to not be null; id: values to be unique | ${RUN}`,
]
const GOOD = ['1 | a@x.de | 5', '3 | b@x.de | -3', '6 | test@x.de | 3']

const INTO = "quarantine: 'raw.orders_bad', into: { table: 'raw.orders_good' }"

test('rows that fail are put aside with their reasons, and the others flow on', async () => {
  const project = await checking(INTO)
  const { status, check } = await run(project)
  expect(check?.error).toBeUndefined()
  expect(status).toBe('success')
  expect(await rowsOf(project, 'raw.orders_bad')).toEqual(BAD)
  expect(await rowsOf(project, 'raw.orders_good')).toEqual(GOOD)
  expect(await rowsOf(project, 'raw.counted')).toEqual(['1', '3', '6'])
  expect(check?.output).toMatchObject({
    dataset: 'raw.orders_good',
    rows: 3,
    rejected: 4,
    checks: { passed: 1, failed: 0, warned: 4 },
  })
})

test('an interval that runs again replaces what it put aside, and another one adds to it', async () => {
  const project = await checking(INTO)
  await run(project)
  await run(project)
  expect(await rowsOf(project, 'raw.orders_bad')).toEqual(BAD)
  await run(project, '2024-01-02')
  expect(await rowsOf(project, 'raw.orders_bad')).toHaveLength(8)
  writeFileSync(join(project.dir, 'data/orders.csv'), ROWS.split('\n').slice(0, 2).join('\n'))
  await run(project)
  const left = await rowsOf(project, 'raw.orders_bad')
  expect(left).toHaveLength(4)
  expect(left.every((row) => row.includes('2024-01-02T'))).toBe(true)
})

test('a severity that is not put aside stops the task, and nothing is written', async () => {
  const project = await checking("quarantine: { table: 'raw.orders_bad', severities: ['warning'] }")
  const { status, check } = await run(project)
  expect(status).toBe('failed')
  expect(check?.error).toMatchObject({
    code: 'VALIDATION_FAILED',
    message: '2 of 5 expectations on raw.orders are not met',
  })
  await expect(rowsOf(project, 'raw.orders_bad')).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
})

test('what no row can settle stops the task', async () => {
  const project = await checking(INTO, 'id,email,amount,status,day\n')
  const { check } = await run(project)
  expect(check?.error?.code).toBe('VALIDATION_FAILED')
})

test('rows that all are as expected leave no quarantine table', async () => {
  const project = await checking(INTO, ROWS.split('\n').slice(0, 2).join('\n'))
  const { status, check } = await run(project)
  expect(status).toBe('success')
  expect(check?.output).toMatchObject({ rejected: 0, rows: 1 })
  await expect(rowsOf(project, 'raw.orders_bad')).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
})

test('a table that is no quarantine table is not overwritten', async () => {
  const project = await checking("quarantine: 'raw.orders'")
  const { check } = await run(project)
  expect(check?.error?.code).toBe('COLUMN_UNKNOWN')
  expect(await rowsOf(project, 'raw.orders')).toHaveLength(7)
})

test('a quarantine may be a table of the engine', async () => {
  const project = await checking("quarantine: 'main.bad', into: { table: 'main.good' }")
  await run(project)
  await run(project)
  expect(await rowsOf(project, 'main.bad')).toEqual(BAD)
  expect(await rowsOf(project, 'main.good')).toEqual(GOOD)
})
