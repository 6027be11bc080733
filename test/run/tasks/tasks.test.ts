import { describe, expect, test } from 'vitest'
import { trusted } from '../../../src/base/sql/index.ts'
import { intervalOf, loadPipeline, type ProjectServices, runPipeline } from '../../../src/run/pipeline/index.ts'
import { taskKinds } from '../../../src/run/tasks/index.ts'
import { openTestProject } from './project.ts'

const FILES = {
  'data/orders/1.csv': `order_id,day,user_id,amount\n1,2024-01-01,7,10.5\n2,2024-01-01,7,1.5\n3,2024-01-02,8,4\n`,
  'sources/shop.yml': `name: shop
tables:
  orders: { format: csv, files: 'data/orders/*.csv', columns: { order_id: bigint, day: date, user_id: bigint, amount: 'decimal(10,2)' } }
`,
  'suites/orders.json': JSON.stringify({
    name: 'orders',
    expectations: [
      { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'order_id' } },
      { type: 'expect_column_values_to_be_between', kwargs: { column: 'amount', min_value: 1, max_value: 50 } },
    ],
  }),
  'checkpoints/closing.yml': `name: closing\nvalidations:\n  - { data: main.totals_view, suite: orders_any, where: "day = '{{ ds }}'" }\n`,
  'suites/orders_any.json': JSON.stringify({
    name: 'orders_any',
    expectations: [{ type: 'expect_column_values_to_be_unique', kwargs: { column: 'user_id' } }],
  }),
  'sql/load.sql': `create table if not exists warehouse (day date, user_id bigint, total decimal(38,2), n bigint);
delete from warehouse where day = {{ ds }};
insert into warehouse select day, user_id, total, n from {{ totals }} where day = '{{ ds }}' and total > {{ vars.minimum }};
`,
  'dbt_project.yml': `name: shop\nversion: '1.0'\nconfig-version: 2\nprofile: shop\nmodel-paths: [models]\n`,
  'models/totals_view.sql': `select day, user_id, total from main.warehouse where '{{ var("ds") }}' <> ''\n`,
  'models/schema.yml': `models:\n  - name: totals_view\n    columns:\n      - name: user_id\n        tests: [not_null]\n`,
  'pipelines/etl.ts': `import { col, count, pipeline, sum } from 'millrace'
export default pipeline('etl', { schedule: '@daily' }, (task) => {
  const raw = task.ingest('extract', { source: 'shop', into: 'raw' })
  const checked = task.validate('check', { data: raw.dataset('orders'), suite: 'orders', where: ({ ds }) => col('day').eq(ds) })
  const totals = task.frame('transform', {
    inputs: { orders: checked },
    into: { parquet: 'lake://daily', mode: 'overwrite', partitionBy: 'day' },
    frame: ({ orders, ds }) => orders.filter(col('day').eq(ds)).groupBy('day', 'user_id').agg(sum('amount').as('total'), count().as('n')),
  })
  const load = task.sql('load', { file: 'sql/load.sql', inputs: { totals }, into: 'main.warehouse' })
  const marts = task.dbt('marts', { select: 'totals_view' }).after(load)
  const close = task.checkpoint('close', { checkpoint: 'closing' }).after(marts)
  task.run('report', { inputs: { rows: load }, run: ({ rows, ds }) => ds + ': ' + rows.map((row) => row.total).join(', ') }).after(close)
})
`,
}

const YAML = `id: etl
schedule: '@daily'
tasks:
  extract: { kind: ingest, source: shop, into: raw }
  check: { kind: validate, data: { task: extract, dataset: orders }, suite: orders, where: "day = '{{ ds }}'" }
  transform:
    kind: frame
    inputs: { orders: check }
    into: { parquet: 'lake://daily', mode: overwrite, partition_by: day }
    frame: transforms/totals.ts#default
  load: { kind: sql, file: sql/load.sql, inputs: { totals: transform }, into: main.warehouse }
  marts: { kind: dbt, select: totals_view, after: load }
  close: { kind: checkpoint, checkpoint: closing, after: marts }
  report: { kind: run, inputs: { rows: load }, run: transforms/totals.ts#report, after: close }
`
const FUNCTIONS = `import { col, count, type Frame, sum } from 'millrace'
export default ({ orders, ds }: { orders: Frame; ds: string }) =>
  orders.filter(col('day').eq(ds)).groupBy('day', 'user_id').agg(sum('amount').as('total'), count().as('n'))
export const report = ({ rows, ds }: { rows: { total: string }[]; ds: string }) => ds + ': ' + rows.map((row) => row.total).join(', ')
`
const { 'pipelines/etl.ts': _, ...OTHERS } = FILES
const IN_YAML = { ...OTHERS, 'pipelines/etl.yml': YAML, 'transforms/totals.ts': FUNCTIONS }

