import type { DataType } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { Argument, ColumnOrName, NamesOf, TypeOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import type { Make } from '../../row-types.ts'
import type { Takes } from '../argument-kind.ts'
import {
  type Call,
  define,
  type Forms,
  type GivenNeeds,
  onlyDuckDb,
  type Template,
  type TemplateArgs,
  unary,
} from '../define.ts'
import { DOUBLE, type ResultType } from '../result-type.ts'
import { takes, WHOLE, wholeConstant } from './math-argument.ts'

/** The decimal that a number is before it is rounded (Spark's `DecimalType.forType`). */
function asSparkDecimal(type: DataType | undefined): Digits | undefined {
  return type?.kind === 'decimal' ? type : DIGITS[type?.kind ?? '']
}
const DIGITS: Readonly<Record<string, Digits>> = {
  byte: { precision: 3, scale: 0 },
  short: { precision: 5, scale: 0 },
  integer: { precision: 10, scale: 0 },
  long: { precision: 20, scale: 0 },
  float: { precision: 14, scale: 7 },
  double: { precision: 30, scale: 15 },
  string: { precision: 38, scale: 18 },
}

/** The type of a decimal rounded at a digit (Spark's `RoundBase`). */
function roundedDecimal({ precision, scale }: { precision: number; scale: number }, digits: number): DataType {
  const whole = precision - scale + 1
  if (digits < 0) return { kind: 'decimal', precision: Math.min(38, Math.max(whole, 1 - digits)), scale: 0 }
  const kept = Math.min(scale, digits)
  return { kind: 'decimal', precision: Math.min(38, whole + kept), scale: kept }
}

/** Rounding keeps the type; a decimal keeps as many digits behind the point as are asked for; text becomes a double. */
// biome-ignore lint/suspicious/noExplicitAny: the value is that of the argument
const ROUND: ResultType<any> = {
  of: ([type], args) => {
    if (type?.kind === 'string' || type?.kind === 'null') return { kind: 'double' }
    if (type?.kind !== 'decimal') return type
    const digits = args && args.length > 1 ? wholeConstant(args[1]) : 0
    return digits === undefined ? undefined : roundedDecimal(type, digits)
  },
}

/** Without digits a long, of decimals a decimal without a fraction; with digits a decimal always. */
// biome-ignore lint/suspicious/noExplicitAny: a bigint or a decimal's text
const CEILING: ResultType<any> = {
  of: ([type], args) => {
    if (type === undefined) return undefined
    if (args && args.length > 1) {
      const [from, digits] = [asSparkDecimal(type), wholeConstant(args[1])]
      return from && digits !== undefined ? roundedDecimal(from, digits) : undefined
    }
    if (type.kind !== 'decimal') return { kind: 'long' }
    return type.scale === 0 ? type : roundedDecimal(type, 0)
  },
}

function typeName(type: DataType | undefined): Sql {
  return trusted(type?.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : 'double')
}

function digitsOf(args: TemplateArgs, call: Call): number {
  const digits = args.length > 1 ? wholeConstant(args[1]) : 0
  return digits ?? call.refuse('with a number of digits that is no constant')
}

/** Which way a value exactly in the middle goes. */
type Middle = 'away' | 'even'

interface Digits {
  readonly precision: number
  readonly scale: number
}

function stepOf(digits: number): Sql {
  return trusted(digits > 0 ? `0.${'0'.repeat(digits - 1)}1` : `1${'0'.repeat(-digits)}`)
}

/** A decimal rounded half away from zero; with a digit more in front, for what rounds up to it. */
function halfAway(of: Sql, { precision, scale }: Digits, digits: number): Sql {
  const wide = { kind: 'decimal', precision: Math.min(38, precision + 1), scale } as const
  if (-digits >= precision - scale + 1) return sql`case when ${of} is not null then cast(0 as ${typeName(wide)}) end`
  return sql`round(cast(${of} as ${typeName(wide)}), ${trusted(String(digits))})`
}

/** A decimal rounded at a digit, of the type `to`. */
function roundDecimal(of: Sql, from: Digits, digits: number, middle: Middle, to: DataType): Sql {
  if (digits >= from.scale) return sql`cast(${of} as ${typeName(to)})`
  const half = halfAway(of, from, digits)
  if (middle === 'away' || -digits >= from.precision - from.scale + 1) return sql`cast(${half} as ${typeName(to)})`
  // One step back where that was a half and made the last digit odd.
  const step = stepOf(digits)
  const back = sql`abs(${of} - ${half}) * 2 = ${step} and ${half} % (${step} * 2) <> 0`
  return sql`cast(case when ${back} then ${half} - sign(${of}) * ${step} else ${half} end as ${typeName(to)})`
}

/**
 * A double rounded at a digit as the decimal that its shortest text is (Java's `BigDecimal.valueOf`): 2.675 to two
 * digits is 2.68, though the double is a little less. Only near a middle the text is looked at.
 */
function roundDouble(of: Sql, digits: number, middle: Middle): Sql {
  if (digits > 300) return of
  if (digits < -308) return sql`case when isfinite(${of}) then 0e0 else ${of} end`
  const power = trusted(`1e${Math.abs(digits)}`)
  if (digits <= 0) {
    const rest = sql`(${of} % ${power})`
    const low = sql`(${of} - ${rest})`
    const up =
      middle === 'away'
        ? sql`abs(${rest}) * 2 >= ${power}`
        : sql`(abs(${rest}) * 2 > ${power} or (abs(${rest}) * 2 = ${power} and abs(${low} / ${power}) % 2 = 1))`
    return sql`case when not isfinite(${of}) then ${of} when ${up} then ${low} + sign(${of}) * ${power} else ${low} + 0e0 end`
  }
  const scaled = sql`(${of} * ${power})`
  const near = sql`abs(abs(${scaled} - trunc(${scaled})) - 0.5e0) > 1e-3`
  const plain = sql`round(${scaled}) / ${power} + 0e0`
  const text = sql`cast(cast(${of} as varchar) as decimal(38,22))`
  const scale = Math.min(digits, 21)
  const exact = sql`cast(${roundDecimal(text, { precision: 38, scale: 22 }, scale, middle, { kind: 'decimal', precision: 38, scale })} as double)`
  return sql`case when not isfinite(${of}) or abs(${of}) >= 4503599627370496 then ${of} when abs(${scaled}) < 1e12 and ${near} then ${plain} ${digits > 21 ? sql`else ${of}` : sql`else ${exact} + 0e0`} end`
}

function rounding(middle: Middle): Template {
  return (args, types, call) => {
    const [type] = types
    const digits = digitsOf(args, call)
    return takes(['number', 'any'], ([of]) => {
      if (type?.kind === 'decimal') return roundDecimal(of, type, digits, middle, roundedDecimal(type, digits))
      if (type && type.kind in WHOLE) return roundWhole(of, type, digits, middle)
      if (type?.kind === 'float') return sql`cast(${roundDouble(sql`cast(${of} as double)`, digits, middle)} as float)`
      return roundDouble(type === undefined ? sql`cast(${of} as double)` : of, digits, middle)
    })(args, types, call)
  }
}

function roundWhole(of: Sql, type: DataType, digits: number, middle: Middle): Sql {
  if (digits >= 0) return of
  const name = trusted({ byte: 'tinyint', short: 'smallint', integer: 'integer' }[type.kind as 'byte'] ?? 'bigint')
  if (digits < -19) return sql`case when ${of} is not null then cast(0 as ${name}) end`
  const from = sql`cast(${of} as decimal(19,0))`
  const to: DataType = { kind: 'decimal', precision: 38, scale: 0 }
  return sql`cast(${roundDecimal(from, { precision: 19, scale: 0 }, digits, middle, to)} as ${name})`
}

function builder<const A extends ColumnOrName>(fn: string, column: A, scale: number | Column | undefined) {
  const args = scale === undefined ? [named(column)] : [named(column), operand(scale)]
  // biome-ignore lint/suspicious/noExplicitAny: a decimal or a whole number
  return new Column<any, string, NamesOf<A>, GivenNeeds<A, 'round'>>({ kind: 'call', fn, args })
}

/** The name of a function whose digits are 0 when they are left out. */
function rounds(name: 'round' | 'bround', forms: Forms) {
  const build = <const A extends ColumnOrName>(
    column: A & Argument<Takes<'round'>>,
    digits: number | Column = 0,
  ): Column<Make<'rounded', TypeOf<A>>, string, NamesOf<A>, GivenNeeds<A, 'round'>> =>
    builder(name, column as A, digits)
  return Object.assign(build, { definition: define(name, forms, ROUND) })
}

/** Rounds half away from zero to `digits` behind the point (0 when left out), and before it when negative. */
export const round = rounds('round', {
  duckdb: rounding('away'),
  postgres: (args, [type], call) => rounded(args, type, call),
})
/** Rounds half to even ("banker's rounding") to `digits` behind the point. */
export const bround = rounds(
  'bround',
  onlyDuckDb(rounding('even'), 'It rounds a half of decimals away from zero: use round().'),
)
/** The nearest whole number as a double, the even one of two. */
export const rint = unary(
  'rint',
  // DuckDB's round_even gives a negative zero as Java does.
  onlyDuckDb(
    takes(['double'], ([x]) => sql`case when abs(${x}) < 4503599627370496 then round_even(${x}, 0) else ${x} end`),
    '',
  ),
  DOUBLE,
)

/** A double as a long, as Java casts it: NaN is 0, and what is too great the greatest. */
function saturated(of: Sql): Sql {
  return sql`case when isnan(${of}) then 0 when ${of} >= 9223372036854775807e0 then 9223372036854775807 when ${of} <= -9223372036854775808e0 then -9223372036854775808 else cast(${of} as bigint) end`
}

function whole(name: 'ceil' | 'floor'): Forms {
  const by = trusted(name)
  const duckdb: Template = (args, types, call) => {
    const [type] = types
    if (args.length > 1) {
      const [from, digits] = [asSparkDecimal(type), digitsOf(args, call)]
      if (!from) return call.refuse('with digits, of a value of unknown type', 'Cast it to a decimal.')
      return takes(['number', 'any'], ([of]) => {
        // No NaN or infinity is a decimal, which Spark makes null of here.
        const value =
          type?.kind === 'double' || type?.kind === 'float' ? sql`case when isfinite(${of}) then ${of} end` : of
        const decimal = sql`cast(${value} as ${typeName({ kind: 'decimal', ...from })})`
        const to = roundedDecimal(from, digits)
        if (digits >= from.scale) return sql`cast(${decimal} as ${typeName(to)})`
        // Rounded to the nearest, and one step further where that went the other way.
        const near = halfAway(decimal, from, digits)
        const step = stepOf(digits)
        const beyond = name === 'ceil' ? sql`${near} < ${decimal}` : sql`${near} > ${decimal}`
        return sql`cast(case when ${beyond} then ${near} ${trusted(name === 'ceil' ? '+' : '-')} ${step} else ${near} end as ${typeName(to)})`
      })(args, types, call)
    }
    return takes(['number'], ([of]) => {
      if (type && type.kind in WHOLE) return sql`cast(${of} as bigint)`
      if (type?.kind === 'decimal')
        return sql`cast(${by}(${of}) as ${typeName(type.scale === 0 ? type : roundedDecimal(type, 0))})`
      return saturated(
        sql`${by}(${type?.kind === 'double' || type?.kind === 'string' ? of : sql`cast(${of} as double)`})`,
      )
    })(args, types, call)
  }
  const postgres: Template = (args, [type], call) => {
    if (args.length > 1) return call.refuse('with digits', 'Use round().')
    if (type && type.kind in WHOLE) return sql`cast(${args[0]} as bigint)`
    if (type?.kind === 'decimal')
      return sql`cast(${by}(${args[0]}) as ${trusted(`numeric(${Math.min(38, type.precision - type.scale + 1)},0)`)})`
    return sql`case when ${args[0]} = 'NaN' then 0 when ${args[0]} >= 9223372036854775807 then 9223372036854775807 when ${args[0]} <= -9223372036854775808 then -9223372036854775808 else cast(${by}(${args[0]}) as bigint) end`
  }
  return { duckdb, postgres }
}

/** The least whole number not below, or with `scale` the least decimal of that many digits behind the point. */
export const ceil = Object.assign(
  <const A extends ColumnOrName>(column: A, scale?: number | Column) => builder('ceil', column, scale),
  { definition: define('ceil', whole('ceil'), CEILING) },
)
/** The same as `ceil`. */
export const ceiling = Object.assign(
  <const A extends ColumnOrName>(column: A, scale?: number | Column) => builder('ceiling', column, scale),
  { definition: define('ceiling', whole('ceil'), CEILING) },
)
/** The greatest whole number not above, or with `scale` the greatest decimal of that many digits behind the point. */
export const floor = Object.assign(
  <const A extends ColumnOrName>(column: A, scale?: number | Column) => builder('floor', column, scale),
  { definition: define('floor', whole('floor'), CEILING) },
)

/** Rounding of a double at a digit in PostgreSQL, by its shortest text too. */
function rounded(args: TemplateArgs, type: DataType | undefined, call: Call): Sql {
  const [of] = args
  const digits = args.length > 1 ? constantOf(args[1]) : 0
  if (typeof digits !== 'number') return call.refuse('with a number of digits that is no constant')
  if (type?.kind === 'float' || type?.kind === 'double') {
    const x = sql`cast(${of} as double precision)`
    const finite = sql`abs(${x}) < 'Infinity' and abs(${x}) < 1e300`
    return sql`case when ${finite} then cast(round(cast(cast(${x} as text) as numeric), ${trusted(String(digits))}) as double precision) else ${x} end`
  }
  if (type && type.kind in WHOLE && digits >= 0) return of
  const result = sql`round(cast(${of} as numeric), ${trusted(String(digits))})`
  const name = type && { byte: 'smallint', short: 'smallint', integer: 'integer', long: 'bigint' }[type.kind as 'byte']
  if (name !== undefined) return sql`cast(${result} as ${trusted(name)})`
  const to = type?.kind === 'decimal' ? roundedDecimal(type, digits) : undefined
  return to?.kind === 'decimal' ? sql`cast(${result} as ${trusted(`numeric(${to.precision},${to.scale})`)})` : result
}
