import { type DataType, formatType, MillraceError, sqlTypeName } from '../../../base/kernel/index.ts'
import { id, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { Typed } from '../compile/scope.ts'
import { clockOfText, dateOfText } from '../functions/date/date-text.ts'
import { constantOf } from './constant.ts'
import { duckDbText } from './duckdb-text.ts'

// Spark's casts in ANSI mode (its reference, "ANSI Compliance", Cast) in DuckDB's SQL.

const WHOLE = new Set(['byte', 'short', 'integer', 'long', 'hugeint', 'ubyte', 'ushort', 'uinteger', 'ulong'])
const SPARKS_WHOLE = new Set(['byte', 'short', 'integer', 'long'])
const FLOATING = new Set(['float', 'double'])
const MOMENTS = new Set(['date', 'timestamp', 'timestamp_ntz'])

const isNumber = (kind: string) => WHOLE.has(kind) || FLOATING.has(kind) || kind === 'decimal'
const typeName = (type: DataType): Sql => trusted(sqlTypeName(type, 'duckdb'))

/**
 * A value as another type; what cannot be converted fails, or is null with `isTry`.
 * @throws MillraceError COLUMN_TYPE for types that Spark does not convert
 */
export function duckDbCast(arg: Typed, to: DataType, isTry: boolean): Sql {
  const { sql: of, type: from } = arg
  const plain = (value: Sql): Sql =>
    isTry ? sql`try_cast(${value} as ${typeName(to)})` : sql`cast(${value} as ${typeName(to)})`
  if (from === undefined || from.kind === 'null') return plain(of)
  if (!converts(from, to)) {
    throw new MillraceError('COLUMN_TYPE', `${formatType(from)} cannot be cast to ${formatType(to)}`, {
      hint: 'Go by a type between them, such as string or timestamp, where that is what you mean.',
    })
  }
  if (from.kind === 'string') return ofText(of, to, isTry, plain)
  if (from.kind === 'timestamp' && isNumber(to.kind)) return momentNumber(of, to, plain)
  switch (to.kind) {
    case 'string':
      return from.kind === 'json' || from.kind === 'uuid' ? plain(of) : duckDbText(arg)
    case 'boolean':
      return from.kind === 'boolean' ? of : sql`(${of} <> 0)`
    case 'float':
      return from.kind === 'double' ? narrowed(of) : plain(of)
    case 'decimal':
      return FLOATING.has(from.kind)
        ? decimalOfDouble(from.kind === 'float' ? sql`cast(${of} as double)` : of, plain)
        : plain(of)
    case 'date':
      return from.kind === 'timestamp' ? sql`cast(make_timestamp(epoch_us(${of})) as date)` : plain(of)
    case 'timestamp':
      if (from.kind === 'timestamp_ntz' || from.kind === 'date') return sql`make_timestamptz(epoch_us(${of}))`
      if (!isNumber(from.kind)) return plain(of)
      return momentOfNumber(of, from.kind, isTry)
    case 'timestamp_ntz':
      return from.kind === 'timestamp' ? sql`make_timestamp(epoch_us(${of}))` : plain(of)
    case 'array':
      return from.kind === 'array' ? arrayCast(of, from, to, isTry, plain) : plain(of)
    case 'struct':
      return from.kind === 'struct' ? structCast(of, from, to, isTry) : plain(of)
    default:
      // A fraction is cut off, where DuckDB would round it.
      return SPARKS_WHOLE.has(to.kind) && (FLOATING.has(from.kind) || from.kind === 'decimal')
        ? plain(sql`trunc(${of})`)
        : plain(of)
  }
}

/** Whether Spark has a cast; types it does not know are left to the engine. */
function converts(from: DataType, to: DataType): boolean {
  const [a, b] = [from.kind, to.kind]
  if (a === b || a === 'string' || b === 'string') {
    return !(a === 'string' && (b === 'array' || b === 'map' || b === 'struct'))
  }
  if (isNumber(a) || a === 'boolean') {
    return isNumber(b) || b === 'boolean' ? true : b === 'timestamp' ? a !== 'boolean' : !KNOWN.has(b)
  }
  if (a === 'timestamp') return MOMENTS.has(b) || isNumber(b) || !KNOWN.has(b)
  if (a === 'date' || a === 'timestamp_ntz') return MOMENTS.has(b) || !KNOWN.has(b)
  return !KNOWN.has(a) || !KNOWN.has(b)
}

const KNOWN = new Set([
  ...SPARKS_WHOLE, ...FLOATING, ...MOMENTS, 'decimal', 'boolean', 'binary', 'array', 'map', 'struct', 'string',
]) // biome-ignore format: a list

/** Texts that DuckDB reads as Spark does. */
const USUAL: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d\d-\d\d$/,
  timestamp_ntz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/,
  decimal: /^-?\d+(\.\d+)?$/,
  integer: /^-?\d+$/,
  long: /^-?\d+$/,
}

