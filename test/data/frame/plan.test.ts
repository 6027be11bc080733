import { describe, expect, test } from 'vitest'
import {
  bind,
  col,
  createDataFrame,
  currentDate,
  describePlan,
  type Frame,
  frameOf,
  inputFrame,
  inputsOf,
  lit,
  type Plan,
  planHash,
  read,
  sum,
} from '../../../src/data/frame/index.ts'

function totals(orders: Frame): Frame {
  return orders
    .filter(col('date').eq('2024-01-01'))
    .join(read.table('raw.users', { version: 3 }), 'user_id')
    .groupBy('date')
    .agg(sum('amount').as('total'))
}

test('a plan is JSON that survives the way to another process', () => {
  const frame = totals(inputFrame('orders'))
  expect(JSON.parse(JSON.stringify(frame))).toEqual(frame.plan)
  expect(frameOf(JSON.parse(JSON.stringify(frame)) as Plan).plan).toEqual(frame.plan)
})

test('the hash is the same wherever a plan is written, and another for another plan', () => {
  const one = totals(inputFrame('orders'))
  const two = totals(inputFrame('orders'))
  expect(planHash(two.plan)).toBe(planHash(one.plan))
  const places = [read.csv('x').limit(1), read.csv('x').limit(1)]
  expect(places[0]?.plan.at).not.toEqual(places[1]?.plan.at)
  expect(planHash(places[0]?.plan as Plan)).toBe(planHash(places[1]?.plan as Plan))
  expect(planHash(totals(inputFrame('other')).plan)).not.toBe(planHash(one.plan))
  expect(planHash(read.csv('x', { header: true }).plan)).not.toBe(planHash(read.csv('x').plan))
})

test('data named "at" counts for the hash', () => {
  const at = (value: string) => read.csv('x').select(lit({ at: { file: value } })).plan
  expect(planHash(at('a'))).not.toBe(planHash(at('b')))
})

test('frames are immutable: a step leaves the frame before it as it was', () => {
  const frame = read.parquet('x')
  const before = JSON.stringify(frame)
  frame.filter('a > 1').limit(3)
  expect(JSON.stringify(frame)).toBe(before)
})

test('what a plan reads is found without running it, each once', () => {
  const frame = totals(inputFrame('orders'))
    .union(read.parquet(['lake://a', 'lake://b']))
    .union(read.parquet('lake://a'))
  expect(inputsOf(frame.plan)).toEqual({
    datasets: ['raw.users'],
    inputs: ['orders'],
    paths: [
      { format: 'parquet', path: 'lake://a' },
      { format: 'parquet', path: 'lake://b' },
    ],
  })
})

test('an input is bound to another plan, and only that input', async () => {
  const frame = inputFrame('a').union(inputFrame('b'))
  const half = bind(frame.plan, { a: createDataFrame([{ v: 1 }]).plan })
  expect(inputsOf(half).inputs).toEqual(['b'])
  const whole = bind(half, { b: createDataFrame([{ v: 2 }]).plan })
  expect(await frameOf(whole).orderBy('v').collect()).toEqual([{ v: 1 }, { v: 2 }])
  expect(inputsOf(frame.plan).inputs).toEqual(['a', 'b'])
})

describe('describePlan', () => {
  test('draws the steps as a tree with the places they were written at', () => {
    const { tree, summary } = describePlan(totals(inputFrame('orders')).plan)
    expect(tree.replaceAll(/ {3}\(.*\)/g, '')).toBe(
      [
        'Aggregate [date], [sum(amount) AS total]',
        '+- Join inner using [user_id]',
        '   +- Filter [(date = 2024-01-01)]',
        '      +- Input orders',
        '   +- Table raw.users version 3',
      ].join('\n'),
    )
    expect(tree).toContain('test/data/frame/plan.test.ts:')
    expect(summary).toBe('(input orders → filter; table raw.users version 3) → join → aggregate')
  })
})

test('the batch layer of the design is a plan of one line', () => {
  const frame = read
    .parquet('s3://data-lake/events/')
    .filter(col('date').eq(currentDate()))
    .groupBy('user_id', 'product_id')
    .agg(sum('amount').as('total_spent'))
  expect(describePlan(frame.plan).summary).toBe('parquet s3://data-lake/events/ → filter → aggregate')
})
