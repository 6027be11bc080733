import * as f from '../../../../../src/data/frame/index.ts'
import { col, createDataFrame, type Frame, Window, type WindowSpec } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { EDGES, type EdgeKind } from './edge-columns.ts'

const v = 'v'

/** Values of a kind with a number and a group each: rows `i, g, k`. */
function keyed(kind: EdgeKind): Frame {
  const [type, values] = EDGES[kind]
  const rows = [...values, values[1]].map((value, i) => [i, i % 2 === 0 ? 'a' : 'b', value])
  return createDataFrame(rows as never, `i int, g string, k ${type}`)
}

const KEYS: readonly EdgeKind[] = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'decimal', 'date', 'timestamp', 'timestamp_ntz', 'text', 'boolean'] // biome-ignore format: a list
type Bounds = readonly [start: number | string, end: number | string]
const RANGES: readonly Bounds[] = [[-5, 0], [0, 3], [-1, 1], [Window.unboundedPreceding, -1], [1, Window.unboundedFollowing], [Window.unboundedPreceding, Window.currentRow], [1, -1], [0, 0], [-3, -1]] // biome-ignore format: a list
const TIMES: readonly Bounds[] = [['-7 days', 0], ['-1 month', '1 month'], ['-12 hours', '2 hours'], [Window.unboundedPreceding, '-1 day'], ['1 second', '100000 seconds'], ['-1 year', '1 year']] // biome-ignore format: a list
const FRACTIONS: readonly Bounds[] = [
  [-0.5, 0.5],
  [-2.25, 0],
]

function ranged(kind: EdgeKind, [start, end]: Bounds, descending = false): SparkCase {
  const order = descending ? col('k').desc() : col('k')
  const window = Window.partitionBy('g').orderBy(order).rangeBetween(start, end)
  return {
    name: `range of ${kind}${descending ? ' desc' : ''} from ${start} to ${end}`,
    frame: keyed(kind).select('i', 'k', f.count('i').over(window).as('n'), f.max('i').over(window).as('m')),
  }
}

const ranges: SparkCase[] = [
  ...KEYS.flatMap((kind) => RANGES.map((bounds) => ranged(kind, bounds))),
  ...KEYS.map((kind) => ranged(kind, [-5, 2], true)),
  ...(['date', 'timestamp', 'timestamp_ntz', 'int'] as const).flatMap((kind) => TIMES.map((bounds) => ranged(kind, bounds))),
  ...(['date', 'timestamp'] as const).map((kind) => ranged(kind, ['-40 days', '1 day'], true)),
  ...(['double', 'float'] as const).flatMap((kind) => FRACTIONS.map((bounds) => ranged(kind, bounds))),
] // biome-ignore format: lists

const plays = createDataFrame(
  [
    ['a', 1, 10, 1.5], ['a', 2, null, null], ['a', 3, 30, 3.5], ['a', 3, 31, null], ['a', 5, null, 2.5], ['b', 1, null, null],
    ['b', 2, 7, 0.5], ['b', 2, 7, -1], [null, 1, 4, 9], [null, null, 5, null],
  ],
  'g string, t int, v int, w double',
) // biome-ignore format: a table
const ordered = Window.partitionBy('g').orderBy('t', 'v')
const rows = (start: number, end: number): WindowSpec => ordered.rowsBetween(start, end)
const [first, last] = [Window.unboundedPreceding, Window.unboundedFollowing]

const computed: readonly (readonly [string, f.Column])[] = [
  ['row_number', f.rowNumber().over(ordered)],
  ['rank', f.rank().over(Window.partitionBy('g').orderBy('t'))],
  ['dense_rank', f.denseRank().over(Window.partitionBy('g').orderBy('t'))],
  ['percent_rank', f.percentRank().over(Window.partitionBy('g').orderBy('t'))],
  ['cume_dist', f.cumeDist().over(Window.partitionBy('g').orderBy('t'))],
  ['ntile', f.ntile(3).over(ordered)],
  ['lag', f.lag(v).over(ordered)],
  ['lag by 2', f.lag(v, 2).over(ordered)],
  ['lag with a default', f.lag(v, 1, -1).over(ordered)],
  ['lag by 0', f.lag(v, 0).over(ordered)],
  ['lag by -1', f.lag(v, -1).over(ordered)],
  ['lead', f.lead(v).over(ordered)],
  ['lead by 2 with a default', f.lead(v, 2, 99).over(ordered)],
  ['nth_value', f.nthValue(v, 2).over(ordered)],
  ['nth_value of all', f.nthValue(v, 2).over(rows(first, last))],
  ['first of rows', f.first(v).over(rows(-1, 1))],
  ['last of rows', f.last(v).over(rows(-1, 1))],
  ['sum of rows before', f.sum(v).over(rows(first, -1))],
  ['sum of rows after', f.sum(v).over(rows(1, last))],
  ['avg of three', f.avg('w').over(rows(-1, 1))],
  ['count of the group', f.count('*').over(Window.partitionBy('g'))],
  ['min so far', f.min('w').over(ordered)],
  ['collect_list', f.collectList(v).over(rows(first, 0))],
  ['collect_set of the group', f.sortArray(f.collectSet(v).over(Window.partitionBy('g')))],
  ['stddev', f.stddev('w').over(rows(first, last))],
  ['count of all rows', f.count(v).over(Window.orderBy('t', 'v').rowsBetween(first, 0))],
  ['rows of a static window', f.sum('t').over(Window.rowsBetween(first, last))],
  ['range of a static window', f.sum('t').over(Window.rangeBetween(first, last))],
  ['an order without bounds has peers', f.sum(v).over(Window.partitionBy('g').orderBy('t'))],
  ['two windows', f.sum(v).over(ordered).plus(f.rank().over(ordered))],
  ['an expression of a window', f.round(f.avg(v).over(ordered), 1)],
  ['row_number without an order', f.rowNumber().over(Window.partitionBy('g'))],
  ['rank without an order', f.rank().over(Window.partitionBy('g'))],
  ['lag without an order', f.lag(v).over(Window.partitionBy('g'))],
  ['rank with bounds', f.rank().over(rows(-1, 1))],
  ['rows from after to before', f.sum(v).over(rows(1, -1))],
  ['range without an order', f.sum(v).over(Window.partitionBy('g').rangeBetween(-1, 1))],
  ['range of two keys', f.sum(v).over(ordered.rangeBetween(-1, 1))],
  ['range of two keys to the current row', f.sum(v).over(ordered.rangeBetween(first, 0))],
  ['an aggregate of a window', f.sum(f.sum(v)).over(Window.partitionBy('g'))],
  ['a scalar over a window', f.abs(v).over(ordered)],
] // biome-ignore format: a table

export const cases: readonly SparkCase[] = [
  ...ranges,
  ...computed.map(([name, column]) => ({ name, frame: plays.select('g', 't', 'v', column.as('r')), approximate: true as const })),
  ...computed.slice(0, 12).map(([name, column]) => ({ name: `${name}, by its own name`, frame: plays.select(column) })),
] // biome-ignore format: short
