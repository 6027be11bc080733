import { expect, test } from 'vitest'
import { askedValues } from '../../../src/data/frame/compile/asked-values.ts'
import { col, type Frame, lit, planHash, read } from '../../../src/data/frame/index.ts'

const days = read.table('raw.days')
const asked = (frame: Frame) => askedValues(frame.plan).get(planHash(days.plan))

test('equalities with texts right above a table are asked of it, from either side and in any order', () => {
  const frame = days.filter(col('n').gt(1).and(col('Date').eq('2024-01-01'))).filter(lit('de').eq(col('country')))
  expect(asked(frame.groupBy('date').count())).toEqual({ date: '2024-01-01', country: 'de' })
  expect(asked(days.sort('n').alias('d').filter(col('date').eq('2024-01-01')))).toEqual({ date: '2024-01-01' })
})

test('what is not asked of every row of the table is not asked', () => {
  const one = days.filter(col('date').eq('2024-01-01'))
  const other = days.filter(col('date').eq('2024-01-02'))
  const either = col('date').eq('2024-01-01').or(col('n').eq(1))
  const late = days.withColumn('date', lit('2024-01-01')).filter(col('date').eq('2024-01-01'))
  const counted = days.groupBy('date').count().filter(col('date').eq('2024-01-01'))
  const first = days.limit(1).filter(col('date').eq('2024-01-01'))
  const renamed = days.withColumnRenamed('day', 'date').filter(col('date').eq('2024-01-01'))
  for (const frame of [one.union(other), one.union(days), days.union(one), late, counted, first, renamed])
    expect(asked(frame)).toEqual({})
  for (const condition of [either, either.not(), col('date').ne('2024-01-01'), col('s.date').eq('x'), col('n').eq(1)])
    expect(asked(days.filter(condition))).toEqual({})
  expect(asked(one.union(one))).toEqual({ date: '2024-01-01' })
})
