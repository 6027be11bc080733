import * as f from '../../../../../src/data/frame/index.ts'
import { type Column, col, createDataFrame, lit, Window } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { casesOf, type EdgeKind, edgeFrame, on } from './edge-columns.ts'

// What no other area tries, or tries with few types.

const v = col('v')
const ALL = 'int tinyint bigint double float decimal wide text boolean binary date timestamp timestamp_ntz'
const NUMBERS = 'int tinyint smallint bigint double float decimal wide'
const TIMES = 'date timestamp timestamp_ntz'

const byOrder = Window.orderBy('i')
const windowed = (kind: EdgeKind, column: Column): SparkCase => ({
  name: `${column} ${JSON.stringify(column.expr)} over ${kind}`.slice(0, 150),
  frame: edgeFrame(kind).select('i', column.as('w')),
})
const ofKinds = (kinds: string, columns: readonly Column[]): SparkCase[] =>
  kinds.split(' ').flatMap((kind) => columns.map((column) => windowed(kind as EdgeKind, column)))

const twice = (kind: EdgeKind) =>
  edgeFrame(kind)
    .union(edgeFrame(kind))
    .select(f.abs(f.hash('i')).mod(3).as('k'), 'i', 'v')
const grouped = (kinds: string, columns: readonly Column[]): SparkCase[] =>
  kinds.split(' ').flatMap((kind) =>
    columns.map((column) => ({
      name: `${column} of groups of ${kind}`,
      frame: twice(kind as EdgeKind)
        .groupBy('k')
        .agg(column.as('a')),
      approximate: true as const,
    })),
  )
const empty = (columns: readonly Column[]): SparkCase[] =>
  columns.map((column) => ({
    name: `${column} of no rows`,
    frame: createDataFrame([], 'v int, w double, b boolean').agg(column),
  }))

const jsonable = createDataFrame(
  [
    [0, null, null, null, null, null],
    [1, 1.5, 'a"b\\c/\n\u00e9🦀\u0001', '12.50', '2024-02-29', [1, null]],
    [2, Number.NaN, '', '-0.01', '0002-01-01', []],
    [3, 1e10, '<&>', '0.00', '9998-12-31', [0]],
    [4, -0, '\u2028', null, null, null],
  ],
  'i int, x double, s string, d decimal(10,2), day date, xs array<int>',
)

