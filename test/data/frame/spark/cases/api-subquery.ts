import * as f from '../../../../../src/data/frame/index.ts'
import { col, createDataFrame, type Frame, lit } from '../../../../../src/data/frame/index.ts'

const customers = createDataFrame(
  [[1, 'Alice', 10], [2, 'Bob', null], [3, 'Charlie', 30], [4, null, 40], [null, 'Eve', 5]],
  'id int, name string, score int',
) // biome-ignore format: a table
const orders = createDataFrame(
  [
    [101, 1, '10.50', ['laptop', 'mouse']], [102, 1, '3.00', []], [103, 2, '99.99', ['tablet']], [104, 9, '1.00', null],
    [105, null, '7.00', ['phone', null]],
  ],
  'order int, customer int, amount decimal(10,2), items array<string>',
) // biome-ignore format: a table

const mine = col('customer').eq(col('id').outer())
const c = customers.alias('c')
const o = orders.alias('o')

const subqueries: readonly (readonly [string, Frame])[] = [
  ['rows that have orders', customers.filter(orders.filter(mine).exists())],
  ['rows that have none', customers.filter(orders.filter(mine).exists().not())],
  ['a value of all rows', customers.select('id', orders.agg(f.max('amount')).scalar().as('most'))],
  ['a value of a row', customers.select('id', orders.filter(mine).select(f.sum('amount')).scalar().as('total'))],
  ['more than the average', orders.filter(col('amount').gt(orders.agg(f.avg('amount')).scalar()))],
  ['a value without a row', customers.select('id', orders.filter(lit(false)).select('amount').scalar().as('x'))],
  ['several rows are no value', customers.select('id', orders.select('amount').scalar().as('x'))],
  ['several columns are no value', customers.select('id', orders.select('amount', 'order').scalar().as('x'))],
  ['in a frame', customers.filter(col('id').isin(orders.select('customer')))],
  ['not in a frame with null', customers.filter(col('id').isin(orders.select('customer')).not())],
  ['not in a frame without null', customers.filter(col('id').isin(orders.filter(col('customer').isNotNull()).select('customer')).not())],
  ['names of both by aliases', c.filter(o.filter(col('o.customer').eq(col('c.id').outer())).exists()).select('c.name')],
  ['the same alias within and around', orders.alias('x').filter(orders.alias('x').filter(col('x.order').gt(105)).exists())],
  ['its own columns come first', customers.filter(customers.filter(col('id').eq(col('id').outer()).and(col('id').gt(100))).exists())],
  ['exists as a column', customers.withColumn('has', orders.filter(mine).exists())],
  ['a count of each', customers.withColumn('n', orders.filter(mine).select(f.count('*')).scalar())],
  ['within a condition', customers.select('id', f.when(orders.filter(mine).exists(), lit('buys')).otherwise(lit('looks')).as('kind'))],
  ['computed with', customers.select('id', col('score').plus(orders.agg(f.max('customer')).scalar()).as('x'))],
  ['a subquery of a subquery', customers.filter(orders.filter(mine.and(col('amount').ge(orders.agg(f.min('amount')).scalar()))).exists())],
  ['ordered by a value', customers.select('id').filter(col('id').le(orders.agg(f.max('customer')).scalar()))],
  ['a column that neither has', customers.filter(orders.filter(col('customer').eq(col('nothing').outer())).exists())],
] // biome-ignore format: a table

const products = createDataFrame([['A', 11.0], ['B', 22.0], ['C', 5.0], ['D', null], ['E', 12.5]], 'product string, price double') // biome-ignore format: a table
const tied = createDataFrame([['A', 11.0], ['B', 22.0], ['C', 5.5]], 'product string, price double') // biome-ignore format: a table
const far = f.abs(col('score').minus(col('price')))

const laterals: readonly (readonly [string, Frame])[] = [
  ['lateral rows', customers.lateralJoin(orders.filter(mine).select('order', 'amount'))],
  ['lateral rows, or nulls', customers.lateralJoin(orders.filter(mine).select('order', 'amount'), undefined, 'left')],
  ['a lateral condition', customers.lateralJoin(orders.select('customer', 'amount'), col('id').eq(col('customer')), 'left')],
  ['lateral aggregates', customers.lateralJoin(orders.filter(mine).select(f.sum('amount').as('total'), f.count('*').as('n')))],
  ['lateral first rows', customers.lateralJoin(orders.filter(mine).orderBy(col('amount').desc()).limit(1).select('order'))],
  ['lateral with the left filtered', customers.filter(col('id').gt(1)).lateralJoin(orders.filter(mine).select('order'))],
  ['lateral after lateral', customers.lateralJoin(orders.filter(mine).select('order', 'items')).lateralJoin(orders.filter(col('amount').gt(col('score').outer())).select(col('order').as('other')))],
  ['filter after lateral', customers.lateralJoin(orders.filter(mine).select('order')).filter(col('order').gt(101)).select('name')],
  ['the nearest two', customers.nearestByJoin(products, far, 2, 'exact', 'distance')],
  ['the nearest one, or nulls', customers.nearestByJoin(products, far, 1, 'exact', 'distance', { joinType: 'leftouter' })],
  ['the most alike', customers.nearestByJoin(tied, col('price'), 1, 'exact', 'similarity')],
  ['more than there are', customers.nearestByJoin(tied, far, 10, 'exact', 'distance').select('id', 'product')],
] // biome-ignore format: a table

export const cases = [...subqueries, ...laterals].map(([name, frame]) => ({ name, frame }))
