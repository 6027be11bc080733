import { expect, test } from 'vitest'
import {
  avg,
  col,
  createDataFrame,
  dropGlobalTempView,
  explainText,
  type Frame,
  range,
  rowNumber,
  StorageLevel,
  sql,
  sum,
  table,
  Window,
} from '../../../src/data/frame/index.ts'

const people = createDataFrame(
  [
    { id: 1, name: 'Ada', at: '2024-01-01T00:00:00Z' },
    { id: 2, name: null, at: '2024-01-02T00:00:00Z' },
  ],
  'id int, name string, at timestamp',
)
const codeOf = async (act: () => unknown) => {
  try {
    await act()
  } catch (thrown) {
    return (thrown as { code?: string }).code
  }
  return undefined
}

test('head gives a row, and rows when asked for a number of them', async () => {
  expect(await people.head()).toMatchObject({ id: 1 })
  expect(await people.head(1)).toHaveLength(1)
  expect(await people.filter('id > 5').head()).toBeUndefined()
})

test('a sample with replacement draws rows as often as the fraction says, and the same for the same seed', async () => {
  const many = range(2000)
  const drawn = many.sample(true, 1.5, 7)
  const rows = await drawn.collect()
  expect(rows.length).toBeGreaterThan(2700)
  expect(rows.length).toBeLessThan(3300)
  expect(new Set(rows.map(({ id }) => id)).size).toBeLessThan(rows.length)
  expect(await drawn.collect()).toEqual(rows)
  expect(await many.sample({ withReplacement: true, fraction: 0 }).count()).toBe(0)
  expect(await many.sample(false, 0.5, 3).count()).toBe(await many.sample(0.5, 3).count())
})

test('rows are numbered in their order', async () => {
  const numbered = await range(5).orderBy(col('id').desc()).zipWithIndex().collect()
  expect(numbered.map(({ id, index }) => [Number(id), Number(index)])).toEqual([4, 3, 2, 1, 0].map((id, i) => [id, i]))
})

test('a global view is one of all sessions, under its own database', async () => {
  people.createOrReplaceGlobalTempView('all_people')
  expect(await sql('select max(id) as m from global_temp.all_people').collect()).toEqual([{ m: 2 }])
  expect(await table('global_temp.all_people').count()).toBe(2)
  expect(await codeOf(() => people.createGlobalTempView('all_people'))).toBe('FRAME_VIEW_EXISTS')
  expect(dropGlobalTempView('all_people')).toBe(true)
  expect(dropGlobalTempView('all_people')).toBe(false)
})

test('a kept frame tells its level, and equal plans are the same', async () => {
  expect(people.storageLevel).toBe(StorageLevel.NONE)
  expect(people.persist(StorageLevel.DISK_ONLY).storageLevel).toBe('DISK_ONLY')
  expect(people.filter('id = 1').sameSemantics(people.filter('id = 1'))).toBe(true)
  expect(people.filter('id = 1').semanticHash()).not.toBe(people.filter('id = 2').semanticHash())
  expect(await codeOf(() => people.persist('SOMEWHERE' as never))).toBe('OPTION_INVALID')
})

test('explain has modes', async () => {
  const { plan } = people.filter('id = 1')
  expect(await explainText(plan)).toMatch(/^== Plan ==[\s\S]*== SQL \(duckdb\) ==/)
  expect(await explainText(plan, { mode: 'codegen' })).toMatch(/^== SQL/)
  expect(await explainText(plan, { mode: 'formatted' })).toContain('== Engine ==')
  expect(await codeOf(() => explainText(plan, { mode: 'all' as never }))).toBe('OPTION_INVALID')
})

test('a partition is all rows', async () => {
  const seen: number[] = []
  await people.foreachPartition(async (rows) => {
    for await (const { id } of rows) seen.push(id as number)
  })
  expect(seen).toEqual([1, 2])
})

test.each<readonly [string, string, () => Frame | Promise<unknown>]>([
  ['a fraction above 1 without replacement', 'OPTION_INVALID', () => people.sample(1.5)],
  ['directions that are not as many as the keys', 'OPTION_INVALID', () => people.orderBy('id', { ascending: [true, false] })],
  ['an order of nothing', 'FRAME_PLAN_INVALID', () => people.orderBy()],
  ['a delay that is none', 'OPTION_INVALID', () => people.withWatermark('at', 'soon')],
  ['a delay that goes back', 'OPTION_INVALID', () => people.withWatermark('at', '-1 hour')],
  ['an event time that is text', 'COLUMN_TYPE', () => people.withWatermark('name', '1 hour').collect()],
  ['an event time that does not exist', 'COLUMN_UNKNOWN', () => people.withWatermark('ad', '1 hour').collect()],
  ['duplicates within a watermark in a batch', 'FRAME_PLAN_INVALID', () => people.dropDuplicatesWithinWatermark().collect()],
  ['a sum of text of groups', 'COLUMN_TYPE', () => people.groupBy('id').sum('name' as never).collect()],
  ['a window that goes back in time', 'FRAME_PLAN_INVALID', () => people.select(sum('id').over(Window.orderBy('at').rangeBetween('1 day', '-1 day'))).collect()],
  ['a window of numbers over a timestamp', 'COLUMN_TYPE', () => people.select(sum('id').over(Window.orderBy('at').rangeBetween(-1, 0))).collect()],
  ['a window of hours over a number', 'COLUMN_TYPE', () => people.select(sum('id').over(Window.orderBy('id').rangeBetween('-1 hour', 0))).collect()],
  ['a window of no length of time', 'OPTION_INVALID', () => people.select(sum('id').over(Window.orderBy('at').rangeBetween('-1 fortnight', 0)))],
  ['a number of a row without an order', 'FRAME_PLAN_INVALID', () => people.select(rowNumber().over(Window.partitionBy('id'))).collect()],
  ['half a row', 'OPTION_INVALID', () => people.select(sum('id').over(Window.orderBy('id').rowsBetween(-0.5, 0)))],
  ['a value of several rows', 'FRAME_VALUE', () => people.select(people.select('id').scalar().as('x')).collect()],
  ['a value of several columns', 'FRAME_PLAN_INVALID', () => people.select(people.scalar().as('x')).collect()],
  ['a lateral join of a kind that is none', 'OPTION_INVALID', () => people.lateralJoin(people, undefined, 'full' as never)],
  ['the nearest 0 rows', 'OPTION_INVALID', () => people.nearestByJoin(people, col('id'), 0, 'exact', 'distance')],
  ['the nearest by a way that is none', 'OPTION_INVALID', () => people.nearestByJoin(people, col('id'), 1, 'exact', 'far' as never)],
  ['frequent values of no frequency', 'OPTION_INVALID', () => people.freqItems(['id'], 0)],
  ['a join by names and conditions', 'OPTION_INVALID', () => people.join(people, ['id', avg('id')] as never)],
])('refuses %s', async (_what, code, act) => {
  expect(await codeOf(act)).toBe(code)
}) // biome-ignore format: a table