export const cases: readonly SparkCase[] = [
  ...casesOf([
    on(ALL, f.isnull('v')), on(ALL, f.isnotnull('v')), on(ALL, f.nvl('v', 'v')), on(NUMBERS, f.ifnull('v', lit(1))), on('text', f.nvl('v', lit('x'))), on(TIMES, f.ifnull('v', f.currentDate().cast('date')).isNotNull()),
    on(NUMBERS, f.nullif('v', lit(1))), on('text', f.nullif('v', lit(''))), on('text', f.nullif('v', lit(1))), on(TIMES, f.nullif('v', lit('2024-02-29').cast('date'))), on('boolean', f.nullif('v', lit(true))), on('binary', f.nullif('v', 'v')),
    on(NUMBERS, f.greatest('v', lit(1), lit(null))), on(NUMBERS, f.least('v', lit(1.5))), on('text', f.greatest('v', lit('a'))), on('text', f.least('v', lit('a'), lit(''))), on(TIMES, f.greatest('v', lit('2000-01-01').cast('date'))), on('boolean', f.least('v', lit(true))), on('binary', f.greatest('v', 'v')), on('int', f.greatest('v', lit('5'))),
    on('text binary', f.unbase64('v')), on(NUMBERS, v.ne(1)), on('text', v.ne('abc')), on(TIMES, v.ne('2024-02-29')), on(NUMBERS, v.isin(1, -1)), on('text', v.isin('abc', '')), on(TIMES, v.isin('2024-02-29')), on('int', v.isin(1, null)), on('double', v.isin(Number.NaN, 1)),
    on('boolean', v.or(false)), on('boolean', v.or(lit(null))), on('boolean', v.and(lit(null))), on('boolean', v.not()), on('int', v.gt(1).or(v.isNull())),
    on(NUMBERS, f.nanvl('v', lit(0))), on('text', f.nanvl('v', lit(1))), on(ALL, f.nvl2('v', lit(1), lit(0))), on(NUMBERS, v.le(1)), on('text', v.le('a')), on(ALL, v.eqNullSafe(v)), on(NUMBERS, f.coalesce('v', lit(0))), on('text', f.coalesce('v', lit(0))),
    on(ALL, f.typeof('v')), on(`${NUMBERS} text`, f.isnan('v')), on(NUMBERS, f.equalNull('v', lit(1))),
    on(NUMBERS, f.ascii('v')), on('boolean date timestamp binary', f.ascii('v')), on(ALL, f.base64('v')), on(ALL, f.concatWs('-', 'v', 'v')), on(ALL, f.lower('v')), on(ALL, f.initcap('v')), on(ALL, f.length('v')), on('int double text binary date', f.octetLength('v')), on('int double text binary date', f.bitLength('v')), on(ALL, f.reverse('v')), on(ALL, f.trim('v')), on(ALL, f.concat('v', lit('x'))),
    on('int double decimal wide text', f.formatNumber('v', 0)), on('int double float decimal wide text', f.formatNumber('v', 3)), on('bigint', f.formatNumber('v', 2)), on(ALL, f.repeat('v', 2)), on(ALL, f.left('v', 2)), on('int date text', f.right('v', 3)), on('int text', f.lpad('v', 4, '0')), on('int text', f.rpad('v', 4, '0')), on('int text binary', f.ltrim('v')), on('int text', f.rtrim('v')),
    on('int text double', f.instr('v', '1')), on('int text', f.replace('v', '1', 'x')), on('int text', f.translate('v', '12', 'ab')), on('int text', f.split('v', '1')), on('int text', f.substringIndex('v', '1', 1)), on('int text', f.levenshtein('v', lit('12'))), on('int text', f.regexpExtract('v', '(\\d)(\\d)', 2)), on('int text', f.regexpReplace('v', '\\d', '#')),
    on(ALL, f.charLength('v')), on('int text binary', f.contains('v', lit('1'))), on('int text', f.startswith('v', lit('1'))), on('int text', f.endswith('v', lit('1'))), on('int text', f.rlike('v', lit('^-?1'))), on('int text', f.findInSet('v', lit('1,abc,12'))), on('int double text', f.elt('v', lit('a'), lit('b'))), on('int bigint text', f.char('v')),
    on('text int', f.urlEncode('v')), on('text', f.jsonArrayLength('v')), on('text int', f.overlay('v', lit('#'), lit(1))), on('text int', f.mask('v')), on('int text', f.splitPart('v', lit('1'), lit(1))), on('text', f.unhex('v')), on('int', f.unhex('v')),
  ]),
  ...casesOf([
    on(ALL, f.anyValue('v'), 'grouped'), on(ALL, f.first('v'), 'grouped'), on(ALL, f.last('v'), 'grouped'), on(ALL, f.firstValue('v', true), 'grouped'), on(ALL, f.min('v'), 'grouped'), on(ALL, f.max('v'), 'grouped'), on(ALL, f.count('v'), 'grouped'), on(ALL, f.countDistinct('v'), 'grouped'),
    on('int tinyint boolean date', f.approxCountDistinct('v'), 'grouped'), on(NUMBERS, f.median('v'), 'grouped'), on('boolean', f.boolAnd('v'), 'grouped'), on('boolean', f.boolOr('v'), 'grouped'), on('boolean', f.every('v'), 'grouped'), on('boolean', f.some('v'), 'grouped'), on('boolean', f.countIf('v'), 'grouped'),
    on(ALL, f.maxBy('i', 'v'), 'grouped'), on(ALL, f.minBy('i', 'v'), 'grouped'), on('int bigint decimal', f.sumDistinct('v'), 'grouped'), on(ALL, f.collectList('v'), 'grouped'), on('int text boolean date', f.sortArray(f.collectSet('v')), 'grouped'), on('text int', f.listagg('v', ','), 'grouped'), on('int tinyint', f.product('v'), 'grouped'),
  ]),
  ...grouped('tinyint smallint decimal', [f.kurtosis('v'), f.skewness('v'), f.corr('i', 'v'), f.covarPop('i', 'v'), f.covarSamp('i', 'v'), f.regrAvgx('i', 'v'), f.regrAvgy('i', 'v'), f.regrCount('i', 'v'), f.regrIntercept('i', 'v'), f.regrR2('i', 'v'), f.regrSlope('i', 'v'), f.regrSxx('i', 'v'), f.regrSxy('i', 'v'), f.regrSyy('i', 'v')]),
  ...grouped('int tinyint decimal', [f.sumDistinct('v'), f.stddev('v'), f.varPop('v')]),
  ...grouped('int tinyint double decimal', [f.median('v'), f.percentile('v', 0.25), f.sum('v'), f.avg('v'), f.min('v'), f.max('v'), f.kurtosis('v'), f.skewness('v')]),
  ...empty([f.sum('v'), f.avg('v'), f.count('v'), f.count(), f.countDistinct('v'), f.countIf('b'), f.boolAnd('b'), f.boolOr('b'), f.collectList('v'), f.collectSet('v'), f.min('v'), f.max('v'), f.first('v'), f.last('v'), f.anyValue('v'), f.stddev('w'), f.stddevPop('w'), f.variance('w'), f.varPop('w'), f.kurtosis('w'), f.skewness('w'), f.corr('v', 'w'), f.covarPop('v', 'w'), f.covarSamp('v', 'w'), f.median('w'), f.percentile('w', 0.5), f.percentileApprox('v', 0.5), f.mode('v'), f.maxBy('v', 'w'), f.minBy('v', 'w'), f.product('w'), f.listagg('v'), f.sumDistinct('v'), f.approxCountDistinct('v'), f.bitAnd('v'), f.bitOr('v'), f.bitXor('v'), f.trySum('v'), f.tryAvg('v'), f.regrCount('v', 'w'), f.regrR2('v', 'w')]),
  ...ofKinds('int text date double boolean', [f.rowNumber().over(byOrder), f.rank().over(Window.orderBy('v')), f.denseRank().over(Window.orderBy(f.desc('v'))), f.percentRank().over(Window.orderBy('v')), f.cumeDist().over(Window.orderBy('v')), f.ntile(4).over(byOrder), f.lag('v').over(byOrder), f.lag('v', 2).over(byOrder), f.lead('v', 1).over(byOrder), f.nthValue('v', 2).over(byOrder), f.first('v').over(byOrder), f.last('v').over(byOrder), f.count('v').over(byOrder), f.min('v').over(byOrder.rowsBetween(-1, 1)), f.max('v').over(Window.partitionBy('v'))]),
  ...ofKinds('int', [f.lag('v', 1, 0).over(byOrder), f.lead('v', 3, -1).over(byOrder), f.ntile(100).over(byOrder), f.nthValue('v', 3).over(byOrder), f.lag('v', 0).over(byOrder), f.lag('v', -1).over(byOrder), f.sum('v').over(byOrder.rowsBetween(-2, 0)), f.avg('v').over(Window.orderBy('i').rangeBetween(-2, 2))]),
  ...[f.toJson(f.struct('x', 's', 'd', 'day', 'xs')), f.toJson('xs'), f.toJson(f.struct('s')), f.toJson(f.createMap('i', 's')), f.toJson(f.array(f.struct('i', 'x'))), f.toJson(f.struct(f.struct('i', 'd').as('n')))].map((column) => ({ name: `${column}`, frame: jsonable.select('i', column.as('j')), eachRow: true as const })),
  ...casesOf([on(ALL, f.toJson(f.struct('v')))]),
  { name: 'now is one moment', frame: edgeFrame('int').select(f.currentTimestamp().eq(f.now()).as('same'), f.currentDate().eq(f.curdate()).as('day')) },
] // biome-ignore format: lists
