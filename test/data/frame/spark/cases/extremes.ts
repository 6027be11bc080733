import {
  abs,
  avg,
  type Column,
  col,
  createDataFrame,
  lit,
  negative,
  pmod,
  sum,
  tryAdd,
  tryDivide,
  tryMod,
  tryMultiply,
  trySubtract,
} from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'

/** Arithmetic at the ends of each type: overflows, the least numbers, decimals of all 38 digits. */
const ENDS = {
  tinyint: ['tinyint', [null, 0, -1, 127, -128]],
  smallint: ['smallint', [null, 0, -1, 32767, -32768]],
  int: ['int', [null, 0, -1, 2147483647, -2147483648]],
  bigint: ['bigint', [null, 0n, -1n, 9223372036854775807n, -9223372036854775808n]],
  float: ['float', [null, 0, -1.5, 3.4028234663852886e38, 1.401298464324817e-45, Number.NaN, Number.NEGATIVE_INFINITY]],
  double: ['double', [null, 0, -1.5, 1.7976931348623157e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY]],
  decimal: ['decimal(10,2)', [null, '0.00', '-0.01', '99999999.99']],
  whole: ['decimal(38,0)', [null, '0', '-3', '99999999999999999999999999999999999999']],
  wide: ['decimal(38,18)', [null, '0', '-0.000000000000000003', '99999999999999999999.999999999999999999']],
  fraction: ['decimal(38,38)', [null, '0', '0.00000000000000000000000000000000000003', '-0.99999999999999999999999999999999999999']],
  small: ['decimal(18,9)', [null, '0', '-3.000000001', '999999999.999999999']],
} as const // biome-ignore format: a table
type Kind = keyof typeof ENDS
const KINDS = Object.keys(ENDS) as Kind[]
const [v, w] = [col('v'), col('w')]

const OPERATIONS: readonly (readonly [string, (a: Column, b: Column) => Column])[] = [
  ['+', (a, b) => a.plus(b)], ['-', (a, b) => a.minus(b)], ['*', (a, b) => a.multiply(b)], ['/', (a, b) => a.divide(b)], ['%', (a, b) => a.mod(b)],
  ['pmod', pmod], ['try_add', tryAdd], ['try_subtract', trySubtract], ['try_multiply', tryMultiply], ['try_divide', tryDivide], ['try_mod', tryMod],
] // biome-ignore format: a table

const each = { eachRow: true, approximate: true } as const
/** Decimals of 38 digits go with themselves and with some others. */
const WIDE: readonly Kind[] = ['whole', 'wide', 'fraction']
const together = (one: Kind, two: Kind) =>
  one === two || ![one, two].some((kind) => WIDE.includes(kind)) || one === 'int' || two === 'decimal'

const binary: SparkCase[] = KINDS.flatMap((one) =>
  KINDS.filter((two) => together(one, two)).flatMap((two) => {
    const [[left, lefts], [right, rights]] = [ENDS[one], ENDS[two]]
    const rows = [...lefts].flatMap((a, i) => [...rights].map((b, j) => [i * rights.length + j, a, b]))
    const frame = createDataFrame(rows as never, `i int, v ${left}, w ${right}`)
    return OPERATIONS.filter(([sign]) => sign.length === 1 || one === two || one === 'int').map(([sign, apply]) => ({
      name: `${one} ${sign} ${two}`,
      frame: frame.select('i', apply(v, w).as('r')),
      ...each,
    }))
  }),
)

const alone: SparkCase[] = KINDS.flatMap((kind) => {
  const [type, values] = ENDS[kind]
  const frame = createDataFrame([...values].map((value, i) => [i, value]) as never, `i int, v ${type}`)
  const twice = createDataFrame([...values, ...values].map((value) => [value]) as never, `v ${type}`)
  return [
    { name: `negative of ${kind}`, frame: frame.select('i', negative('v').as('r'), v.neg().as('s')), ...each },
    { name: `abs of ${kind}`, frame: frame.select('i', abs('v').as('r')), ...each },
    { name: `negative constants of ${kind}`, frame: frame.select('i', v.multiply(lit(-1)).as('r')), ...each },
    { name: `sum of ${kind}`, frame: frame.agg(sum('v').as('s')), approximate: true as const },
    { name: `sum of ${kind} twice`, frame: twice.agg(sum('v').as('s')), approximate: true as const },
    { name: `avg of ${kind}`, frame: frame.agg(avg('v').as('a')), approximate: true as const },
    { name: `avg of ${kind} twice`, frame: twice.agg(avg('v').as('a')), approximate: true as const },
    { name: `sum of the greatest ${kind}`, frame: twice.filter(v.gt(lit(0))).agg(sum('v').as('s')), approximate: true as const },
  ] // biome-ignore format: a table
})

export const cases: readonly SparkCase[] = [...binary, ...alone]
