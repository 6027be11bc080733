import { sql } from '../../../base/sql/index.ts'
import { binary, leading, nullary, unary, variadic } from './define.ts'
import { DOUBLE, INTEGER, LONG, SAME, STRING, UNKNOWN } from './result-type.ts'

const NUMBERS = { numeric: true } as const

export const abs = unary('abs', 'abs($1)', SAME, NUMBERS)
/** The square root; null of a negative number. */
export const sqrt = unary('sqrt', 'sqrt(case when $1 >= 0 then $1 end)', DOUBLE, NUMBERS)
export const cbrt = unary('cbrt', 'cbrt($1)', DOUBLE, NUMBERS)
export const exp = unary('exp', 'exp($1)', DOUBLE, NUMBERS)
/** The natural logarithm; null of what is not positive. */
export const ln = unary('ln', 'ln(case when $1 > 0 then $1 end)', DOUBLE, NUMBERS)
export const log = unary('log', 'ln(case when $1 > 0 then $1 end)', DOUBLE, NUMBERS)
export const log2 = unary('log2', 'log2(case when $1 > 0 then $1 end)', DOUBLE, NUMBERS)
export const log10 = unary('log10', 'log10(case when $1 > 0 then $1 end)', DOUBLE, NUMBERS)
export const sin = unary('sin', 'sin($1)', DOUBLE, NUMBERS)
export const cos = unary('cos', 'cos($1)', DOUBLE, NUMBERS)
export const tan = unary('tan', 'tan($1)', DOUBLE, NUMBERS)
export const asin = unary('asin', 'asin($1)', DOUBLE, NUMBERS)
export const acos = unary('acos', 'acos($1)', DOUBLE, NUMBERS)
export const atan = unary('atan', 'atan($1)', DOUBLE, NUMBERS)
export const atan2 = binary('atan2', 'atan2($1, $2)', DOUBLE, NUMBERS)
/** Radians of degrees. */
export const radians = unary('radians', 'radians($1)', DOUBLE, NUMBERS)
/** Degrees of radians. */
export const degrees = unary('degrees', 'degrees($1)', DOUBLE, NUMBERS)
export const pow = binary('pow', 'pow($1, $2)', DOUBLE, NUMBERS)
/** −1, 0 or 1. */
export const signum = unary('signum', 'cast(sign($1) as double)', DOUBLE, NUMBERS)
export const ceil = unary('ceil', 'cast(ceil($1) as bigint)', LONG, NUMBERS)
export const floor = unary('floor', 'cast(floor($1) as bigint)', LONG, NUMBERS)
/** Rounds half away from zero to `digits` behind the point (0 when left out). */
export const round = leading<[digits?: number]>()(
  'round',
  (args) => (args.length > 1 ? sql`round(${args[0]}, ${args[1]})` : sql`round(${args[0]})`),
  UNKNOWN,
  NUMBERS,
)
/** Rounds half to even ("banker's rounding") to `digits` behind the point. */
export const bround = leading<[digits?: number]>()(
  'bround',
  (args) => sql`round_even(${args[0]}, ${args.length > 1 ? args[1] : 0})`,
  UNKNOWN,
  NUMBERS,
)
/** The remainder, which is never negative for a positive divisor. */
export const pmod = binary('pmod', '((($1 % nullif($2, 0)) + $2) % nullif($2, 0))', UNKNOWN, NUMBERS)
/** The greatest value that is not null. */
export const greatest = variadic('greatest', 'greatest($*)', SAME)
/** The least value that is not null. */
export const least = variadic('least', 'least($*)', SAME)
export const factorial = unary('factorial', 'cast(factorial(cast($1 as integer)) as bigint)', LONG, NUMBERS)
/** The number in hexadecimal digits, capital. */
export const hex = unary('hex', 'hex($1)', STRING)
export const bin = unary('bin', 'bin($1)', STRING)
export const shiftLeft = binary('shiftleft', '($1 << $2)', SAME, NUMBERS)
export const shiftRight = binary('shiftright', '($1 >> $2)', SAME, NUMBERS)
export const bitCount = unary('bit_count', 'cast(bit_count($1) as integer)', INTEGER, NUMBERS)
export const pi = nullary('pi', 'pi()', DOUBLE)
export const e = nullary('e', 'exp(1.0)', DOUBLE)
/** A random number from 0 to 1, another at every run. */
export const rand = nullary('rand', 'random()', DOUBLE)
