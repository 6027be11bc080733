import {
  array,
  coalesce,
  col,
  createDataFrame,
  type Frame,
  greatest,
  ifnull,
  least,
  lit,
  nullif,
  nvl2,
  when,
} from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'

/** What types have in common: comparisons, choices and set operations of every pair of types, and their edge values. */
const VALUES = {
  tinyint: ['tinyint', [null, 1, -128]],
  int: ['int', [null, 1, 2147483647]],
  bigint: ['bigint', [null, 1n, 9007199254740993n]],
  float: ['float', [null, 0.1, Number.NaN]],
  double: ['double', [null, 1, 0.1, 2 ** 53]],
  decimal: ['decimal(10,2)', [null, '1.00', '-99999999.99']],
  wide: ['decimal(38,18)', [null, '0.100000000000000000', '99999999999999999999.999999999999999999']],
  text: ['string', [null, ' 1 ', '1.0', 'abc', '2024-02-29', 'true']],
  boolean: ['boolean', [null, true, false]],
  date: ['date', [null, '2024-02-29', '1969-12-31']],
  timestamp: ['timestamp', [null, '2024-02-29T00:00:00Z', '2024-02-29T12:30:00.5Z']],
  timestamp_ntz: ['timestamp_ntz', [null, '2024-02-29T00:00:00', '2024-02-29T12:30:00.5']],
  binary: ['binary', [null, Buffer.from('1'), Buffer.from('abc')]],
} as const // biome-ignore format: a table
type Kind = keyof typeof VALUES
const KINDS = Object.keys(VALUES) as Kind[]
const [v, w] = [col('v'), col('w')]

/** Every value of a kind with each of another: rows `i, v, w`. */
function pairs(one: Kind, two: Kind): Frame {
  const [[left, lefts], [right, rights]] = [VALUES[one], VALUES[two]]
  const rows = [...lefts].flatMap((a, i) => [...rights].map((b, j) => [i * rights.length + j, a, b]))
  return createDataFrame(rows as never, `i int, v ${left}, w ${right}`)
}

function alone(name: 'v' | 'w', kind: Kind): Frame {
  const [type, values] = VALUES[kind]
  return createDataFrame([...values].map((value) => [value]) as never, `${name} ${type}`)
}

/** Only texts fail row by row. */
const each = (...kinds: readonly Kind[]) => (kinds.includes('text') ? { eachRow: true as const } : {})
const ofPairs = KINDS.flatMap((one, i) =>
  KINDS.flatMap((two, j): SparkCase[] => {
    const frame = pairs(one, two)
    const eachRow = each(one, two)
    const compared: SparkCase = {
      name: `compare ${one} with ${two}`,
      frame: frame.select('i', v.eq(w).as('eq'), v.lt(w).as('lt'), v.ge(w).as('ge'), v.eqNullSafe(w).as('same')),
      ...eachRow,
    }
    if (j <= i) return [compared]
    return [
      compared,
      { name: `choose ${one} or ${two}`, frame: frame.select('i', coalesce('v', 'w').as('c'), when(v.isNull(), w).otherwise(v).as('w'), ifnull('v', 'w').as('x'), nvl2('v', 'v', 'w').as('n')), ...eachRow },
      { name: `greatest of ${one} and ${two}`, frame: frame.select('i', greatest('v', 'w').as('g'), least('v', 'w').as('l')), ...eachRow },
      { name: `nullif and in of ${one} and ${two}`, frame: frame.select('i', nullif('v', 'w').as('n'), v.isin(w, lit(null)).as('r'), v.isin(w).as('s')), ...eachRow },
      ...(one === 'text' || (i + j) % 3 === 0 ? [
        { name: `array of ${one} and ${two}`, frame: frame.select('i', array('v', 'w').as('r')), ...eachRow },
        { name: `union of ${one} and ${two}`, frame: alone('v', one).union(alone('w', two)) },
        { name: `intersect of ${one} and ${two}`, frame: alone('v', one).intersect(alone('w', two)) },
        { name: `join of ${one} and ${two}`, frame: alone('v', one).join(alone('w', two), v.eq(w)) },
      ] : []),
    ]
  }),
) // biome-ignore format: a table

const CONSTANTS = [1, 1.5, '1', 'abc', '2024-02-29', true, 9007199254740993n, null] as const
const withConstants = KINDS.flatMap((kind) =>
  CONSTANTS.flatMap((constant): SparkCase[] => {
    const [type, values] = VALUES[kind]
    const frame = createDataFrame([...values].map((value, i) => [i, value]) as never, `i int, v ${type}`)
    const of = `${typeof constant} ${constant}`
    return [
      { name: `compare ${kind} with ${of}`, frame: frame.select('i', v.eq(lit(constant)).as('eq'), v.lt(lit(constant)).as('lt'), v.isin(lit(constant), v).as('in')), ...each(kind) },
      { name: `coalesce of ${kind} and ${of}`, frame: frame.select('i', coalesce(v, lit(constant)).as('r')), ...each(kind) },
    ] // biome-ignore format: a table
  }),
)

export const cases: readonly SparkCase[] = [...ofPairs, ...withConstants]
