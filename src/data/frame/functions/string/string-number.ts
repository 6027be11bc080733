import { type DataType, formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { join, type Sql, sql } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { duckDbDialect } from '../../dialect/duckdb.ts'
import { postgresCast } from '../../dialect/postgres-cast.ts'
import { formatRows } from '../../native/java-format.ts'
import { digitsOfFormat, formatNumber as inFormat, parseNumber, readFormat } from '../../native/number-format.ts'
import { dateFormat } from '../date/date-format.ts'
import { binary, type Call, define, type Form, onlyDuckDb, type TemplateArgs } from '../define.ts'
import { nativeColumns, nativeOf } from '../native.ts'
import { type ResultType, STRING } from '../result-type.ts'
import { asDecimal } from '../shared-type.ts'
import { hexText } from './string-bytes.ts'

const STRING_TYPE: DataType = { kind: 'string' }
const TO_CHAR = nativeOf('to_char', STRING_TYPE, (decimal: string, format: string) =>
  inFormat(readFormat(format), decimal),
)
const TRY_TO_NUMBER = nativeOf(
  'try_to_number',
  STRING_TYPE,
  (text: string, format: string) => parseNumber(readFormat(format), text) ?? null,
)
const TO_NUMBER = nativeOf('to_number', STRING_TYPE, (text: string, format: string) => {
  const found = parseNumber(readFormat(format), text)
  if (found !== undefined) return found
  throw new Error(`[INVALID_FORMAT.MISMATCH_INPUT] The text '${text}' does not match the format ${format}`)
})
const FORMAT_STRING = nativeColumns('format_string', STRING_TYPE, formatRows)

/** The format that a constant is. @throws MillraceError OPTION_INVALID */
function formatOf(arg: Sql | undefined) {
  const text = constantOf(arg)
  if (typeof text !== 'string') return undefined
  try {
    return readFormat(text)
  } catch {
    throw new MillraceError('OPTION_INVALID', `"${text}" is no format of numbers`, {
      hint: "Such as '999,990.00', with S or MI for a sign, $ before the digits, or PR at the end.",
    })
  }
}

const SOME_NUMBERS: Readonly<Record<string, DataType>> = {
  float: { kind: 'decimal', precision: 14, scale: 7 },
  double: { kind: 'decimal', precision: 30, scale: 15 },
  string: { kind: 'decimal', precision: 38, scale: 18 },
}

/** A number by a format of digits, a time by a pattern, bytes as `base64`, `hex` or `utf-8`. */
const characters: Form = (args, types, call) => {
  const [of, format] = args
  const [type] = types
  if (type?.kind === 'date' || type?.kind === 'timestamp' || type?.kind === 'timestamp_ntz') {
    const { duckdb } = dateFormat.definition
    return typeof duckdb === 'function' ? (duckdb(args, types, call) as Sql) : call.refuse('of times')
  }
  if (type?.kind === 'binary') return bytesAs(of, constantOf(format))
  if (type?.kind === 'null') return sql`cast(null as varchar)`
  const exact = type && (asDecimal(type) ? { kind: 'decimal' as const, ...asDecimal(type) } : SOME_NUMBERS[type.kind])
  if (type === undefined || exact === undefined) {
    throw new MillraceError(
      'COLUMN_TYPE',
      `to_char() takes numbers, times and bytes, and not ${type ? formatType(type) : 'a value of unknown type'}`,
      {
        hint: 'Cast it to string, or to a decimal first.',
      },
    )
  }
  formatOf(format)
  const decimal = duckDbDialect.cast({ sql: of, type }, exact as DataType, false)
  return TO_CHAR.call(sql`cast(${decimal} as varchar)`, format)
}

function bytesAs(of: Sql, format: unknown): Sql {
  switch (String(format).toLowerCase()) {
    case 'base64':
      return sql`to_base64(${of})`
    case 'hex':
      return hexText(of)
    case 'utf-8':
      return sql`decode(${of})`
    default:
      throw new MillraceError('OPTION_INVALID', `"${String(format)}" is no format of bytes`, {
        hint: 'One of base64, hex and utf-8.',
      })
  }
}

const NO_FORMATS = 'Its to_char() has other formats: write expr("to_char(…)") with its own.'

/**
 * Text of a number by a format (`toChar('price', lit('999,990.00'))`), of a date or timestamp by a pattern, or of
 * bytes as `base64`, `hex` or `utf-8`. The format is a constant.
 */
export const toChar = binary('to_char', onlyDuckDb(characters, NO_FORMATS), STRING, { natives: [TO_CHAR] })
/** The same as `toChar`. */
export const toVarchar = binary('to_varchar', onlyDuckDb(characters, NO_FORMATS), STRING, { natives: [TO_CHAR] })

const NUMBER: ResultType<string | null> = {
  of: (_types, args) => {
    const format = formatOf(args?.[1])
    return format && { kind: 'decimal', ...digitsOfFormat(format) }
  },
}

function read(native: typeof TO_NUMBER): Form {
  return ([of, format], [type], call) => {
    if (call.type?.kind !== 'decimal') return call.refuse('with a format that is no constant')
    if (call.type.precision > 38) {
      throw new MillraceError('OPTION_INVALID', `a format of ${call.type.precision} digits is too long for a number`, {
        hint: 'A decimal has at most 38 digits.',
      })
    }
    const text = duckDbDialect.cast({ sql: of, type }, STRING_TYPE, false)
    return sql`cast(${native.call(text, format)} as ${duckDbDialect.typeName(call.type)})`
  }
}

/** A decimal of text by a format, a constant; the action fails on a text that does not match. */
export const toNumber = binary('to_number', onlyDuckDb(read(TO_NUMBER), NO_FORMATS), NUMBER, { natives: [TO_NUMBER] })
/** A decimal of text by a format; null for a text that does not match. */
export const tryToNumber = binary('try_to_number', onlyDuckDb(read(TRY_TO_NUMBER), NO_FORMATS), NUMBER, {
  natives: [TRY_TO_NUMBER],
})

function printf_(args: TemplateArgs, types: readonly (DataType | undefined)[]): Sql {
  const wrong = types.find((type) => type && NO_VALUES.has(type.kind))
  if (wrong) {
    throw new MillraceError('COLUMN_TYPE', `format_string() has no pattern for ${formatType(wrong)}`, {
      hint: "Cast it to string first: col('…').cast('string').",
    })
  }
  const given = [...args].map((arg, i) => (types[i]?.kind === 'null' ? sql`cast(null as varchar)` : arg))
  return FORMAT_STRING.call(...given)
}
const NO_VALUES = new Set(['array', 'map', 'struct', 'binary'])

/**
 * Text by a pattern of Java's Formatter, such as `'%s: %05.2f'`: texts, booleans, whole numbers and doubles; decimals
 * as `%s` only. Dates and timestamps go as days and microseconds, as in Spark.
 */
function formatStringBuilder<const A extends readonly ColumnOrName[]>(
  pattern: string,
  ...columns: A
): Column<string | null, string, NamesOf<A[number]>, NeedsOf<A[number]>> {
  return new Column({ kind: 'call', fn: 'format_string', args: [operand(pattern), ...columns.map(named)] })
}
export const formatString = Object.assign(formatStringBuilder, {
  definition: define('format_string', { duckdb: printf_, postgres: printed }, STRING, { natives: [FORMAT_STRING] }),
})

/** Like `formatString`, with a pattern that may be a column. */
function printfBuilder<const A extends readonly ColumnOrName[]>(
  pattern: ColumnOrName,
  ...columns: A
): Column<string | null, string, NamesOf<A[number]>, NeedsOf<A[number]>> {
  return new Column({ kind: 'call', fn: 'printf', args: [named(pattern), ...columns.map(named)] })
}
export const printf = Object.assign(printfBuilder, {
  definition: define('printf', { duckdb: printf_, postgres: printed }, STRING, { natives: [FORMAT_STRING] }),
})

const WHOLE = new Set(['byte', 'short', 'integer', 'long'])

/** printf with what PostgreSQL's format() has: %s, and %d of whole numbers. */
function printed([pattern, ...args]: TemplateArgs, [, ...types]: readonly (DataType | undefined)[], call: Call): Sql {
  const text = constantOf(pattern)
  if (typeof text !== 'string') return call.refuse('with a pattern that is no constant')
  let next = 0
  const format = text.replaceAll(/%([^sd%]|$)|%([sd%])/g, (token, other: string | undefined, letter) => {
    if (other !== undefined) return call.refuse(`with ${token}`, 'Use %s, and %d of whole numbers.')
    if (letter === '%') return token
    const type = types[next]
    next += 1
    if (letter === 'd' && !WHOLE.has(type?.kind ?? '')) return call.refuse(`with %d of a ${type?.kind}`, 'Use %s.')
    return '%s'
  })
  const texts = args.map((arg, i) => postgresCast({ sql: arg, type: types[i] }, { kind: 'string' }, false))
  // A null is written out, and nothing in format().
  return sql`format(${join([sql`cast(${format} as text)`, ...texts.map((one) => sql`coalesce(${one}, 'null')`)])})`
}
