import type { DataType } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { constantOf } from '../dialect/constant.ts'
import {
  binary,
  type Call,
  everywhere,
  type Forms,
  leading,
  nullary,
  type Template,
  type TemplateArgs,
  unary,
  variadic,
} from './define.ts'
import { remainder } from './remainder.ts'
import { COMMON, DOUBLE, INTEGER, LONG, PMOD, ROUNDED, SAME, STRING } from './result-type.ts'

const NUMBERS = { numeric: true } as const

export const abs = unary('abs', everywhere('abs($1)'), SAME, NUMBERS)
/** The square root; null of a negative number. */
export const sqrt = unary('sqrt', everywhere('sqrt(case when $f1 >= 0 then $f1 end)'), DOUBLE, NUMBERS)
export const cbrt = unary('cbrt', everywhere('cbrt($f1)'), DOUBLE, NUMBERS)
export const exp = unary(
  'exp',
  {
    duckdb: 'exp($1)',
    // PostgreSQL fails where the result is too great or small for a double.
    postgres:
      "case when $f1 = 'NaN' then $f1 when $f1 > 709.782712893384 then 'Infinity' when $f1 < -745.1332191019411 then 0 else exp($f1) end",
  },
  DOUBLE,
  NUMBERS,
)
/** The natural logarithm; null of what is not positive. */
export const ln = unary('ln', everywhere('ln(case when $f1 > 0 then $f1 end)'), DOUBLE, NUMBERS)
export const log = unary('log', everywhere('ln(case when $f1 > 0 then $f1 end)'), DOUBLE, NUMBERS)
export const log2 = unary(
  'log2',
  {
    duckdb: 'log2(case when $1 > 0 then $1 end)',
    // The logarithm of a numeric is right to the last digit, where ln($1) / ln(2) is not.
    postgres:
      'cast(case when $f1 > 0 and $f1 < 1e-300 then ln($f1) / ln(2.0) when $f1 > 0 then log(cast(2 as numeric), cast(cast($f1 as text) as numeric)) end as double precision)',
  },
  DOUBLE,
  NUMBERS,
)
export const log10 = unary('log10', everywhere('log10(case when $f1 > 0 then $f1 end)'), DOUBLE, NUMBERS)
export const sin = unary('sin', everywhere('sin($f1)'), DOUBLE, NUMBERS)
export const cos = unary('cos', everywhere('cos($f1)'), DOUBLE, NUMBERS)
export const tan = unary('tan', everywhere('tan($f1)'), DOUBLE, NUMBERS)
export const asin = unary('asin', everywhere('asin($f1)'), DOUBLE, NUMBERS)
export const acos = unary('acos', everywhere('acos($f1)'), DOUBLE, NUMBERS)
export const atan = unary('atan', everywhere('atan($f1)'), DOUBLE, NUMBERS)
export const atan2 = binary('atan2', everywhere('atan2($f1, $f2)'), DOUBLE, NUMBERS)
/** Radians of degrees. */
export const radians = unary('radians', everywhere('radians($f1)'), DOUBLE, NUMBERS)
/** Degrees of radians. */
export const degrees = unary('degrees', everywhere('degrees($f1)'), DOUBLE, NUMBERS)
export const pow = binary(
  'pow',
  {
    duckdb: 'pow($1, $2)',
    postgres:
      "case when $f1 = 0 and $f2 < 0 then 'Infinity' when $f1 = '-Infinity' and $f2 <> floor($f2) and $f2 > 0 then 'Infinity' when $f1 = '-Infinity' and $f2 <> floor($f2) then 0 when $f1 < 0 and $f1 > '-Infinity' and $f2 <> floor($f2) then 'NaN' else power($f1, $f2) end",
  },
  DOUBLE,
  NUMBERS,
)
/** −1, 0 or 1. */
export const signum = unary('signum', { duckdb: 'cast(sign($1) as double)', postgres: 'sign($f1)' }, DOUBLE, NUMBERS)
export const ceil = unary('ceil', wholeBy('ceil'), LONG, NUMBERS)
export const floor = unary('floor', wholeBy('floor'), LONG, NUMBERS)
/** Rounds half away from zero to `digits` behind the point (0 when left out). */
export const round = leading<[digits?: number]>()(
  'round',
  {
    duckdb: (args) => (args.length > 1 ? sql`round(${args[0]}, ${args[1]})` : sql`round(${args[0]})`),
    postgres: (args, [type], call) => rounded(args, type, call),
  },
  ROUNDED,
  NUMBERS,
)
/** Rounds half to even ("banker's rounding") to `digits` behind the point. */
export const bround = leading<[digits?: number]>()(
  'bround',
  {
    duckdb: (args) => sql`round_even(${args[0]}, ${args.length > 1 ? args[1] : 0})`,
    // PostgreSQL's own rounding of doubles is half to even.
    postgres: (args, _types, call) => scaledRound(args, call, (of) => sql`round(${of})`),
  },
  DOUBLE,
  NUMBERS,
)
/** The remainder, which is never negative for a positive divisor. */
export const pmod = binary(
  'pmod',
  {
    duckdb: '((($1 % nullif($2, 0)) + $2) % nullif($2, 0))',
    postgres: remainder('((($1 % nullif($2, 0)) + $2) % nullif($2, 0))'),
  },
  PMOD,
  NUMBERS,
)
/** The greatest value that is not null. */
export const greatest = variadic('greatest', everywhere('greatest($v*)'), COMMON)
/** The least value that is not null. */
export const least = variadic('least', everywhere('least($v*)'), COMMON)
export const factorial = unary(
  'factorial',
  everywhere('cast(factorial(cast($i1 as integer)) as bigint)'),
  LONG,
  NUMBERS,
)
/** The number in hexadecimal digits, capital. */
export const hex = unary('hex', { duckdb: 'hex($1)', postgres: hexadecimal }, STRING)
export const bin = unary('bin', { duckdb: 'bin($1)', postgres: binaryDigits }, STRING)
export const shiftLeft = binary('shiftleft', { duckdb: '($1 << $2)', postgres: shiftedLeft }, SAME, NUMBERS)
export const shiftRight = binary('shiftright', { duckdb: '($1 >> $2)', postgres: shiftedRight }, SAME, NUMBERS)
export const bitCount = unary(
  'bit_count',
  { duckdb: 'cast(bit_count($1) as integer)', postgres: bits },
  INTEGER,
  NUMBERS,
)
export const pi = nullary('pi', everywhere('pi()'), DOUBLE)
export const e = nullary('e', { duckdb: 'exp(1.0)', postgres: 'exp(cast(1 as double precision))' }, DOUBLE)
/** A random number from 0 to 1, another at every run. */
export const rand = nullary('rand', everywhere('random()'), DOUBLE)

