import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import {
  array,
  avg,
  catalog,
  col,
  createDataFrame,
  dropGlobalTempView,
  emptyDataFrame,
  explainText,
  type Frame,
  frameSession,
  lit,
  range,
  read,
  rowNumber,
  StorageLevel,
  sql,
  sum,
  table,
  tvf,
  Window,
  withSession,
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

test('a table is made, added to and replaced by what shall become of it', async () => {
  await using engine = await openDuckDb()
  await withSession(await frameSession({ engine }), async () => {
    const ids = people.select('id')
    expect(await codeOf(() => ids.writeTo('main.ids').append())).toBe('TABLE_NOT_FOUND')
    expect((await ids.writeTo('main.ids').create()).rows).toBe(2)
    expect(await codeOf(() => ids.writeTo('main.ids').create())).toBe('WRITE_EXISTS')
    await ids.writeTo('main.ids').append()
    expect(await table('main.ids').count()).toBe(4)
    await ids.limit(1).writeTo('main.ids').replace()
    await ids.writeTo('main.others').createOrReplace()
    expect([await table('main.ids').count(), await table('main.others').count()]).toEqual([1, 2])
    expect(await catalog.tableExists('main.others')).toBe(true)
    expect(await catalog.tableExists('main.nothing')).toBe(false)
  })
})

test('a frame tells the files that it reads, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-files-'))
  try {
    await people.select('id').write.parquet(join(folder, 'ids'))
    const ids = read.parquet(join(folder, 'ids'))
    const files = await ids.union(ids).inputFiles()
    expect(files).toHaveLength(1)
    expect(files[0]).toMatch(/ids.*\.parquet$/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a view is kept and forgotten by its name', async () => {
  people.createOrReplaceTempView('kept_people')
  catalog.cacheTable('kept_people')
  expect(catalog.isCached('kept_people')).toBe(true)
  expect(await table('kept_people').count()).toBe(2)
  await catalog.uncacheTable('kept_people')
  expect(catalog.isCached('kept_people')).toBe(false)
  expect(await catalog.listColumns('kept_people')).toContainEqual({ name: 'id', dataType: 'int', nullable: true })
  expect(catalog.listViews().map(({ name }) => name)).toContain('kept_people')
  await catalog.clearCache()
  expect(catalog.dropTempView('kept_people')).toBe(true)
})

test('values of a query are bound by name or by place, and texts and comments are left alone', async () => {
  const query = "select *, ':n' as t, id::varchar as c from {df} where id > :n -- ? :m\n"
  expect(await sql(query, { df: people, n: 1 }).select('id', 't', 'c').collect()).toEqual([{ id: 2, t: ':n', c: '2' }])
  expect(await sql("select ? + ? as x, '?' as y", [41, 1]).collect()).toEqual([{ x: 42, y: '?' }])
  expect(await sql('select :s as s', { s: "o'clock" }).collect()).toEqual([{ s: "o'clock" }])
  expect(await codeOf(() => sql('select :nope', { n: 1 }).collect())).toBe('OPTION_MISSING')
  expect(await codeOf(() => sql('select ?', [1, 2]).collect())).toBe('OPTION_INVALID')
  expect(await codeOf(() => sql('select ?, ?', [1]).collect())).toBe('OPTION_MISSING')
})

test('table functions make frames, also of columns of the frame around', async () => {
  expect(await tvf.explode(array(lit(1), lit(2))).collect()).toEqual([{ col: 1 }, { col: 2 }])
  const lists = createDataFrame([[1, [10, 20]], [2, []]], 'id int, xs array<int>') // biome-ignore format: short
  expect(
    await lists
      .lateralJoin(tvf.explode(col('xs').outer()))
      .select('id', 'col')
      .orderBy('col')
      .collect(),
  ).toEqual([
    { id: 1, col: 10 },
    { id: 1, col: 20 },
  ])
  expect(await emptyDataFrame('a int').collect()).toEqual([])
  expect(await createDataFrame([[1, 'x']], ['a', 'b']).collect()).toEqual([{ a: 1, b: 'x' }])
})

test('what is said of a column stays with it', async () => {
  const said = people.withMetadata('id', { unit: 'none' }).filter('id > 0').select('id', col('name').as('n'))
  expect((await said.schema()).fields.map(({ metadata }) => metadata)).toEqual([{ unit: 'none' }, undefined])
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
  ['a pattern that is none', 'OPTION_INVALID', () => people.select(people.colRegex('`(`')).collect()],
  ['a schema that text does not become', 'COLUMN_TYPE', () => people.to('name int').collect()],
])('refuses %s', async (_what, code, act) => {
  expect(await codeOf(act)).toBe(code)
}) // biome-ignore format: a table
