import { expect, test } from 'vitest'
import { askedRows } from '../../../src/data/frame/compile/asked-rows.ts'
import { col, type Frame, lit, planHash, read } from '../../../src/data/frame/index.ts'

const days = read.table('raw.days')
const asked = (frame: Frame) => askedRows(frame.plan).get(planHash(days.plan))
const compare = (column: string, is: string, value: string, type = 'string') => ({
  kind: 'compare',
  column,
  is,
  value,
  type,
})
const NOTHING = { kind: 'and', of: [] }

test('comparisons with constants right above a table are asked of it, from either side and in any order', () => {
  const frame = days.filter(col('n').gt(1).and(col('Date').eq('2024-01-01'))).filter(lit('de').eq(col('country')))
  expect(asked(frame.groupBy('date').count())).toEqual({
    kind: 'and',
    of: [compare('country', 'eq', 'de'), compare('n', 'gt', '1', 'integer'), compare('date', 'eq', '2024-01-01')],
  })
  expect(asked(days.sort('n').alias('d').select('n', 'date').filter(col('date').eq('2024-01-01')))).toEqual(
    compare('date', 'eq', '2024-01-01'),
  )
  expect(asked(days.filter(lit(5).lt(col('n'))))).toEqual(compare('n', 'gt', '5', 'integer'))
  expect(asked(days.filter(col('n').isin(1, 2).or(col('n').isNull())))).toEqual({
    kind: 'or',
    of: [
      { kind: 'or', of: [compare('n', 'eq', '1', 'integer'), compare('n', 'eq', '2', 'integer')] },
      { kind: 'null', column: 'n', isNull: true },
    ],
  })
  expect(asked(days.filter(col('c').startsWith('ab')))).toMatchObject({ of: [compare('c', 'ge', 'ab'), { is: 'le' }] })
})

test('what is not asked of every row of the table is not asked', () => {
  const one = days.filter(col('date').eq('2024-01-01'))
  const late = days.withColumn('date', lit('2024-01-01')).filter(col('date').eq('2024-01-01'))
  const counted = days.groupBy('date').count().filter(col('date').eq('2024-01-01'))
  const first = days.limit(1).filter(col('date').eq('2024-01-01'))
  const renamed = days.withColumnRenamed('day', 'date').filter(col('date').eq('2024-01-01'))
  const computed = days.select(col('n').plus(1).as('n')).filter(col('n').eq(1))
  const cached = days.cache().filter(col('n').eq(1))
  for (const frame of [one.union(days), days.union(one), late, counted, first, renamed, computed, cached]) {
    expect(asked(frame)).toEqual(NOTHING)
  }
  const either = col('date').eq('2024-01-01').or(col('n').plus(1).eq(1))
  for (const condition of [either, either.not(), col('date').ne('2024-01-01'), col('n').eq(col('m'))]) {
    expect(asked(days.filter(condition))).toEqual(NOTHING)
  }
})

test('members of structs are asked for by their path, but for names that may be those of the rows', () => {
  const path = 'place\0city'
  expect(asked(days.filter(col('place.City').eq('x')))).toEqual(compare(path, 'eq', 'x'))
  expect(asked(days.filter(col('place').getField('city').isNull()))).toEqual({
    kind: 'null',
    column: path,
    isNull: true,
  })
  expect(asked(days.alias('place').filter(col('place.city').eq('x').and(col('n').eq(1))))).toEqual(
    compare('n', 'eq', '1', 'integer'),
  )
})

test('of a table that stands in several places what any of them asks', () => {
  const one = days.filter(col('date').eq('2024-01-01'))
  const other = days.filter(col('date').eq('2024-01-02'))
  expect(asked(one.union(one))).toEqual(compare('date', 'eq', '2024-01-01'))
  expect(asked(one.union(other))).toEqual({
    kind: 'or',
    of: [compare('date', 'eq', '2024-01-01'), compare('date', 'eq', '2024-01-02')],
  })
})