async function run(project: ProjectServices, ds: string) {
  const graph = await loadPipeline(project.dir, 'etl', { kinds: async () => taskKinds })
  return runPipeline(graph, intervalOf(graph.options, ds), { project, kinds: taskKinds })
}

async function rows(project: ProjectServices, text: string) {
  await using connection = await project.engine.connect()
  return connection.rows(trusted(text))
}

const lake = async (project: ProjectServices) => {
  const { sql } = await project.catalog.relation({ dataset: 'lake://daily' })
  await using connection = await project.engine.connect()
  const all = await connection.rows<{ day: string; total: string }>(sql)
  return all.map(({ day, total }) => `${day} ${total}`).sort()
}

describe.each([
  ['TypeScript', FILES],
  ['YAML', IN_YAML],
])('the seven kinds of task, written in %s', (_, files) => {
  test('run one after the other, and each run replaces its own day only', async () => {
    const project = await openTestProject(files)
    const first = await run(project, '2024-01-01')
    expect(first.tasks.map(({ task, status, error }) => [task, status, error?.message])).toEqual(
      ['extract', 'check', 'transform', 'load', 'marts', 'close', 'report'].map((task) => [task, 'success', undefined]),
    )
    expect(first.tasks.map(({ output }) => output)).toMatchObject([
      { rows: 3, datasets: { orders: { dataset: 'raw.orders', rows: 3 } }, rejected: 0 },
      { dataset: 'raw.orders', checks: { passed: 2, failed: 0 } },
      { dataset: 'lake://daily', rows: 1, files: 1 },
      { dataset: 'main.warehouse' },
      { checks: { passed: 1 }, datasets: { totals_view: {} } },
      { checks: { passed: 1 } },
      { detail: '2024-01-01: 12.00' },
    ])
    await run(project, '2024-01-02')
    expect(await lake(project)).toEqual(['2024-01-01 12.00', '2024-01-02 4.00'])
    const again = await run(project, '2024-01-01')
    expect(again.tasks[0]?.output).toMatchObject({ rows: 0, skipped: [expect.stringContaining('already loaded')] })
    expect(await lake(project)).toEqual(['2024-01-01 12.00', '2024-01-02 4.00'])
    expect(await rows(project, 'select day::text as day, total from warehouse order by day')).toEqual([
      { day: '2024-01-01', total: '12.00' },
      { day: '2024-01-02', total: '4.00' },
    ])
  })
})

test('a day without rows, also the very first one, runs through and leaves nothing', async () => {
  const project = await openTestProject(FILES)
  const result = await run(project, '2024-01-05')
  expect(
    result.tasks.filter(({ status }) => status !== 'success').map(({ task, error }) => [task, error?.message]),
  ).toEqual([])
  expect(await rows(project, 'select count(*) as n from warehouse')).toEqual([{ n: 0n }])
})

test('a day whose data do not meet the suite stops the run before anything else is written', async () => {
  const project = await openTestProject({
    ...FILES,
    'data/orders/2.csv': 'order_id,day,user_id,amount\n4,2024-01-02,9,99\n',
  })
  const result = await run(project, '2024-01-02')
  expect(result.status).toBe('failed')
  expect(result.tasks.map(({ status }) => status)).toEqual(['success', 'failed', ...Array(5).fill('upstream_failed')])
  expect(result.tasks[1]).toMatchObject({
    tries: 1,
    error: { code: 'VALIDATION_FAILED', at: { file: 'pipelines/etl.ts', line: 4 } },
  })
  expect((await run(project, '2024-01-01')).status).toBe('success')
})

test('the statements of a file are one transaction, and an error names the file', async () => {
  const project = await openTestProject({
    'sql/bad.sql': 'create table kept (a int);\ninsert into kept values (1);\nselect nothing from nowhere;\n',
    'pipelines/etl.ts': `import { pipeline } from 'millrace'\nexport default pipeline('etl', {}, (task) => void task.sql('bad', { file: 'sql/bad.sql' }))\n`,
  })
  const result = await run(project, '2024-01-01')
  expect(result.tasks[0]?.error).toMatchObject({ code: 'ENGINE_SQL', at: { file: 'sql/bad.sql' } })
  expect(await rows(project, `select * from duckdb_tables() where table_name = 'kept'`)).toEqual([])
})
