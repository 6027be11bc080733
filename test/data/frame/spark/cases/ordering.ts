import {
  array,
  arrayMax,
  arrayMin,
  arraySort,
  col,
  collectSet,
  count,
  countDistinct,
  createDataFrame,
  denseRank,
  type Frame,
  greatest,
  least,
  lit,
  max,
  min,
  rank,
  struct,
  Window,
} from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'

/** The order and equality of what is hard to order: NaN, -0.0, null, texts by their bytes, arrays and structs. */
const v = col('v')
const [NaN_, INF] = [Number.NaN, Number.POSITIVE_INFINITY]

const DOUBLES = createDataFrame(
  [[0, NaN_], [1, 0], [2, null], [3, INF], [4, -INF], [5, 1.5], [6, NaN_], [7, -1.5], [8, null], [9, 0]],
  'i int, v double',
) // biome-ignore format: a table
/** With -0.0, which JSON has not: zeros and their negatives. */
const ZEROS = DOUBLES.unionAll(DOUBLES.select(col('i').plus(10).as('i'), v.multiply(lit(-1.5)).as('v')))
const FLOATS = ZEROS.select('i', v.cast('float').as('v'))
const TEXTS = createDataFrame(
  ['b', 'B', 'a', 'A', '', null, 'ä', 'Ä', 'z', '9', '10', ' a', 'a ', 'ab', '\u{1F600}', '\uFFFD', 'ß', 'ss', 'é', 'e\u0301', '\u0000', '~'].map((text, i) => [i, text]),
  'i int, v string',
) // biome-ignore format: a table
const BINARIES = createDataFrame(
  [null, [], [0], [1], [127], [128], [255], [1, 0], [0, 255]].map((bytes, i) => [i, bytes && Uint8Array.from(bytes)]) as never,
  'i int, v binary',
) // biome-ignore format: a table
const ARRAYS = createDataFrame(
  [[0, [1, 2]], [1, [1]], [2, []], [3, null], [4, [null]], [5, [1, null]], [6, [2]], [7, [1, 2, 3]], [8, [null, 1]]] as never,
  'i int, v array<int>',
) // biome-ignore format: a table
const DOUBLE_ARRAYS = createDataFrame(
  [[0, [1, NaN_]], [1, [NaN_]], [2, [1, INF]], [3, [-0, 1]], [4, [0, 1]], [5, [null]], [6, null], [7, [NaN_, null]]] as never,
  'i int, v array<double>',
) // biome-ignore format: a table
const STRUCTS = createDataFrame(
  [[0, 1, 'b'], [1, 1, 'a'], [2, null, 'a'], [3, 1, null], [4, null, null], [5, 0, 'z'], [6, 1, 'B']] as never,
  'i int, a int, b string',
).select('i', struct('a', 'b').as('v')) // biome-ignore format: a table
const BOOLEANS = createDataFrame([[0, true], [1, false], [2, null]], 'i int, v boolean') // biome-ignore format: a table
const DATES = createDataFrame(
  [[0, '2024-02-29'], [1, '0001-01-01'], [2, '9999-12-31'], [3, null], [4, '1969-12-31']] as never,
  'i int, v date',
) // biome-ignore format: a table

const FRAMES: Readonly<Record<string, Frame>> = {
  doubles: DOUBLES, zeros: ZEROS, floats: FLOATS, texts: TEXTS, binaries: BINARIES, arrays: ARRAYS, 'arrays of doubles': DOUBLE_ARRAYS, structs: STRUCTS,
  booleans: BOOLEANS, dates: DATES,
} // biome-ignore format: a table

const ofEach: SparkCase[] = Object.entries(FRAMES).flatMap(([name, frame]) => {
  const other = frame.select(col('i').as('j'), v.as('w'))
  return [
    { name: `order ${name}`, frame: frame.orderBy('v', 'i').select('i', 'v'), ordered: true },
    { name: `order ${name} downwards`, frame: frame.orderBy(v.desc(), 'i').select('i', 'v'), ordered: true },
    { name: `order ${name}, nulls last`, frame: frame.orderBy(v.ascNullsLast(), 'i').select('i', 'v'), ordered: true },
    { name: `order ${name} downwards, nulls first`, frame: frame.orderBy(v.descNullsFirst(), 'i').select('i'), ordered: true },
    { name: `rank ${name}`, frame: frame.select('i', rank().over(Window.orderBy('v')).as('r'), denseRank().over(Window.orderBy(v.desc())).as('d')) },
    { name: `group by ${name}`, frame: frame.groupBy('v').agg(count().as('n')) },
    { name: `distinct ${name}`, frame: frame.select('v').distinct() },
    { name: `count distinct ${name}`, frame: frame.agg(countDistinct('v').as('n')) },
    { name: `set of ${name}`, frame: frame.agg(arraySort(collectSet('v')).as('s')) },
    { name: `least and most of ${name}`, frame: frame.agg(min('v').as('least'), max('v').as('most')) },
    { name: `join on ${name}`, frame: frame.join(other, v.eq(col('w'))).select('i', 'j') },
    { name: `join on the same null of ${name}`, frame: frame.join(other, v.eqNullSafe(col('w'))).select('i', 'j') },
    { name: `join using ${name}`, frame: frame.join(frame.select(col('i').as('j'), 'v'), ['v']).select('i', 'j') },
    { name: `left join on ${name}`, frame: frame.join(other.filter(col('j').lt(2)), v.eq(col('w')), 'left').select('i', 'j') },
    { name: `anti join on ${name}`, frame: frame.join(other.filter(col('j').lt(2)), v.eq(col('w')), 'anti').select('i') },
    { name: `compare ${name}`, frame: frame.crossJoin(other).select('i', 'j', v.eq(col('w')).as('eq'), v.lt(col('w')).as('lt'), v.ge(col('w')).as('ge'), v.eqNullSafe(col('w')).as('same')) },
    { name: `greatest and least of ${name}`, frame: frame.crossJoin(other).select('i', 'j', greatest('v', 'w').as('g'), least('v', 'w').as('l')) },
    { name: `sorted array of ${name}`, frame: frame.crossJoin(other.filter(col('j').le(3))).select('i', 'j', arraySort(array('w', 'v')).as('s'), arrayMin(array('w', 'v')).as('m'), arrayMax(array('w', 'v')).as('x')) },
    { name: `intersect of ${name}`, frame: frame.select('v').intersect(frame.filter(col('i').gt(0)).select('v')) },
    { name: `all of ${name} but some`, frame: frame.select('v').exceptAll(frame.filter(col('i').gt(3)).select('v')) },
    { name: `drop duplicates of ${name}`, frame: frame.dropDuplicates(['v']).agg(count().as('n')) },
    { name: `${name} in themselves`, frame: frame.crossJoin(other).filter(v.isin(col('w'), lit(null))).agg(count().as('n')) },
    { name: `partition by ${name}`, frame: frame.select('i', count().over(Window.partitionBy('v')).as('n')) },
  ] // biome-ignore format: a table
})

export const cases: readonly SparkCase[] = ofEach
