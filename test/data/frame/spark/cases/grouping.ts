import * as f from '../../../../../src/data/frame/index.ts'
import { col, createDataFrame, type Frame, lit } from '../../../../../src/data/frame/index.ts'
import { EDGES, type EdgeKind, edgeFrame } from './edge-columns.ts'

const sales = createDataFrame(
  [
    ['north', 'tea', 2023, 10, '1.50', 1.5],
    ['north', 'tea', 2024, 20, '2.25', Number.NaN],
    ['north', 'coffee', 2024, null, null, 0.5],
    ['south', 'tea', 2023, 5, '7.00', null],
    ['south', null, 2024, 7, '0.01', -2],
    [null, 'coffee', null, 1, '3.10', 1e10],
    [null, null, 2025, -4, '9.99', 3],
  ],
  'region string, item string, year int, units int, price decimal(10,2), weight double',
)
const none = sales.filter(col('units').gt(1000))

const shapes: readonly (readonly [string, Frame])[] = [
  ['rollup of two', sales.rollup('region', 'item').agg(f.sum('units').as('n'), f.count())],
  ['rollup with grouping', sales.rollup('region', 'item').agg(f.grouping('region'), f.groupingId(), f.sum('units'))],
  ['grouping_id of one', sales.rollup('region', 'item').agg(f.groupingId('region', 'item').as('g'))],
  ['cube of two', sales.cube('region', 'year').agg(f.avg('weight'), f.max('price'))],
  ['cube of three', sales.cube('region', 'item', 'year').count()],
  ['rollup of an expression', sales.rollup(col('year').plus(1), 'region').agg(f.min('units'))],
  ['rollup of no rows', none.rollup('region').count()],
  ['cube of no rows', none.cube('region', 'item').agg(f.sum('units'))],
  ['grouping sets', sales.groupingSets([['region'], ['item'], []], 'region', 'item').agg(f.sum('units'), f.groupingId())],
  ['an aggregate of a group column', sales.rollup('year').agg(f.sum('year'))],
  ['filter after rollup', sales.rollup('region').agg(f.sum('units').as('n')).filter(col('region').isNull())],
  ['groups of groups', sales.rollup('region', 'item').agg(f.sum('units').as('n')).groupBy('region').agg(f.max('n'))],
  ['pivot with values', sales.groupBy('region').pivot('item', ['tea', 'coffee']).sum('units')],
  ['pivot without values', sales.groupBy('region').pivot('item').agg(f.sum('units'))],
  ['pivot by numbers', sales.groupBy('item').pivot('year').agg(f.sum('units').as('n'), f.max('price'))],
  ['pivot counts', sales.groupBy('region').pivot('year', [2023, 2024, 1999]).count()],
  ['pivot collects', sales.groupBy('region').pivot('item', ['tea']).agg(f.sortArray(f.collectList('units')))],
  ['pivot of all', sales.groupBy().pivot('item').agg(f.avg('price'))],
  ['pivot without rows', none.groupBy('region').pivot('item', ['tea']).sum('units')],
  ['unpivot', sales.unpivot(['region', 'item'], ['year', 'units'], 'what', 'value')],
  ['unpivot of mixed numbers', sales.unpivot('region', ['units', 'weight'], 'what', 'value')],
  ['unpivot of all others', sales.select('region', 'year', 'units').unpivot('region', null, 'what', 'value')],
  ['unpivot of decimals and integers', sales.unpivot('region', ['units', 'price'], 'what', 'value')],
  ['melt and filter', sales.melt('region', ['units'], 'k', 'v').filter(col('v').gt(5))],
  ['unpivot of text and numbers', sales.unpivot('region', ['item', 'units'], 'k', 'v')],
  ['toDF', sales.toDF('a', 'b', 'c', 'd', 'e', 'f').select('a', 'f')],
  ['fill numbers', sales.fillna(0)],
  ['fill numbers by a fraction', sales.fillna(1.75)],
  ['fill text', sales.fillna('?')],
  ['fill some', sales.fillna(-1, ['units'])],
  ['fill by column', sales.fillna({ units: 3, item: 'none', weight: 0.25 })],
  ['drop any', sales.dropna()],
  ['drop all', sales.select('region', 'item').dropna({ how: 'all' })],
  ['drop by count', sales.dropna({ thresh: 5 })],
  ['drop in some', sales.dropna({ subset: ['region', 'weight'] })],
  ['replace text', sales.replace({ tea: 'chai', coffee: 'kahve' })],
  ['replace numbers', sales.replace([[2023, 1], [20, 2], [1.5, 7]])],
  ['replace in some', sales.replace([[7, 70]], ['units'])],
  ['replace by null', sales.replace([['tea', null]])],
  ['describe', sales.describe()],
  ['describe some', sales.describe('units', 'item')],
  ['summary', sales.summary()],
  ['summary of some', sales.select('units', 'price').summary('count', 'count_distinct', '10%', 'max')],
  ['summary of no rows', none.describe('units', 'item')],
  ['crosstab', sales.stat.crosstab('region', 'item')],
  ['aggregates by name', sales.groupBy('region').agg({ units: 'sum', '*': 'count' })],
  ['cached', sales.cache().filter(col('units').gt(1))],
  ['drop columns', sales.drop('region', col('item'))],
  ['mean', sales.groupBy('region').mean('units')],
  ['literal beside pivot', sales.groupBy('region').pivot('item', ['tea']).agg(f.sum('units')).withColumn('one', lit(1))],
] // biome-ignore format: a table

const ordered = new Set(['describe', 'describe some', 'summary', 'summary of some', 'summary of no rows'])
const kinds = Object.keys(EDGES) as EdgeKind[]

export const cases = [
  ...shapes.map(([name, frame]) => ({ name, frame, ...(ordered.has(name) ? { ordered: true as const } : {}) })),
  ...kinds.map((kind) => ({ name: `rollup of ${kind}`, frame: edgeFrame(kind).rollup('v').count() })),
  ...kinds.map((kind) => ({
    name: `describe of ${kind}`,
    frame: edgeFrame(kind).describe('v'),
    approximate: true as const,
  })),
]