const BITS: Readonly<Record<string, number>> = { byte: 8, short: 16, integer: 32, long: 64 }

function bitsOf(type: DataType | undefined, call: Call): number {
  return BITS[type?.kind ?? ''] ?? call.refuse(`of a ${type?.kind ?? 'value of unknown type'}`, 'Cast it to bigint.')
}

/** A whole number by `ceil` or `floor`; of whole numbers themselves, because a double would lose digits of a bigint. */
function wholeBy(name: 'ceil' | 'floor'): Forms {
  const form: Template = ([of], [type]) =>
    type && type.kind in BITS ? sql`cast(${of} as bigint)` : sql`cast(${trusted(name)}(${of}) as bigint)`
  return { duckdb: form, postgres: form }
}

function digitsOf(args: TemplateArgs, call: Call): number {
  const digits = args.length > 1 ? constantOf(args[1]) : 0
  return typeof digits === 'number' ? digits : call.refuse('with a number of digits that is no constant')
}

/** Rounding of a double at a digit, as DuckDB does it: scaled by a power of ten, rounded, and scaled back. */
function scaledRound(args: TemplateArgs, call: Call, by: (of: Sql) => Sql): Sql {
  const digits = digitsOf(args, call)
  const of = sql`cast(${args[0]} as double precision)`
  const power = sql`cast(${trusted(`1e${Math.abs(digits)}`)} as double precision)`
  if (digits === 0) return by(of)
  const up = sql`(${of} * ${power})`
  const down = sql`(${of} / ${power})`
  const result = digits > 0 ? sql`(${by(up)} / ${power})` : sql`(${by(down)} * ${power})`
  // Beyond, PostgreSQL fails; DuckDB keeps the value, or gives 0 of what is not finite when digits are cut before the point.
  const kept = digits > 0 ? of : trusted('0')
  const most = trusted(digits > 0 ? '1e300' : '1.7e308')
  return sql`case when ${of} is null then null when abs(${of}) between 1e-300 and ${most} then ${result} when abs(${of}) < 1e-300 then 0 else ${kept} end`
}

const INTEGERS: Readonly<Record<string, string>> = {
  byte: 'smallint',
  short: 'smallint',
  integer: 'integer',
  long: 'bigint',
}

function rounded(args: TemplateArgs, type: DataType | undefined, call: Call): Sql {
  const [of] = args
  if (type?.kind === 'float' || type?.kind === 'double') {
    // Adding a half before cutting would round 0.49999999999999994 up.
    return scaledRound(
      args,
      call,
      (x) => sql`(trunc(${x}) + case when abs(${x} - trunc(${x})) >= 0.5 then sign(${x}) else 0 end)`,
    )
  }
  const digits = digitsOf(args, call)
  if (type && type.kind in BITS && digits >= 0) return of
  const result = sql`round(cast(${of} as numeric), ${trusted(String(digits))})`
  const whole = type && INTEGERS[type.kind]
  return whole === undefined ? result : sql`cast(${result} as ${trusted(whole)})`
}

function hexadecimal([of]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  if (type?.kind === 'string') return sql`upper(encode(convert_to(${of}, 'UTF8'), 'hex'))`
  if (type?.kind === 'binary') return sql`upper(encode(${of}, 'hex'))`
  bitsOf(type, call)
  return sql`upper(to_hex(cast(${of} as bigint)))`
}

function binaryDigits([of]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  bitsOf(type, call)
  return sql`case when ${of} = 0 then '0' else ltrim(cast(cast(cast(${of} as bigint) as bit(64)) as text), '0') end`
}

// By multiplication, which fails where bits would be lost.
function shiftedLeft([of, by]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  const name = trusted({ 8: 'smallint', 16: 'smallint', 32: 'integer' }[bitsOf(type, call)] ?? 'bigint')
  return sql`(${of} * cast(power(cast(2 as numeric), ${by}) as ${name}))`
}

function shiftedRight([of, by]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  return sql`case when ${by} between 0 and ${trusted(String(bitsOf(type, call) - 1))} then ${of} >> cast(${by} as integer) when ${of} is not null and ${by} is not null then 0 end`
}

function bits([of]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  const width = bitsOf(type, call)
  const from = width === 64 ? sql`${of}` : sql`cast(${of} as integer)`
  return sql`cast(bit_count(cast(${from} as bit(${trusted(String(width))}))) as integer)`
}
