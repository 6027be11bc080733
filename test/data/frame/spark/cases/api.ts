import * as f from '../../../../../src/data/frame/index.ts'
import { col, createDataFrame, type Frame, lit } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { EDGES, type EdgeKind, edgeFrame } from './edge-columns.ts'

const sales: Frame = createDataFrame(
  [
    ['north', 'tea', 2023, 10, '1.50', 1.5, '2024-01-01T10:00:00Z'],
    ['north', 'tea', 2024, 20, '2.25', Number.NaN, '2024-01-01T10:05:00Z'],
    ['north', 'coffee', 2024, null, null, 0.5, null],
    ['south', 'tea', 2023, 5, '7.00', null, '2024-01-01T11:00:00Z'],
    ['south', null, 2024, 7, '0.01', -2, '2024-01-02T00:00:00Z'],
    [null, 'coffee', null, 1, '3.10', 1e10, '2023-12-31T23:59:59Z'],
    [null, null, 2025, -4, '9.99', 3, '2024-01-01T10:00:00Z'],
  ],
  'region string, item string, year int, units int, price decimal(10,2), weight double, at timestamp',
)
const other: Frame = createDataFrame(
  [['north', 1, 'n'], ['south', 2, 's'], ['east', 3, 'e'], [null, 4, null]],
  'region string, rank int, letter string',
) // biome-ignore format: a table

const numbers: readonly (readonly [string, Frame])[] = [
  ['sum of all numbers', sales.groupBy('region').sum()],
  ['avg of all numbers', sales.groupBy('region', 'year').avg()],
  ['mean of all numbers', sales.groupBy().mean()],
  ['min of all numbers', sales.groupBy('item').min()],
  ['max of all numbers', sales.groupBy('item').max()],
  ['max of named numbers', sales.groupBy('item').max('units', 'price')],
  ['min of a text', sales.groupBy('item').min('region')],
  ['sum of a timestamp', sales.groupBy('item').sum('at')],
  ['sum without numbers', sales.select('region', 'item').groupBy('region').sum()],
  ['pivot sum of all numbers', sales.select('region', 'item', 'units').groupBy('region').pivot('item', ['tea']).sum()],
  ['rollup sum of all numbers', sales.select('region', 'units').rollup('region').sum()],
  ['groupby', sales.groupby('region').count()],
  ['grouped by a cast', sales.groupBy(col('units').cast('string')).count()],
  ['a cast of a column', sales.select(col('units').cast('string'), col('price').cast('double'))],
  ['a cast of an expression', sales.select(col('units').plus(1).cast('string'))],
  ['a cast of a cast', sales.select(col('units').cast('bigint').cast('string'))],
  ['a cast as text', sales.selectExpr('cast(units as string)', 'cast(units + 1 as string)')],
] // biome-ignore format: a table

const rows: readonly (readonly [string, Frame])[] = [
  ['a watermark', sales.withWatermark('at', '10 minutes').groupBy('region').count()],
  ['duplicates within a watermark', sales.withWatermark('at', '1 hour').dropDuplicatesWithinWatermark(['region'])],
  ['drop duplicates of some', sales.select('region', 'item').dropDuplicates(['region', 'item'])],
  ['storage level', sales.select('units').persist()],
  ['repartition', sales.select('units').repartition(3, 'units').coalesce(1)],
  ['frequent values', sales.select('region', 'year').freqItems(['region', 'year'], 0.9)],
  ['rename some', sales.withColumnsRenamed({ region: 'r', nothing: 'x', ITEM: 'i' }).select('r', 'i')],
] // biome-ignore format: a table

const twice = sales.select('region', 'item').union(sales.select('region', 'item').limit(0))
const some = createDataFrame(
  [
    ['north', 'tea'],
    ['north', 'tea'],
    ['south', null],
    ['x', 'y'],
  ],
  'region string, item string',
)
const both: readonly (readonly [string, Frame])[] = [
  ['union', twice.union(some)],
  ['unionAll', twice.unionAll(some)],
  ['unionByName', twice.unionByName(some.select('item', 'region'))],
  ['unionByName with missing columns', twice.unionByName(some.select('item'), { allowMissingColumns: true })],
  ['intersect', twice.intersect(some)],
  ['intersectAll', twice.intersectAll(some)],
  ['subtract', twice.subtract(some)],
  ['exceptAll', twice.exceptAll(some)],
  ['distinct', twice.distinct()],
  ['join by a name', sales.select('region', 'units').join(other, 'region')],
  ['left join', sales.select('region', 'units').join(other, ['region'], 'left')],
  ['full join', sales.select('region', 'units').join(other, ['region'], 'full')],
  ['semi join', sales.select('region', 'units').join(other, ['region'], 'left_semi')],
  ['anti join', sales.select('region', 'units').join(other, ['region'], 'left_anti')],
  ['join by conditions', sales.alias('a').join(other.alias('b'), [col('a.region').eq(col('b.region')), col('units').gt(col('rank'))]).select('a.region', 'units', 'letter')],
] // biome-ignore format: a table

const inOrder: readonly (readonly [string, Frame])[] = [
  ['ascending one for all', sales.orderBy('region', 'units', { ascending: false }).select('region', 'units')],
  ['ascending for each', sales.orderBy('region', 'units', { ascending: [true, false] }).select('region', 'units')],
  ['ascending as numbers', sales.orderBy(['region', 'units'], { ascending: [0, 1] }).select('region', 'units')],
  ['numbered in order', sales.orderBy('units').zipWithIndex().select('units', 'index')],
  ['numbered under a name', sales.select('units').orderBy(col('units').desc()).zipWithIndex('n')],
  ['numbered after a limit', f.range(100).filter(col('id').gt(10)).limit(5).zipWithIndex('id2')],
]

const kinds = Object.keys(EDGES) as EdgeKind[]

export const cases: readonly SparkCase[] = [
  ...numbers.map(([name, frame]) => ({ name, frame, approximate: true as const })),
  ...[...rows, ...both].map(([name, frame]) => ({ name, frame })),
  ...inOrder.map(([name, frame]) => ({ name, frame, ordered: true as const })),
  ...kinds.map((kind) => ({ name: `numbers of ${kind}`, frame: edgeFrame(kind).groupBy().max() })),
  { name: 'crossed', frame: other.crossJoin(other.toDF('a', 'b', 'c')).filter(col('rank').lt(lit(2))) },
]
