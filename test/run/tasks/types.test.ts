import { expectTypeOf } from 'expect-type'
import { expect, test } from 'vitest'
import type { Row } from '../../../src/base/kernel/index.ts'
import { col, type Frame } from '../../../src/data/frame/index.ts'
import { pipeline } from '../../../src/run/tasks/index.ts'

test('functions of tasks know the names of their inputs and the values of the run', () => {
  const made = pipeline('typed', {}, (task) => {
    const raw = task.ingest('extract', { source: 'shop', into: 'raw' })
    task.frame('totals', {
      inputs: { orders: raw.dataset('orders') },
      into: { parquet: 'lake://daily' },
      frame: ({ orders, ds }) => {
        expectTypeOf(orders).toEqualTypeOf<Frame>()
        expectTypeOf(ds).toEqualTypeOf<string>()
        return orders.filter(col('date').eq(ds))
      },
    })
    task.frame('wrong', {
      inputs: { orders: raw },
      into: { parquet: 'lake://daily' },
      // @ts-expect-error there is no input of this name
      frame: ({ order }) => order,
    })
    task.run('report', {
      inputs: { orders: raw },
      run: ({ orders, vars }) => {
        expectTypeOf(orders).toEqualTypeOf<Row[]>()
        return vars
      },
    })
    // @ts-expect-error a suite is needed
    expect(() => task.validate('incomplete', { data: raw })).toThrow('suite')
  })
  expect(made.tasks.map(({ id }) => id)).toEqual(['extract', 'totals', 'wrong', 'report'])
})
