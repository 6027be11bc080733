import { describe, expect, test } from 'vitest'
import { col, count, sum } from '../../../src/data/frame/index.ts'
import { pipeline, testTask } from '../../../src/run/tasks/index.ts'

const etl = pipeline('etl', { schedule: '@daily', startDate: '2024-01-01' }, (task) => {
  task.frame('totals', {
    inputs: { orders: 'raw.orders' },
    into: { parquet: 'lake://daily', partitionBy: 'date' },
    frame: ({ orders, ds }) =>
      orders.filter(col('date').eq(ds)).groupBy('date', 'user_id').agg(sum('amount').as('total'), count().as('n')),
  })
  task.run('report', { inputs: { totals: 'raw.totals' }, run: ({ totals, ds }) => `${ds} ${totals.length}` })
  task.sql('load', { sql: 'select 1' })
})

describe('testTask', () => {
  test('computes a frame over the rows given, for the day given', async () => {
    const { rows } = await testTask(etl, 'totals', {
      ds: '2024-01-01',
      inputs: {
        orders: [
          { date: '2024-01-01', user_id: 1, amount: 2.5 },
          { date: '2024-01-01', user_id: 1, amount: 2 },
          { date: '2024-01-02', user_id: 1, amount: 100 },
        ],
      },
    })
    expect(rows).toEqual([{ date: '2024-01-01', user_id: 1, total: 4.5, n: 2n }])
  })

  test('takes a schema for inputs without rows', async () => {
    const { rows } = await testTask(etl, 'totals', {
      ds: '2024-01-01',
      inputs: { orders: [] },
      schemas: { orders: 'date date, user_id bigint, amount double' },
    })
    expect(rows).toEqual([])
  })

  test('gives the rows to a function of task.run and returns what it returns', async () => {
    const { value } = await testTask(etl, 'report', { ds: '2024-01-01', inputs: { totals: [{ a: 1 }, { a: 2 }] } })
    expect(value).toBe('2024-01-01 2')
  })

  test.each([
    ['totals', {}, 'OPTION_MISSING'],
    ['totals', { orders: [], order: [] }, 'OPTION_UNKNOWN'],
    ['total', {}, 'TASK_UNKNOWN'],
    ['load', {}, 'OPTION_INVALID'],
  ])('%s with inputs %j is refused: %s', async (task, inputs, code) => {
    await expect(testTask(etl, task, { ds: '2024-01-01', inputs })).rejects.toMatchObject({ code })
  })
})
