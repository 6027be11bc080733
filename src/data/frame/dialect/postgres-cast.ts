import { type DataType, formatType, sqlTypeName } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Typed } from '../compile/scope.ts'
import { unsupported } from './frame-dialect.ts'
import { failing, RANGES } from './postgres-range.ts'
import { castText } from './postgres-text.ts'

const typeName = (type: DataType): Sql => trusted(sqlTypeName(type, 'postgres'))

/** Whole types that PostgreSQL holds in a wider one, which would not notice a value out of range. */
const WIDER = new Set(['byte', 'ubyte', 'ushort', 'uinteger', 'ulong'])

const isFloating = (type: DataType): boolean => type.kind === 'float' || type.kind === 'double'
const isNumber = (type: DataType): boolean => type.kind in RANGES || type.kind === 'decimal' || isFloating(type)

/**
 * A value as another type in PostgreSQL as Spark casts it in ANSI mode: fractions cut off, Java's texts of numbers,
 * and an error (null when `isTry`) for what cannot be converted.
 * @throws MillraceError ENGINE_UNSUPPORTED for a conversion without an equal
 */
export function postgresCast(arg: Typed, to: DataType, isTry: boolean): Sql {
  const converted = castTo(arg, to, isTry)
  // A case forgets how many digits there are.
  return to.kind === 'decimal' && converted !== arg.sql ? sql`cast(${converted} as ${typeName(to)})` : converted
}

function castTo(arg: Typed, to: DataType, isTry: boolean): Sql {
  const { sql: of, type: from } = arg
  if (from === undefined) {
    if (isTry) throw noCast('a value of unknown type', to, 'Cast it to its type first.')
    return sql`cast(${of} as ${typeName(to)})`
  }
  if (formatType(from) === formatType(to)) return of
  if (from.kind === 'null') return sql`cast(${of} as ${typeName(to)})`
  if (from.kind === 'string') return castText(of, to, isTry)
  if (to.kind === 'string') return textOf(of, from)
  if (from.kind === 'boolean' && isNumber(to)) return fromBoolean(of, to)
  if (isNumber(from) && isNumber(to)) return number(of, from, to, isTry)
  if (isNumber(from) && to.kind === 'boolean') return sql`(${of} <> 0)`
  if (from.kind === 'array' && to.kind === 'array' && isNumber(from.element) && isNumber(to.element)) {
    return array(of, from.element, to.element, to, isTry)
  }
  const moment = MOMENTS[`${from.kind} ${to.kind}`]
  if (moment) return moment(of)
  throw noCast(`a ${formatType(from)}`, to)
}

function fromBoolean(of: Sql, to: DataType): Sql {
  return to.kind === 'integer' ? sql`cast(${of} as integer)` : sql`cast(cast(${of} as integer) as ${typeName(to)})`
}

function array(of: Sql, from: DataType, to: DataType, type: DataType, isTry: boolean): Sql {
  // Only where PostgreSQL's own conversion of every element is DuckDB's.
  if (isTry || WIDER.has(to.kind) || (isFloating(from) && to.kind === 'decimal')) throw noCast('an array', type)
  return sql`cast(${of} as ${typeName(type)})`
}

