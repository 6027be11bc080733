import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testTask } from 'millrace/testing'
import daily from '../pipelines/daily.ts'

test('a day is summed, and other days are left out', async () => {
  const { rows } = await testTask(daily, 'totals', {
    ds: '2024-01-02',
    inputs: {
      orders: [
        { order_id: 1, order_date: '2024-01-01', amount: 10 },
        { order_id: 2, order_date: '2024-01-02', amount: 5 },
        { order_id: 3, order_date: '2024-01-02', amount: 7 },
      ],
    },
  })
  assert.equal(rows.length, 1)
  assert.equal(Number(rows[0]?.amount), 12)
  assert.equal(Number(rows[0]?.orders), 2)
})
