import {
  avg,
  type Column,
  coalesce,
  col,
  count,
  createDataFrame,
  lit,
  max,
  min,
  rank,
  rowNumber,
  sum,
  Window,
  when,
} from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { EDGES, type EdgeKind, edgeFrame } from './edge-columns.ts'

const NUMBERS: readonly EdgeKind[] = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double', 'decimal', 'text']
const v = col('v')

const OPERATIONS: readonly (readonly [string, (a: Column, b: Column) => Column])[] = [
  ['+', (a, b) => a.plus(b)], ['-', (a, b) => a.minus(b)], ['*', (a, b) => a.multiply(b)], ['/', (a, b) => a.divide(b)], ['%', (a, b) => a.mod(b)],
] // biome-ignore format: a table

/** Every value of a kind with one of another: rows `i, v, w`. */
function pairs(one: EdgeKind, two: EdgeKind) {
  const [[left, lefts], [right, rights]] = [EDGES[one], EDGES[two]]
  const some = [...rights].slice(0, 3)
  const rows = [...lefts].slice(0, 6).flatMap((a, i) => some.map((b, j) => [i * some.length + j, a, b]))
  return createDataFrame(rows as never, `i int, v ${left}, w ${right}`)
}

const arithmetic: SparkCase[] = NUMBERS.flatMap((one) =>
  NUMBERS.flatMap((two) =>
    OPERATIONS.map(([sign, apply]) => ({
      name: `${one} ${sign} ${two}`,
      frame: pairs(one, two).select('i', apply(v, col('w')).as('r')),
      eachRow: true as const,
      approximate: true as const,
    })),
  ),
)

const withConstants: SparkCase[] = NUMBERS.flatMap((kind) =>
  ([2, 0, 1.5, '2'] as const).flatMap((constant) =>
    OPERATIONS.map(([sign, apply]) => ({
      name: `${kind} ${sign} ${typeof constant} ${constant}`,
      frame: edgeFrame(kind).select('i', apply(v, lit(constant)).as('r')),
      eachRow: true as const,
      approximate: true as const,
    })),
  ),
)

const grouped: SparkCase[] = (
  ['tinyint', 'int', 'bigint', 'float', 'double', 'decimal', 'text', 'boolean', 'date', 'timestamp'] as const
).map((kind) => ({
  name: `count, min, max of ${kind}`,
  frame: edgeFrame(kind).agg(count('v').as('n'), min('v').as('least'), max('v').as('most')),
}))
const sums: SparkCase[] = (['tinyint', 'int', 'float', 'decimal'] as const).map((kind) => ({
  name: `sum and avg of ${kind}`,
  frame: edgeFrame(kind).agg(sum('v').as('s'), avg('v').as('a')),
  approximate: true as const,
}))
const ordered: SparkCase[] = NUMBERS.map((kind) => ({
  name: `order and rank of ${kind}`,
  frame: edgeFrame(kind)
    .select(
      'i',
      'v',
      rank().over(Window.orderBy('v')).as('rank'),
      rowNumber().over(Window.orderBy(v.desc(), 'i')).as('n'),
    )
    .orderBy('rank', 'i'),
  ordered: true as const,
}))
const choices: SparkCase[] = NUMBERS.filter((kind) => kind !== 'text').map((kind) => ({
  name: `coalesce and case of ${kind}`,
  frame: edgeFrame(kind).select('i', coalesce('v', v).as('c'), when(v.isNull(), v).otherwise(v).as('w')),
  eachRow: true as const,
}))

export const cases: readonly SparkCase[] = [
  ...arithmetic,
  ...withConstants,
  ...grouped,
  ...sums,
  ...ordered,
  ...choices,
]