function ofText(of: Sql, to: DataType, isTry: boolean, plain: (value: Sql) => Sql): Sql {
  const constant = constantOf(of)
  const usual = USUAL[to.kind]
  // A constant in the usual form stays one, by which files can be skipped.
  if (usual && typeof constant === 'string' && usual.test(constant)) return plain(of)
  const bare = sql`trim(${of}, ${' \t\n\r\f\v'})`
  const wrong = isTry
    ? sql`null`
    : sql`case when ${of} is not null then error('[CAST_INVALID_INPUT] The value ''' || ${of} || ''' cannot be cast to ${trusted(formatType(to).toUpperCase())}') end`
  switch (to.kind) {
    case 'string':
      return of
    case 'binary':
      return sql`encode(${of})`
    case 'date':
      return dateOfText(of, isTry ? 'null' : 'fail')
    case 'timestamp':
      return sql`make_timestamptz(epoch_us(${clockOfText(of, 'timestamp', isTry ? 'null' : 'fail')}))`
    case 'timestamp_ntz':
      return clockOfText(of, 'timestamp_ntz', isTry ? 'null' : 'fail')
    case 'boolean':
      return sql`case when lower(${bare}) in ('t', 'true', 'y', 'yes', '1') then true when lower(${bare}) in ('f', 'false', 'n', 'no', '0') then false else ${wrong} end`
    case 'float':
    case 'double': {
      // Java reads a suffix of its own number types, and DuckDB none.
      const number = sql`regexp_replace(${bare}, '(?i)^(.*\\d\\.?)[df]$', '\\1')`
      const read = to.kind === 'float' ? narrowed(sql`cast(${number} as double)`) : plain(number)
      return sql`case when regexp_full_match(${bare}, '(?i)[+-]?((\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?[df]?|inf|infinity|nan)') then ${read} else ${wrong} end`
    }
    case 'decimal':
      return sql`case when regexp_full_match(${bare}, '[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?') then ${plain(bare)} else ${wrong} end`
    default:
      if (!SPARKS_WHOLE.has(to.kind)) return plain(of)
      return sql`case when regexp_full_match(${bare}, '[+-]?\\d+') then ${plain(bare)} else ${wrong} end`
  }
}

/** A double as a float, infinite beyond its range as in Java. */
function narrowed(of: Sql): Sql {
  return sql`case when abs(${of}) >= 3.4028235677973366e38 then cast(case when isnan(${of}) then 'NaN' when ${of} > 0 then 'Infinity' else '-Infinity' end as float) else cast(${of} as float) end`
}

/** By its shortest text; what is not finite has no digits and is null. */
function decimalOfDouble(of: Sql, plain: (value: Sql) => Sql): Sql {
  return sql`case when not isfinite(${of}) then null when abs(${of}) < 1e-40 then ${plain(sql`0`)} else ${plain(sql`cast(${of} as varchar)`)} end`
}

/** Seconds since 1970 as a moment; fractions of a microsecond are cut off. */
function momentOfNumber(of: Sql, kind: string, isTry: boolean): Sql {
  const number = kind === 'float' ? sql`cast(${of} as double)` : of
  const micros = WHOLE.has(kind) ? sql`cast(${of} as hugeint) * 1000000` : sql`trunc(${number} * 1000000)`
  const whole = isTry ? sql`try_cast(${micros} as bigint)` : sql`cast(${micros} as bigint)`
  return sql`make_timestamptz(${whole})`
}

function momentNumber(of: Sql, to: DataType, plain: (value: Sql) => Sql): Sql {
  const micros = sql`epoch_us(${of})`
  if (SPARKS_WHOLE.has(to.kind))
    return plain(sql`((${micros} - ((${micros} % 1000000) + 1000000) % 1000000) // 1000000)`)
  // A decimal with six more digits behind the point holds every microsecond.
  return to.kind === 'decimal'
    ? plain(sql`(cast(${micros} as decimal(20,0)) * cast(0.000001 as decimal(7,6)))`)
    : plain(sql`(cast(${micros} as double) / 1000000)`)
}

type ArrayType = Extract<DataType, { kind: 'array' }>
type StructType = Extract<DataType, { kind: 'struct' }>

function arrayCast(of: Sql, from: ArrayType, to: ArrayType, isTry: boolean, plain: (value: Sql) => Sql): Sql {
  if (from.element.kind === 'null') return plain(of)
  const element = duckDbCast({ sql: sql`item`, type: from.element }, to.element, isTry)
  return sql`list_transform(${of}, lambda item: ${element})`
}

/** Members go by their place. */
function structCast(of: Sql, from: StructType, to: StructType, isTry: boolean): Sql {
  if (from.fields.length !== to.fields.length) {
    throw new MillraceError(
      'COLUMN_TYPE',
      `a struct of ${from.fields.length} members cannot be cast to one of ${to.fields.length}`,
    )
  }
  const members = to.fields.map((field, i) => {
    const given = from.fields[i] ?? field
    const member = { sql: sql`struct_extract(${of}, ${given.name})`, type: given.type }
    return sql`${id(field.name)} := ${duckDbCast(member, field.type, isTry)}`
  })
  return sql`case when ${of} is not null then struct_pack(${join(members)}) end`
}
