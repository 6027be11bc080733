import * as f from '../../../../../src/data/frame/index.ts'
import { createDataFrame, lit, Window } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { type EdgeKind, edgeFrame } from './edge-columns.ts'

// What is told of a group by more than one number, and values by their place among the others.

const NUMBERS = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'decimal', 'wide'] as const
const TIMES = ['date', 'timestamp', 'timestamp_ntz'] as const
const rows = createDataFrame(
  Array.from({ length: 60 }, (_, i) => [
    i % 4,
    (i * 37) % 23,
    ((i * 7919) % 101) / 8,
    i % 5,
    i % 7 === 0 ? null : i % 3,
  ]),
  'k int, v int, x double, n int, s int',
)
const empty = rows.filter(lit(false))
const aggregates = (given: f.Frame, label: string, columns: readonly f.Column[]): SparkCase[] =>
  columns.map((column) => ({ name: `${column} of ${label}`, frame: given.agg(column.as('a')), approximate: true }))
const edges = (kinds: readonly EdgeKind[], columns: readonly f.Column[]) =>
  kinds.flatMap((kind) => aggregates(edgeFrame(kind), kind, columns))

export const cases: readonly SparkCase[] = [
  ...edges([...NUMBERS.filter((kind) => kind !== 'wide'), ...TIMES], [f.histogramNumeric('v', 3), f.histogramNumeric('v', 50)]),
  ...[2, 3, 5, 8, 20].flatMap((bins) => aggregates(rows, 'rows', [f.histogramNumeric('v', bins), f.histogramNumeric('x', bins), f.histogramNumeric('s', bins)])),
  ...aggregates(empty, 'no rows', [f.histogramNumeric('v', 3), f.percentile('v', [0.1, 0.5]), f.percentile('v', 0.5, 'n'), f.percentileApprox('v', [0.5]), f.mode('v', true)]),
  ...edges(['tinyint', 'int', 'bigint', 'double', 'decimal'], [f.percentile('v', [0.1, 0.5, 1]), f.percentile('v', 0.25, 'i'), f.percentile('v', [0, 0.9], 'i'), f.percentile('v', 0.5, 3)]),
  ...aggregates(rows, 'rows', [f.percentile('x', 0.3, 'n'), f.percentile('v', [0.2, 0.8], 's'), f.percentile('x', 0.5, lit(-1)), f.percentile('v', 1.5)]),
  ...edges(['tinyint', 'int', 'bigint', 'decimal', 'date'], [f.percentileApprox('v', [0.25, 0.5, 1]), f.approxPercentile('v', [0.5]), f.percentileApprox('v', 0.5, 100)]),
  ...edges(['int', 'bigint', 'double', 'text', 'boolean', 'date', 'timestamp', 'binary', 'decimal'], [f.mode('v', true)]),
  ...aggregates(rows, 'rows', [f.mode('s', true), f.mode('k', true), f.mode('v', true)]),
  { name: 'names', frame: rows.agg(f.mode('v', true), f.percentile('v', [0.1, 0.5]), f.percentile('v', 0.5, 'n'), f.percentileApprox('v', [0.5]), f.histogramNumeric('v', 2)) },
  { name: 'by groups', frame: rows.groupBy('k').agg(f.mode('v', true), f.percentile('x', [0.1, 0.5], 'n').as('p'), f.histogramNumeric('v', 3).as('h')), approximate: true },
  { name: 'over a window', frame: rows.select('k', 'v', f.percentile('v', 0.5, 'n').over(Window.partitionBy('k')).as('p'), f.mode('v', true).over(Window.partitionBy('k')).as('m')), approximate: true },
] // biome-ignore format: lists
