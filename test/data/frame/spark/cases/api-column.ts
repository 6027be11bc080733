import { type Column, col, createDataFrame, lit } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'
import { EDGES, type EdgeKind } from './edge-columns.ts'

const v = col('v')
const w = col('w')

/** Every value of a kind with some of another: rows `i, v, w`. */
function pairs(one: EdgeKind, two: EdgeKind) {
  const [[left, lefts], [right, rights]] = [EDGES[one], EDGES[two]]
  const some = [...rights].slice(0, 4)
  const rows = [...lefts].slice(0, 8).flatMap((a, i) => some.map((b, j) => [i * some.length + j, a, b]))
  return createDataFrame(rows as never, `i int, v ${left}, w ${right}`)
}

const BITS: readonly (readonly [string, (a: Column, b: Column) => Column])[] = [
  ['&', (a, b) => a.bitwiseAND(b)], ['|', (a, b) => a.bitwiseOR(b)], ['^', (a, b) => a.bitwiseXOR(b)],
] // biome-ignore format: a table
const WHOLE: readonly EdgeKind[] = ['tinyint', 'smallint', 'int', 'bigint']
const OTHERS: readonly EdgeKind[] = ['double', 'decimal', 'text', 'boolean', 'date']

const bits: SparkCase[] = BITS.flatMap(([sign, apply]) => [
  ...WHOLE.flatMap((one) =>
    WHOLE.map((two) => ({ name: `${one} ${sign} ${two}`, frame: pairs(one, two).select('i', apply(v, w)), eachRow: true as const })),
  ),
  ...OTHERS.map((two) => ({ name: `int ${sign} ${two}`, frame: pairs('int', two).select('i', apply(v, w)), eachRow: true as const })),
  { name: `int ${sign} constant`, frame: pairs('int', 'int').select('i', apply(v, lit(6))), eachRow: true as const },
]) // biome-ignore format: a table

const texts = createDataFrame(
  [
    ['hello world', 1, 5, 'hello'],
    ['hello world', 0, 3, 'world'],
    ['hello world', -5, 3, ''],
    ['日本語テキスト', 2, 2, '日本'],
    ['short', 4, 100, 'short'],
    ['short', 100, 1, 'x'],
    ['short', 2, 0, null],
    ['short', 2, -1, 'SHORT'],
    [null, 1, 1, 'a'],
    ['x', null, 1, 'x'],
  ],
  's string, a int, n int, part string',
)

const columns: readonly (readonly [string, Column])[] = [
  ['substr of columns', col('s').substr(col('a'), col('n'))],
  ['substr of numbers', col('s').substr(2, 3)],
  ['startswith', col('s').startswith(col('part'))],
  ['endswith', col('s').endswith(col('part'))],
  ['contains', col('s').contains(col('part'))],
  ['isin of an array', col('a').isin([1, 2])],
  ['isin of none', col('a').isin()],
  ['isin with null', col('a').isin(1, null)],
  ['isin of columns', col('a').isin(col('n'), 4)],
  ['isin of texts', col('s').isin('x', 'short')],
  ['eqNullSafe of null', col('a').eqNullSafe(null)],
  ['between', col('a').between(0, col('n'))],
  ['power', col('a').pow(col('n'))],
  ['power of a number', col('a').pow(2)],
  ['negative', col('a').neg()],
  ['not', col('a').gt(1).not()],
  ['like', col('s').like('%o%')],
  ['ilike', col('s').ilike('%O%')],
  ['rlike', col('s').rlike('^.h')],
  ['astype', col('a').astype('string')],
  ['a name', col('a').plus(1).name('b')],
] // biome-ignore format: a table

const sorts: readonly (readonly [string, Column])[] = [
  ['asc', col('a').asc()], ['desc', col('a').desc()], ['asc nulls first', col('a').ascNullsFirst()],
  ['asc nulls last', col('a').ascNullsLast()], ['desc nulls first', col('a').descNullsFirst()],
  ['desc nulls last', col('a').descNullsLast()],
] // biome-ignore format: a table

export const cases: readonly SparkCase[] = [
  ...bits,
  ...columns.map(([name, column]) => ({ name, frame: texts.select(column), eachRow: true as const })),
  ...sorts.map(([name, by]) => ({ name, frame: texts.orderBy(by, 's', 'part').select('a'), ordered: true as const })),
]
