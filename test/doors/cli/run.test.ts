import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { edit, json, millrace, shop, start, temporaryFolder } from './command-line.ts'

interface Run {
  readonly status: string
  readonly tasks: readonly {
    task: string
    status: string
    reused?: boolean
    output?: { rows?: number; skipped?: string[] }
  }[]
}

const DAY = ['--ds', '2024-02-29']

test('a failing suite stops the run; --resume goes on from there; the next run is incremental', async () => {
  await using folder = await shop()
  const cwd = folder.path
  const suite = join(cwd, 'suites/orders.json')
  await edit(suite, '"min_value": 40,', '"min_value": 4000,')

  const failed = await millrace(['run', 'etl_pipeline', ...DAY], { cwd, env: { COLUMNS: '80' } })
  expect(failed.code).toBe(1)
  expect(failed.out).toMatch(/^success +extract_data/m)
  expect(failed.out).toMatch(/^failed +validate_data/m)
  for (const later of ['transform', 'load_to', 'dbt_trans', 'quality'])
    expect(failed.out).toMatch(new RegExp(`^upstream.+ ${later}`, 'm'))
  expect(failed.out).toContain('VALIDATION_FAILED')
  expect(failed.out).toContain(`millrace run etl_pipeline ${DAY.join(' ')} --resume`)
  const rows = failed.out.split('\n').filter((line) => /^(status|success|failed {4}|upstream)/.test(line))
  expect(Math.max(...rows.map((line) => line.length))).toBeLessThanOrEqual(80)

  await edit(suite, '"min_value": 4000,', '"min_value": 40,')
  const resumed = await millrace(['run', 'etl_pipeline', ...DAY, '--resume', '--json'], { cwd })
  const { status, tasks } = json<Run>(resumed)
  expect(status).toBe('success')
  expect(tasks.filter(({ reused }) => reused).map(({ task }) => task)).toEqual(['extract_data'])
  expect(resumed).toMatchObject({ code: 0 })

  const second = json<Run>(await millrace(['run', 'etl_pipeline', ...DAY, '--json'], { cwd }))
  expect(second.status).toBe('success')
  expect(second.tasks[0]?.output).toMatchObject({ rows: 0 })
  expect(second.tasks[0]?.output?.skipped).toContain('orders: 9 files already loaded')
  const again = await millrace(['run', 'etl_pipeline', ...DAY, '--resume', '--json'], { cwd })
  expect(json(again)).toMatchObject({ error: { code: 'RUN_UNKNOWN' } })
  expect(again.code).toBe(2)
})

test('a command beside a running one uses its database; Ctrl-C ends the run with 130, and it can be resumed', async () => {
  await using folder = await shop()
  const cwd = folder.path
  await writeFile(
    join(cwd, 'pipelines/slow.ts'),
    `import { existsSync } from 'node:fs'
import { pipeline } from 'millrace'

export default pipeline('slow', { schedule: '@daily', startDate: '2024-01-01' }, (task) => {
  const made = task.sql('make', { sql: 'create or replace table main.made as select 42 as answer', into: 'main.made' })
  task.run('wait', { run: async () => {
    while (!existsSync('go')) await new Promise((next) => setTimeout(next, 50))
    return 'went'
  } }).after(made)
})
`,
  )
  const slow = start(['run', 'slow', ...DAY], { cwd })
  await slow.says('started  wait')
  await using elsewhere = await temporaryFolder()
  await writeFile(join(elsewhere.path, 'mine.csv'), 'x\n7\n')
  const own = ['query', "select made.answer, mine.x from main.made, 'mine.csv' as mine", '--project-dir', cwd, '--json']
  const [beside, twice, reading] = await Promise.all([
    millrace(['table', 'show', 'main.made', '--json'], { cwd }),
    millrace(['run', 'slow', ...DAY, '--json'], { cwd }),
    millrace(own, { cwd: elsewhere.path }),
  ])
  expect(reading).toMatchObject({ code: 0, out: '{"answer":42,"x":7}\n' })
  expect(beside).toMatchObject({ code: 0, out: '{"answer":42}\n' })
  expect(json(twice)).toMatchObject({ error: { code: 'RUN_IN_PROGRESS' } })
  expect(twice.code).toBe(1)
  expect(slow.child.exitCode).toBeNull()

  slow.child.kill('SIGINT')
  const stopped = await slow.done
  expect(stopped.code).toBe(130)
  expect(stopped.out).toMatch(/^cancelled +wait/m)
  await writeFile(join(cwd, 'go'), '')
  const resumed = json<Run>(await millrace(['run', 'slow', ...DAY, '--resume', '--json'], { cwd }))
  expect(resumed).toMatchObject({ status: 'success', tasks: [{ task: 'make', reused: true }, { task: 'wait' }] })
})

test('Ctrl-C in the middle of a load leaves tables that the next run completes', async () => {
  await using folder = await shop()
  const cwd = folder.path
  const cut = start(['run', 'etl_pipeline', ...DAY], { cwd })
  await cut.says('started  extract_data')
  cut.child.kill('SIGINT')
  expect((await cut.done).code).toBe(130)
  const next = await millrace(['run', 'etl_pipeline', ...DAY, '--json'], { cwd })
  expect(json<Run>(next).status).toBe('success')
  const count = await millrace(['table', 'show', 'raw.orders', '--count', '--json'], { cwd })
  expect(json(count)).toEqual({ count: 5443 })
})

test('one task runs alone on what its upstream task left, and not before there is something', async () => {
  await using folder = await shop()
  const cwd = folder.path
  const early = await millrace(['task', 'run', 'etl_pipeline', 'transform_data', ...DAY], { cwd })
  expect(early.err).toContain('UPSTREAM_MISSING')
  expect(early.code).not.toBe(0)
  const unknown = await millrace(['task', 'run', 'etl_pipeline', 'transfrom_data', ...DAY], { cwd })
  expect(unknown.err).toContain('Did you mean "transform_data"?')
  expect(unknown.code).toBe(2)
  const one = await millrace(['task', 'run', 'etl_pipeline', 'extract_data', ...DAY, '--json'], { cwd })
  expect(json<Run>(one).tasks.map(({ task, status }) => [task, status])).toEqual([['extract_data', 'success']])
})
