import type { DataType } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import type { Column } from '../../column.ts'
import { type Call, leading, onlyDuckDb, type TemplateArgs, unary } from '../define.ts'
import { BINARY, STRING } from '../result-type.ts'
import { raised, takes, WHOLE, wallClock, wantedAs, wholeConstant } from './math-argument.ts'

// Numbers and bytes as digits of a base.

/** The digits 0 and 1 of a whole number, 64 for a negative one. */
export const bin = unary('bin', { duckdb: takes(['long'], 'bin($1)'), postgres: binaryDigits }, STRING)
/** A whole number, or the bytes of a text, in hexadecimal digits, capital. */
export const hex = unary(
  'hex',
  {
    duckdb: ([of], [type]) => {
      if (type?.kind === 'string' || type?.kind === 'binary' || type === undefined) return sql`hex(${of})`
      if (type.kind === 'timestamp') return sql`hex(cast(${wallClock(of, type)} as varchar))`
      const number = type.kind in WHOLE || ['float', 'double', 'decimal', 'null'].includes(type.kind)
      return sql`hex(${wantedAs(of, type, number ? 'long' : 'string')})`
    },
    postgres: hexadecimal,
  },
  STRING,
)
/** The bytes of hexadecimal digits; null of what has another character. */
export const unhex = unary(
  'unhex',
  onlyDuckDb(
    takes(
      ['string'],
      "case when regexp_full_match($1, '[0-9a-fA-F]*') then unhex(case when length($1) % 2 = 0 then $1 else '0' || $1 end) end",
    ),
    'It fails on other characters: use decode().',
  ),
  BINARY,
)

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * The digits of a number to one base (2 to 36) written to another. A number is one of 64 bits without a sign, save
 * that a negative `toBase` asks for one; other characters end it.
 */
export const conv = leading<[fromBase: number | Column, toBase: number | Column]>()(
  'conv',
  onlyDuckDb(takes(['string', 'any'], converted), 'It has no numbers of 64 bits without a sign.'),
  STRING,
)

function converted([text, fromBase, toBase]: TemplateArgs, _types: unknown, call: Call): Sql {
  const [from, to] = [wholeConstant(fromBase), wholeConstant(toBase)]
  if (from === undefined || to === undefined) return call.refuse('with a base that is no constant')
  const [read, write] = [Math.abs(from), Math.abs(to)]
  if (read < 2 || read > 36 || write < 2 || write > 36) return sql`cast(null as varchar)`
  const known = trusted(`'${DIGITS.slice(0, read)}'`)
  const trimmed = sql`trim(${text})`
  const digits = sql`regexp_extract(upper(${trimmed}), ${`^-?([${DIGITS.slice(0, read)}]*)`}, 1)`
  const parsed = sql`list_reduce(list_transform(string_split(${digits}, ''), lambda d: cast(case when d = '' then 0 else strpos(${known}, d) - 1 end as hugeint)), lambda a, d: case when a > 18446744073709551615 then a else a * ${trusted(String(read))} + d end)`
  const all = sql`18446744073709551616`
  const half = sql`9223372036854775808`
  const negative = sql`starts_with(${trimmed}, '-')`
  const base = trusted(String(write))
  const number = (of: Sql) =>
    sql`(case when ${of} < ${base} then '' else to_base(cast(${of} // ${base} as bigint), ${base}) end || to_base(cast(${of} % ${base} as bigint), ${base}))`
  // A number from 2^63 on is negative; the minus of one that is already has no effect, save that it becomes the greatest.
  const written =
    to > 0
      ? number(sql`(case when not ${negative} or u = 0 then u when u >= ${half} then ${all} - 1 else ${all} - u end)`)
      : sql`case when ${negative} or u >= ${half} then '-' else '' end || ${number(sql`(case when u >= ${half} then ${all} - u else u end)`)}`
  const checked = sql`list_transform([${parsed}], lambda u: case when u > 18446744073709551615 then ${raised('ARITHMETIC_OVERFLOW', 'Overflow in function conv()')} else ${written} end)[1]`
  return sql`case when ${trimmed} <> '' then ${checked} end`
}

function whole(type: DataType | undefined, call: Call): void {
  if (!(type && type.kind in WHOLE)) call.refuse(`of a ${type?.kind ?? 'value of unknown type'}`, 'Cast it to bigint.')
}

function hexadecimal([of]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  if (type?.kind === 'string') return sql`upper(encode(convert_to(${of}, 'UTF8'), 'hex'))`
  if (type?.kind === 'binary') return sql`upper(encode(${of}, 'hex'))`
  whole(type, call)
  return sql`upper(to_hex(cast(${of} as bigint)))`
}

function binaryDigits([of]: TemplateArgs, [type]: readonly (DataType | undefined)[], call: Call): Sql {
  whole(type, call)
  return sql`case when ${of} = 0 then '0' else ltrim(cast(cast(cast(${of} as bigint) as bit(64)) as text), '0') end`
}
