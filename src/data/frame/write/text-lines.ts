import { type DataType, type Field, formatType, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import { duckDbText } from '../dialect/duckdb-text.ts'
import { writtenByPattern } from '../functions/date/date-pattern.ts'
import type { OptionReader } from '../read/read-options.ts'

// Rows as the lines that Spark's writers of CSV, JSON and text write.

/** How values of time are written. */
interface TimeFormats {
  readonly date?: string
  readonly timestamp?: string
  readonly timestampNtz?: string
}

export function timeFormats(options: OptionReader): TimeFormats {
  const formats = {
    date: options.text('dateFormat'),
    timestamp: options.text('timestampFormat'),
    timestampNtz: options.text('timestampNTZFormat'),
  }
  return Object.fromEntries(Object.entries(formats).filter(([, pattern]) => pattern !== undefined))
}

const STAMP = "yyyy-MM-dd'T'HH:mm:ss.SSS"

/** A value that is no collection as text, null where it is null. */
export function valueText(of: Sql, type: DataType, formats: TimeFormats): Sql {
  switch (type.kind) {
    case 'date':
      return formats.date === undefined
        ? duckDbText({ sql: of, type })
        : writtenByPattern(sql`cast(${of} as timestamp)`, formats.date)
    case 'timestamp': {
      const wall = sql`make_timestamp(epoch_us(${of}))`
      if (formats.timestamp !== undefined) return writtenByPattern(wall, formats.timestamp)
      return sql`(${writtenByPattern(wall, STAMP)} || 'Z')`
    }
    case 'timestamp_ntz':
      return writtenByPattern(of, formats.timestampNtz ?? STAMP)
    default:
      return duckDbText({ sql: of, type })
  }
}

/** How a line of CSV is written. */
export interface CsvLines extends TimeFormats {
  readonly sep: string
  readonly quote: string
  readonly escaping: string
  readonly escapeEscape: string
  readonly nullValue: string
  readonly emptyValue: string
  readonly quoteAll: boolean
  readonly escapeQuotes: boolean
  readonly trimStart: boolean
  readonly trimEnd: boolean
}

export function csvLines(options: OptionReader): CsvLines {
  const quote = options.character('quote', '"')
  const escaping = options.character('escape', '\\')
  return {
    ...timeFormats(options),
    sep: options.characters('sep', options.characters('delimiter', ',')),
    quote,
    escaping,
    escapeEscape: options.character('charToEscapeQuoteEscaping', escaping === quote ? '' : escaping),
    nullValue: options.text('nullValue') ?? '',
    emptyValue: options.text('emptyValue') ?? '""',
    quoteAll: options.flag('quoteAll', false),
    escapeQuotes: options.flag('escapeQuotes', true),
    trimStart: options.flag('ignoreLeadingWhiteSpace', true),
    trimEnd: options.flag('ignoreTrailingWhiteSpace', true),
  }
}

/** A row as a line of CSV. @throws MillraceError TYPE_UNSUPPORTED for collections */
export function csvLine(fields: readonly Field[], form: CsvLines): Sql {
  const values = fields.map(({ name, type }) => {
    if (type.kind === 'array' || type.kind === 'map' || type.kind === 'struct') {
      throw new MillraceError('TYPE_UNSUPPORTED', `writing CSV: the column "${name}" is ${formatType(type)}`, {
        hint: 'Write it as text with toJson(), take it apart, or write JSON or Parquet.',
        at: { path: name } as never,
      })
    }
    return csvValue(valueText(id(name), type, form), form)
  })
  return join(values, ` || ${quoted(form.sep)} || `)
}

/** The names of columns as a line of CSV. */
export function csvHeader(fields: readonly Field[], form: CsvLines): Sql {
  return join(
    fields.map(({ name }) => csvValue(literal(name), form)),
    ` || ${quoted(form.sep)} || `,
  )
}

/** A text as a value of CSV; null has its own word. */
export function csvValue(text: Sql, form: CsvLines): Sql {
  const { sep, quote, escaping, nullValue, emptyValue, quoteAll, escapeQuotes, trimStart, trimEnd } = form
  const blanks = literal(Array.from({ length: 32 }, (_, i) => String.fromCharCode(i + 1)).join(''))
  const start = trimStart ? sql`ltrim(${text}, ${blanks})` : text
  const trimmed = trimEnd ? sql`rtrim(${start}, ${blanks})` : start
  const nothing = sql`${literal(nullValue)}`
  if (quote === '') return sql`coalesce(${trimmed}, ${nothing})`
  const doubled =
    escaping === ''
      ? trimmed
      : sql`replace(${escapedOnce(trimmed, form)}, ${literal(quote)}, ${literal(escaping + quote)})`
  const whole = sql`${literal(quote)} || ${doubled} || ${literal(quote)}`
  const holding = [sep, '\n', '\r', ...(escapeQuotes ? [quote] : [])].map(
    (one) => sql`contains(${start}, ${literal(one)})`,
  )
  const needs = quoteAll ? sql`true` : sql`(${join(holding, ' or ')} or starts_with(${trimmed}, ${literal(quote)}))`
  const absent = quoteAll ? literal(`${quote}${nullValue}${quote}`) : nothing
  return sql`case when ${text} is null then ${absent} when ${trimmed} = '' then ${literal(emptyValue)} when ${needs} then ${whole} else ${trimmed} end`
}

function escapedOnce(text: Sql, { escaping, escapeEscape, quote }: CsvLines): Sql {
  return escapeEscape === '' || escaping === quote
    ? text
    : sql`replace(${text}, ${literal(escaping)}, ${literal(escapeEscape + escaping)})`
}

/** A row as a line of JSON. */
export function jsonLine(fields: readonly Field[], formats: TimeFormats, ignoreNulls: boolean): Sql {
  return objectText(
    fields.map(({ name, type }) => ({ name, value: id(name), type })),
    formats,
    ignoreNulls,
    0,
  )
}

interface Member {
  readonly name: string
  readonly value: Sql
  readonly type: DataType
}

function objectText(members: readonly Member[], formats: TimeFormats, ignoreNulls: boolean, depth: number): Sql {
  const parts = members.map(({ name, value, type }) => {
    const text = jsonText(value, type, formats, ignoreNulls, depth)
    const key = literal(`${JSON.stringify(name)}:`)
    return ignoreNulls ? sql`${key} || ${text}` : sql`${key} || coalesce(${text}, 'null')`
  })
  // A null in the list is left out.
  return sql`'{' || coalesce(array_to_string([${join(parts)}], ','), '') || '}'`
}

const BARE = new Set(['byte', 'short', 'integer', 'long', 'decimal', 'boolean'])

/** A value as JSON text, null where it is null. */
function jsonText(of: Sql, type: DataType, formats: TimeFormats, ignoreNulls: boolean, depth: number): Sql {
  const item = id(`j${depth}`)
  const inner = (value: Sql, innerType: DataType) =>
    sql`coalesce(${jsonText(value, innerType, formats, ignoreNulls, depth + 1)}, 'null')`
  if (BARE.has(type.kind)) return valueText(of, type, formats)
  switch (type.kind) {
    case 'float':
    case 'double': {
      const text = duckDbText({ sql: of, type })
      return sql`case when isfinite(${of}) then ${text} when ${of} is not null then '"' || ${text} || '"' end`
    }
    case 'binary':
      return sql`('"' || to_base64(${of}) || '"')`
    case 'array':
      return sql`('[' || array_to_string([${inner(item, type.element)} for ${item} in ${of}], ',') || ']')`
    case 'map': {
      const key = quotedText(duckDbText({ sql: sql`${item}.key`, type: type.key }))
      return sql`('{' || array_to_string([${key} || ':' || ${inner(sql`${item}.value`, type.value)} for ${item} in map_entries(${of})], ',') || '}')`
    }
    case 'struct': {
      const members = type.fields.map((field) => ({
        name: field.name,
        value: sql`struct_extract(${of}, ${literal(field.name)})`,
        type: field.type,
      }))
      return sql`case when ${of} is not null then ${objectText(members, formats, ignoreNulls, depth + 1)} end`
    }
    default:
      return quotedText(valueText(of, type, formats))
  }
}

function quotedText(text: Sql): Sql {
  return sql`cast(to_json(${text}) as varchar)`
}

/** The one column of a text file. @throws MillraceError COLUMN_TYPE */
export function textLine({ fields }: Schema): Sql {
  const [field] = fields
  if (fields.length === 1 && field?.type.kind === 'string') return sql`coalesce(${id(field.name)}, '')`
  throw new MillraceError(
    'COLUMN_TYPE',
    `writing text: there are the columns ${fields.map(({ name, type }) => `${name} ${formatType(type)}`).join(', ')}`,
    {
      hint: 'Text has one column of string beside those of partitionBy: select it, or write CSV or JSON.',
    },
  )
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
