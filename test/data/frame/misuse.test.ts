import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MillraceError } from '../../../src/base/kernel/index.ts'
import * as f from '../../../src/data/frame/index.ts'
import { col, createDataFrame, expr, type Frame, lit, rank, sql, sum, Window } from '../../../src/data/frame/index.ts'

const orders: Frame = createDataFrame(
  [[1, 7, 2.5, '2024-01-01', { a: 1 }]],
  'id int, user int, amount double, day date, tags map<string,int>',
)
const users: Frame = createDataFrame([[7, 'Ann']], 'id int, name string')
const byAmount = Window.partitionBy('user').orderBy('amount')
const o = orders.alias('o')
// biome-ignore lint/suspicious/noExplicitAny: wrong on purpose
const any = (value: unknown): any => value

/** What is wrong; the frame, or the call that throws; the code; and what the message and the hint say, the operator first. */
type Misuse = [name: string, make: () => Frame, code: string, says: RegExp, hints?: RegExp]
const misuses: Misuse[] = [
  ['unknown in select', () => orders.select('amuont'), 'COLUMN_UNKNOWN', /^select: the column "amuont"/, /"amount"/],
  ['unknown in filter', () => orders.filter(col('amuont').gt(1)), 'COLUMN_UNKNOWN', /^filter: .*"amuont"/, /"amount"/],
  ['unknown in filter text', () => orders.filter('amuont > 1'), 'COLUMN_UNKNOWN', /^filter: .*"amuont"/, /"amount"/],
  ['unknown in withColumn', () => orders.withColumn('x', col('amuont')), 'COLUMN_UNKNOWN', /^withColumn: .*"amuont"/, /"amount"/],
  ['unknown in withColumns', () => orders.withColumns({ x: lit(1), y: col('usr') }), 'COLUMN_UNKNOWN', /^withColumns: .*"usr"/, /"user"/],
  ['unknown in groupBy', () => orders.groupBy('usr').count(), 'COLUMN_UNKNOWN', /^groupBy: .*"usr"/, /"user"/],
  ['unknown in agg', () => orders.agg(sum('amuont')), 'COLUMN_UNKNOWN', /^agg: .*"amuont"/, /"amount"/],
  ['unknown in an aggregate of groups', () => orders.groupBy('user').agg(sum('amuont')), 'COLUMN_UNKNOWN', /^groupBy: .*"amuont"/, /"amount"/],
  ['unknown in orderBy', () => orders.orderBy(col('dya').desc()), 'COLUMN_UNKNOWN', /^orderBy: .*"dya"/, /"day"/],
  ['unknown in a window', () => orders.withColumn('r', rank().over(Window.orderBy('amuont'))), 'COLUMN_UNKNOWN', /^withColumn: .*"amuont"/, /"amount"/],
  ['unknown in dropDuplicates', () => orders.dropDuplicates(['usr']), 'COLUMN_UNKNOWN', /^dropDuplicates: .*"usr"/, /"user"/],
  ['unknown in pivot', () => orders.groupBy('user').pivot('dya', ['x']).sum('amount'), 'COLUMN_UNKNOWN', /^pivot: .*"dya"/, /"day"/],
  ['unknown in unpivot', () => orders.unpivot('id', ['amuont'], 'k', 'v'), 'COLUMN_UNKNOWN', /^unpivot: .*"amuont"/, /"amount"/],
  ['unknown in fill', () => orders.na.fill(0, ['amuont']), 'COLUMN_UNKNOWN', /^na\.fill: .*"amuont"/, /"amount"/],
  ['unknown in groupingSets', () => orders.groupingSets([['usr']], 'user').count(), 'COLUMN_UNKNOWN', /^groupingSets: .*"usr"/, /"user"/],
  ['unknown member of an alias', () => o.select(col('o.usr')), 'COLUMN_UNKNOWN', /^select: .*"o\.usr"/, /"o\.user"/],
  ['unknown in sql()', () => sql('select amuont from {orders}', { orders }), 'COLUMN_UNKNOWN', /amuont/],
  ['using what one side lacks', () => orders.join(users, 'name'), 'COLUMN_UNKNOWN', /^join: .*"name"/, /id, user, amount/],
  ['using what the other lacks', () => orders.join(users, 'user'), 'COLUMN_UNKNOWN', /^join: .*"user"/, /id, name/],
  ['ambiguous after a join', () => orders.join(users, orders.col('user').eq(users.col('id'))).select('id'), 'COLUMN_AMBIGUOUS', /^select: the column "id" stands for 2 columns: "id" of rows \(.*misuse\.test\.ts:\d+.*\) and "id" of rows \(.*misuse\.test\.ts:\d+/, /frame\.col\('id'\)/],
  ['ambiguous with aliases', () => o.join(users.alias('u'), col('user').eq(col('u.id'))).select('id'), 'COLUMN_AMBIGUOUS', /"id" of o and "id" of u/, /a\.id/],
  ['ambiguous in a condition', () => orders.join(users, col('id').eq(col('user'))), 'COLUMN_AMBIGUOUS', /^join: the column "id"/],
  ['a column of another frame', () => orders.filter(users.col('name').eq('Ann')), 'COLUMN_UNKNOWN', /^filter: .*"name" is of another frame/, /Join that frame/],
  ['a sum of dates', () => orders.agg(sum('day')), 'COLUMN_TYPE', /^agg: .*number.*date/],
  ['a date as a condition', () => orders.filter(col('day').and(true)), 'COLUMN_TYPE', /^filter: .*boolean.*date/],
  ['values without a common type', () => orders.filter(col('day').eq(col('amount'))), 'COLUMN_TYPE', /^filter: .*no type in common/],
  ['values without a common type in text', () => orders.filter('day = amount'), 'COLUMN_TYPE', /^filter: .*no type in common/],
  ['branches without a common type', () => orders.select(f.when(col('id').gt(1), col('day')).otherwise(true)), 'COLUMN_TYPE', /^select: .*no type in common/],
  ['an order of maps', () => orders.filter(col('tags').eq(col('tags'))), 'COLUMN_TYPE', /^filter: .*order.*map/],
  ['distinct maps', () => orders.distinct(), 'COLUMN_TYPE', /^distinct .*"tags" is a map/],
  ['an unsupported cast', () => orders.select(col('day').cast('int')), 'COLUMN_TYPE', /^select: date cannot be cast to int/],
  ['an unsupported cast in text', () => orders.selectExpr('cast(day as int)'), 'COLUMN_TYPE', /^select: date cannot be cast to int/],
  ['an aggregate in filter', () => orders.filter(sum('amount').gt(1)), 'FRAME_PLAN_INVALID', /^filter: the aggregate sum\(amount\)/, /groupBy/],
  ['an aggregate in filter text', () => orders.filter('sum(amount) > 1'), 'FRAME_PLAN_INVALID', /^filter: the aggregate sum\(amount\)/],
  ['an aggregate in withColumn', () => orders.withColumn('t', sum('amount')), 'FRAME_PLAN_INVALID', /^withColumn: the aggregate sum/, /over/],
  ['an aggregate in orderBy', () => orders.orderBy(sum('amount')), 'FRAME_PLAN_INVALID', /^orderBy: the aggregate sum/],
  ['an aggregate in groupBy', () => orders.groupBy(sum('amount')).count(), 'FRAME_PLAN_INVALID', /^groupBy: the aggregate sum/],
  ['an aggregate in a join', () => orders.join(users, sum('amount').gt(1)), 'FRAME_PLAN_INVALID', /^join: the aggregate sum/],
  ['an aggregate of an aggregate', () => orders.agg(sum(f.max('amount'))), 'FRAME_PLAN_INVALID', /^agg: sum\(max\(amount\)\) is an aggregate of an aggregate/],
  ['a column beside an aggregate', () => orders.select('user', sum('amount')), 'FRAME_PLAN_INVALID', /^select: the column "user" is neither grouped/, /first\("user"\)/],
  ['a column beside an aggregate in text', () => orders.selectExpr('user', 'sum(amount)'), 'FRAME_PLAN_INVALID', /^select: the column "user" is neither grouped/],
  ['a column that is not grouped by', () => orders.groupBy('user').agg(col('day')), 'FRAME_PLAN_INVALID', /^groupBy: the column "day" is neither grouped/],
  ['a column that is not grouped by in sql()', () => sql('select user, sum(amount) from {orders}', { orders }), 'FRAME_PLAN_INVALID', /user.*GROUP BY/],
  ['a window in filter', () => orders.filter(rank().over(byAmount).eq(1)), 'FRAME_PLAN_INVALID', /^filter: RANK\(\) over a window/i, /withColumn/],
  ['a window in filter text', () => orders.filter('rank() over (order by id) = 1'), 'FRAME_PLAN_INVALID', /^filter: RANK\(\) over a window/i],
  ['a window in groupBy', () => orders.groupBy(rank().over(byAmount)).count(), 'FRAME_PLAN_INVALID', /^groupBy: RANK\(\) over a window/i],
  ['a rank without a window', () => orders.select(rank()), 'FRAME_PLAN_INVALID', /^select: RANK\(\) needs a window/i, /over/],
  ['a rank without an order', () => orders.select(rank().over(Window.partitionBy('user'))), 'FRAME_PLAN_INVALID', /^select: RANK\(\) over a window needs an order/i],
  ['a window of no aggregate', () => orders.select(any(f.upper('day')).over(byAmount)), 'FRAME_PLAN_INVALID', /^select: upper\(day\) is no function of several rows/],
  ['different values over a window', () => orders.select(f.countDistinct('day').over(byAmount)), 'FRAME_PLAN_INVALID', /^select: count\(DISTINCT day\) cannot be computed over/],
  ['a union of other widths', () => orders.union(users), 'FRAME_PLAN_INVALID', /^union needs frames of as many columns/],
  ['a union by name of other names', () => orders.unionByName(users), 'COLUMN_UNKNOWN', /^unionByName: the column/],
  ['a union of other types', () => orders.select('day').union(orders.select('amount')), 'COLUMN_TYPE', /^union: .*no type in common/],
  ['a negative limit', () => orders.limit(-1), 'OPTION_INVALID', /^limit: -1/],
  ['a negative offset', () => orders.offset(-2), 'OPTION_INVALID', /^offset: -2/],
  ['half a limit', () => orders.limit(0.5), 'OPTION_INVALID', /^limit: 0\.5/],
  ['two pivots', () => orders.groupBy('user').pivot('day', ['x']).pivot('id', [1]).sum('amount'), 'FRAME_PLAN_INVALID', /^pivot: /],
  ['a pivot of no aggregate', () => orders.groupBy('user').pivot('day', ['2024-01-01']).agg(any(col('amount'))), 'FRAME_PLAN_INVALID', /^pivot/],
  ['no aggregate', () => any(orders.groupBy('user')).agg(), 'FRAME_PLAN_INVALID', /^agg\(\) needs/],
  ['an unknown kind of join', () => orders.join(users, 'id', any('sideways')), 'OPTION_INVALID', /^join: "sideways"/, /left_?anti/],
  ['too few arguments', () => orders.selectExpr('upper()'), 'FRAME_PLAN_INVALID', /^select: upper\(\) takes 1 argument, and got 0/],
  ['too many arguments', () => orders.filter('length(day, 1) > 1'), 'FRAME_PLAN_INVALID', /^filter: length\(\) takes 1 argument, and got 2/],
  ['an unknown function in text', () => orders.filter("uper(day) = 'A'"), 'FUNCTION_UNKNOWN', /^filter: the function "uper"/, /upper/],
  ['an unknown function in selectExpr', () => orders.selectExpr('sumn(amount)'), 'FUNCTION_UNKNOWN', /^select: the function "sumn"/, /sum/],
  ['an unknown function in expr', () => orders.withColumn('x', expr('legnth(day)')), 'FUNCTION_UNKNOWN', /^withColumn: the function "legnth"/, /length/],
  ['an unknown aggregate by name', () => orders.groupBy('user').agg(any({ amount: 'sume' })), 'FUNCTION_UNKNOWN', /^groupBy: the function "sume"/, /sum/],
  ['text that is no SQL', () => orders.filter('amount >'), 'ENGINE_SQL', /^filter: /],
  ['no column', () => orders.select(any(5)), 'COLUMN_TYPE', /a number is not a column/],
  ['names of other number', () => orders.toDF('a', 'b'), 'FRAME_PLAN_INVALID', /^toDF\(\) names 2 columns of 5/],
  ['nothing left', () => users.drop('id', 'name'), 'FRAME_PLAN_INVALID', /^drop\(\) leaves no column/],
] // biome-ignore format: a table

const lines = readFileSync(import.meta.filename, 'utf8').split('\n')

describe('a wrong use is refused with the code, the operator and the line', () => {
  test.each<Misuse>(misuses)('%s', async (name, make, code, says, hints) => {
    const error = await refusal(make)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(says)
    if (hints) expect(error.hint).toMatch(hints)
    const line = lines.findIndex((one) => one.includes(`['${name}',`)) + 1
    expect(error.at).toMatchObject({ file: 'test/data/frame/misuse.test.ts', line })
  })
})

test('a value that cannot be computed with is told with the line of the action', async () => {
  const bad = orders.select(col('amount').divide(0).as('x'))
  const actions: Record<string, () => Promise<unknown>> = {
    collect: () => bad.collect(),
    first: () => bad.first(),
    show: () => bad.show(),
    toIterator: () => bad.toIterator().next(),
    write: () => bad.write.mode('overwrite').parquet(join(tmpdir(), 'millrace-never-written')),
  }
  for (const [name, action] of Object.entries(actions)) {
    const line = lines.findIndex((one) => one.startsWith(`    ${name}: () =>`)) + 1
    const error = await action().catch((thrown: unknown) => thrown)
    expect(error, name).toMatchObject({ code: 'FRAME_VALUE', at: { file: 'test/data/frame/misuse.test.ts', line } })
  }
})

async function refusal(make: () => Frame): Promise<MillraceError> {
  try {
    await make().collect()
  } catch (thrown) {
    if (thrown instanceof MillraceError) return thrown
    throw thrown
  }
  throw new Error('it was not refused')
}
