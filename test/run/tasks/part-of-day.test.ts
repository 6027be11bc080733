import { expect, test } from 'vitest'
import { type Interval, loadPipeline, runPipeline } from '../../../src/run/pipeline/index.ts'
import { taskKinds } from '../../../src/run/tasks/index.ts'
import { openTestProject } from './project.ts'

const HOUR: Interval = {
  ds: '2024-01-01',
  start: '2024-01-01T03:00:00.000Z',
  end: '2024-01-01T04:00:00.000Z',
} as Interval

/** Writes one row of hour 3 into a partition, as the pipeline of an hour would. */
async function hourly(column: string, into: string) {
  const project = await openTestProject({
    'data/1.csv': 'day,text,at,country\n2024-01-01,2024-01-01,2024-01-01 03:00:00,PT\n',
    'pipelines/hourly.ts': `import { col, pipeline, read } from 'millrace'
export default pipeline('hourly', { schedule: '@hourly' }, (task) => {
  task.frame('hour', {
    into: { ${into}: '${into === 'table' ? 'raw.hours' : 'lake://hours'}', mode: 'overwrite', partitionBy: '${column}' },
    frame: () =>
      read.csv('data/1.csv', { header: true })
        .select(col('day').cast('date').as('day'), col('text').cast('string').as('text'), col('at').cast('timestamp_ntz').as('at'), 'country'),
  })
})
`,
  })
  const graph = await loadPipeline(project.dir, 'hourly', { kinds: async () => taskKinds })
  return runPipeline(graph, HOUR, { project, kinds: taskKinds })
}

test.each(['day', 'text'])('an hour does not overwrite the partition of its day (%s)', async (column) => {
  for (const into of ['table', 'parquet']) {
    const { tasks } = await hourly(column, into)
    expect(tasks[0]?.error).toMatchObject({ code: 'OPTION_INVALID', hint: expect.stringContaining('daily schedule') })
  }
})

test.each(['at', 'country'])('an hour overwrites the partitions it has rows of (%s)', async (column) => {
  expect((await hourly(column, 'table')).status).toBe('success')
})