function number(of: Sql, from: DataType, to: DataType, isTry: boolean): Sql {
  const range = RANGES[to.kind]
  if (range) {
    const cut = isFloating(from) || from.kind === 'decimal' ? sql`trunc(${of})` : of
    const whole = sql`cast(${cut} as ${typeName(to)})`
    const fits = sql`${cut} between ${trusted(range[0])} and ${trusted(range[1])}`
    // The greatest bigint is no double: 2^63 is, and must not pass.
    const inside = isFloating(from) && to.kind === 'long' ? sql`${fits} and ${of} < 9223372036854775808.0` : fits
    if (isTry) return sql`case when ${inside} then ${whole} end`
    if (!WIDER.has(to.kind)) return whole
    const wrong = failing(`out of range of ${formatType(to)}`, of, to)
    return sql`case when ${of} is null or ${inside} then ${whole} else ${wrong} end`
  }
  if (to.kind !== 'decimal') return sql`cast(${of} as ${typeName(to)})`
  const limit = trusted(`1${'0'.repeat(to.precision - to.scale)}`)
  if (!isFloating(from)) {
    const plain = sql`cast(${of} as ${typeName(to)})`
    const scale = trusted(String(to.scale))
    return isTry ? sql`case when abs(round(cast(${of} as numeric), ${scale})) < ${limit} then ${plain} end` : plain
  }
  const double = sql`cast(${of} as double precision)`
  const exact = sql`cast(cast(cast(${double} as text) as numeric) as ${typeName(to)})`
  const otherwise = isTry ? trusted('null') : failing(`out of range of ${formatType(to)}`, of, to)
  // What is not finite has no digits.
  return sql`case when ${of} is null or ${double} = 'NaN' or abs(${double}) = 'Infinity' then null when abs(${double}) < ${limit} then ${exact} else ${otherwise} end`
}

const MOMENTS: Readonly<Record<string, (of: Sql) => Sql>> = {
  'date timestamp_ntz': (of) => sql`cast(${of} as timestamp)`,
  'date timestamp': (of) => sql`(cast(${of} as timestamp) at time zone 'UTC')`,
  'timestamp_ntz date': (of) => sql`cast(${of} as date)`,
  'timestamp_ntz timestamp': (of) => sql`(${of} at time zone 'UTC')`,
  'timestamp_ntz time': (of) => sql`cast(${of} as time)`,
  'timestamp timestamp_ntz': (of) => sql`(${of} at time zone 'UTC')`,
  'timestamp date': (of) => sql`cast(${of} at time zone 'UTC' as date)`,
  'timestamp time': (of) => sql`cast(${of} at time zone 'UTC' as time)`,
}

const PLAIN_TEXT = new Set(['boolean', 'date', 'timestamp_ntz', 'time', 'uuid', 'json', 'decimal'])

/** A value as the text Spark gives it. */
function textOf(of: Sql, from: DataType): Sql {
  if (from.kind in RANGES || PLAIN_TEXT.has(from.kind)) return sql`cast(${of} as text)`
  if (from.kind === 'timestamp') return sql`cast((${of} at time zone 'UTC') as text)`
  if (!isFloating(from)) throw noCast(`a ${formatType(from)}`, { kind: 'string' })
  return javaNumber(of)
}

/** The least double, of which Java writes two digits. */
const LEAST = trusted("cast('4.94065645841247e-324' as double precision)")

/** A floating-point number as Java writes it; see `javaNumber` of DuckDB. */
function javaNumber(of: Sql): Sql {
  const text = sql`cast(abs(${of}) as text)`
  const mantissa = sql`split_part(${text}, 'e', 1)`
  const all = sql`replace(${mantissa}, '.', '')`
  const behind = sql`ltrim(${all}, '0')`
  const digits = sql`rtrim(${behind}, '0')`
  const power = sql`(coalesce(cast(nullif(split_part(${text}, 'e', 2), '') as integer), 0) + length(split_part(${mantissa}, '.', 1)) - 1 - (length(${all}) - length(${behind})))`
  const sign = sql`case when ${of} < 0 then '-' else '' end`
  const scientific = sql`${sign} || left(${digits}, 1) || '.' || coalesce(nullif(substr(${digits}, 2), ''), '0') || 'E' || ${power}`
  const plain = sql`cast(${of} as text) || case when cast(${of} as text) ~ '[.]' then '' else '.0' end`
  return sql`case when ${of} = 'NaN' then 'NaN' when abs(${of}) = 'Infinity' then ${sign} || 'Infinity' when ${of} = 0 or (abs(${of}) >= 0.001 and abs(${of}) < 10000000) then ${plain} when abs(${of}) = ${LEAST} then ${sign} || '4.9E-324' else ${scientific} end`
}

function noCast(from: string, to: DataType, instead?: string) {
  return unsupported(`the conversion of ${from} to ${formatType(to)}`, 'PostgreSQL', instead)
}
