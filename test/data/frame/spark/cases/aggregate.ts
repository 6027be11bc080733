import * as f from '../../../../../src/data/frame/index.ts'
import { type Column, col, createDataFrame, lit, when } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { casesOf, edgeFrame, on } from './edge-columns.ts'

const NUMBERS = 'int tinyint smallint bigint double float decimal wide'

const single = casesOf([
  ...[f.sum, f.avg, f.min, f.max, f.trySum, f.tryAvg, f.mean].map((fn) => on(NUMBERS, fn('v') as Column, 'grouped')),
  ...[f.stddev, f.stddevPop, f.variance, f.varPop, f.std, f.stddevSamp, f.varSamp].map((fn) => on('int double decimal', fn('v') as Column, 'grouped')),
  ...[f.skewness, f.kurtosis].map((fn) => on('double float', fn('v') as Column, 'grouped')),
  ...([f.min, f.max, f.count, f.countDistinct] as ((name: string) => Column)[]).map((fn) => on('text boolean date timestamp timestamp_ntz binary', fn('v') as Column, 'grouped')),
  ...[f.bitAnd, f.bitOr, f.bitXor].map((fn) => on('int tinyint bigint double', fn('v') as Column, 'grouped')),
  ...[f.every, f.some, f.boolAnd, f.boolOr].map((fn) => on('boolean', fn('v') as Column, 'grouped')),
  on('int boolean', f.countIf(col('v').isNotNull()), 'grouped'),
  on('int bigint decimal', f.percentileApprox('v', 0.5), 'grouped'), on('int bigint decimal', f.approxPercentile('v', 0.25), 'grouped'),
  on('int', f.percentile('v', 0.3), 'grouped'), on('int decimal', f.median('v'), 'grouped'),
  on('int text date', f.sortArray(f.collectSet('v')), 'grouped'), on('int decimal', f.sortArray(f.collectList('v')), 'grouped'), on('int', f.sortArray(f.arrayAgg('v')), 'grouped'),
  on('int decimal', f.sumDistinct('v'), 'grouped'),
  on('int text', f.maxBy('v', 'i'), 'grouped'), on('int text', f.minBy('v', 'i'), 'grouped'),
  on('int', f.typeof_('v')), on('decimal', f.typeof_('v')), on('timestamp_ntz', f.typeof_('v')),
  on('int decimal text', f.equalNull('v', lit(null))), on('int', f.nvl2('v', lit(1), lit(2.5))), on('decimal', f.nvl2('v', 'v', lit(0))),
  on('int', f.assertTrue(col('v').gt(0), 'positive')), on('int', f.raiseError(lit('no'))),
]) // biome-ignore format: a table

const pairs = createDataFrame(
  [[1, 2.0, 3.5], [1, 4.0, 4.5], [1, 6.5, 9.0], [1, null, 1.0], [2, 1.0, 1.0], [3, null, null]],
  'g int, x double, y double',
) // biome-ignore format: rows

const regressions: SparkCase[] = [f.regrCount, f.regrAvgx, f.regrAvgy, f.regrIntercept, f.regrR2, f.regrSlope, f.regrSxx, f.regrSxy, f.regrSyy, f.corr, f.covarPop, f.covarSamp].map(
  (fn) => ({ name: `${fn('y', 'x')} by group`, frame: pairs.groupBy('g').agg(fn('y', 'x')), approximate: true as const }),
) // biome-ignore format: a list

const window = f.Window.partitionBy('g').orderBy('x')
const running = window.rowsBetween(f.Window.unboundedPreceding, f.Window.currentRow)
const windows: SparkCase[] = [
  f.sum('y'), f.avg('y'), f.min('y'), f.max('y'), f.count('y'), f.stddev('y'), f.trySum('x'), f.collectList('x'), f.lastValue('x'), f.firstValue('y'),
].map((column) => ({ name: `${column} over a window`, frame: pairs.select('g', 'x', (column as Column).over(running).as('r')), approximate: true as const })) // biome-ignore format: a list

const spreads: SparkCase[] = [f.stddev, f.stddevPop, f.variance, f.varPop, f.skewness, f.kurtosis].flatMap((fn) => [
  { name: `${fn('x')} by group`, frame: pairs.groupBy('g').agg(fn('x'), fn('y').as('y')), approximate: true as const },
  { name: `${fn('x')} over a window`, frame: pairs.select('g', 'x', (fn('y') as Column).over(running).as('r')), approximate: true as const },
  ...[[Number.NaN], [1, Number.NaN], [Number.POSITIVE_INFINITY], [1, Number.NEGATIVE_INFINITY], [1e200], [1e200, 1], [null], []].map((values) => ({
    name: `${fn('x')} of ${values}`,
    frame: createDataFrame(values.map((x) => [x]) as never, 'x double').agg(fn('x')),
    approximate: true as const,
  })),
]) // biome-ignore format: a list

const other: SparkCase[] = [
  { name: 'listagg of one', frame: edgeFrame('text').filter(col('v').eq('abc')).agg(f.listagg('v', ','), f.stringAgg('v', '-'), f.listaggDistinct('v', ','), f.stringAggDistinct('v')) },
  { name: 'product', frame: pairs.groupBy('g').agg(f.product('x')), approximate: true },
  { name: 'averages of decimals', frame: edgeFrame('decimal').filter(col('i').lt(9)).groupBy(col('i').mod(2).as('g')).agg(f.avg('v'), f.sum('v').divide(f.count()).as('q')) },
  { name: 'aggregates in expressions', frame: pairs.groupBy('g').agg(f.sum('x').plus(f.max('y')).multiply(2).as('r'), f.coalesce(f.min('x'), lit(-1)).as('m')) },
  { name: 'conditional sums', frame: pairs.groupBy('g').agg(f.sum(when(col('x').gt(3), 1).otherwise(0)).as('n')) },
  { name: 'first and last of one', frame: pairs.filter(col('g').eq(2)).groupBy('g').agg(f.firstValue('x'), f.lastValue('x', true)) },
  { name: 'no rows', frame: pairs.filter(col('g').gt(9)).agg(f.sum('x'), f.count(), f.avg('x'), f.collectList('x'), f.regrCount('y', 'x'), f.countIf(col('x').gt(0)), f.max('y')) },
] // biome-ignore format: a list

export const cases: readonly SparkCase[] = [
  ...single.map((one) => ({ ...one, approximate: true as const })),
  ...regressions,
  ...windows,
  ...spreads,
  ...other,
]
