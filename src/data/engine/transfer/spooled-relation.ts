import {
  type DataType,
  type Field,
  formatType,
  MillraceError,
  type Schema,
  sqlTypeName,
} from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'

/** The longest row that is read. DuckDB reads buffers of twice this size. */
const MAX_ROW_BYTES = 16_000_000
const BUFFER_BYTES = 33_554_432

/**
 * Files of `spool` as a relation for DuckDB with exactly the columns of `schema`; no file at all is a relation without
 * rows. A value that does not fit its type is an error that names the column (`spoolError` makes a coded one of it).
 *
 * Values are in PostgreSQL's text form: dates and timestamps in ISO 8601, in UTC and perhaps `BC`; intervals in its own
 * style; bytes as `\x00ff`. Arrays are JSON arrays of texts.
 * @throws MillraceError TYPE_UNSUPPORTED for structs, maps and nested arrays; COLUMN_AMBIGUOUS for names that differ in case only
 */
export function spooledRelation(paths: readonly string[], schema: Schema): Sql {
  const names = new Map<string, string>()
  for (const { name } of schema.fields) {
    const other = names.get(name.toLowerCase())
    if (other !== undefined) {
      throw new MillraceError('COLUMN_AMBIGUOUS', `reading the columns "${other}" and "${name}" into DuckDB`, {
        hint: 'DuckDB does not tell upper from lower case in names: give one of them another name in the query.',
      })
    }
    names.set(name.toLowerCase(), name)
  }
  if (paths.length === 0) {
    const columns = schema.fields.map(({ name, type }) => sql`${literal(null, type)} as ${id(name)}`)
    return sql`(select ${join(columns)} where false)`
  }
  const readers = schema.fields.map((field) => ({ field, ...readerOf(field) }))
  const columns = readers.map(({ field, stored }) => sql`${literal(field.name)}: ${literal(stored)}`)
  const select = readers.map(({ field, read }) => sql`${read} as ${id(field.name)}`)
  return sql`(select ${join(select)} from read_csv([${join(paths.map((path) => literal(path)))}],
    columns = {${join(columns)}}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
    nullstr = '', allow_quoted_nulls = false, new_line = '\\n', encoding = 'utf-8',
    max_line_size = ${literal(MAX_ROW_BYTES)}, buffer_size = ${literal(BUFFER_BYTES)}))`
}

/** How a column is read: the type that the reader of CSV gives it, and what is made of that. */
function readerOf({ name, type }: Field): { readonly stored: string; readonly read: Sql } {
  const column = id(name)
  const parse = parserOf(type, name)
  return parse === undefined
    ? { stored: sqlTypeName(type, 'duckdb'), read: column }
    : { stored: 'VARCHAR', read: parse(column) }
}

type Parse = (text: Sql) => Sql

/** What makes a value of its text; nothing where DuckDB's reader of CSV reads it right by itself. */
function parserOf(type: DataType, column: string): Parse | undefined {
  switch (type.kind) {
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      return (text) => dayOrInstant(text, type, column)
    case 'interval':
      // PostgreSQL writes a plus behind a minus; DuckDB knows none.
      return (text) => sql`cast(replace(${text}, '+', '') as interval)`
    case 'binary':
      return (text) => sql`unhex(substr(${text}, 3))`
    case 'hugeint':
      return (text) => sql`cast(${text} as hugeint)`
    case 'array':
      return (text) => array(text, type, column)
    case 'struct':
    case 'map':
    case 'null':
      throw new MillraceError(
        'TYPE_UNSUPPORTED',
        `reading the column "${column}" of type ${formatType(type)} from text`,
        {
          hint: 'Cast it to json in the query.',
        },
      )
    default:
      return undefined
  }
}

/** DuckDB takes no heed of `BC`, and would keep an infinity that no file format has. */
function dayOrInstant(text: Sql, type: DataType, column: string): Sql {
  const name = trusted(sqlTypeName(type, 'duckdb'))
  const day = sql`regexp_replace(${text}, '^(\\S+)(.*) BC$', '\\1 (BC)\\2')`
  return sql`case when suffix(${text}, ' BC') then cast(${day} as ${name})
    when suffix(${text}, 'infinity') then cast(${refusal(column, sql`${text}`, type)} as ${name})
    else cast(${text} as ${name}) end`
}

function array(text: Sql, type: DataType & { kind: 'array' }, column: string): Sql {
  const { element } = type
  if (element.kind === 'array') {
    throw new MillraceError(
      'TYPE_UNSUPPORTED',
      `reading the column "${column}" of type ${formatType(type)} from text`,
      {
        hint: 'Cast it to json in the query.',
      },
    )
  }
  const parse = parserOf(element, column)
  const items = sql`from_json(${text}, '["VARCHAR"]')`
  const nested = sql`json_type(${text}, '$[0]') = 'ARRAY'`
  const read = parse
    ? sql`list_transform(${items}, lambda item: ${parse(trusted('item'))})`
    : sql`cast(${items} as ${trusted(sqlTypeName(type, 'duckdb'))})`
  return sql`case when ${nested} then cast(${refusal(column, text, type)} as ${trusted(sqlTypeName(type, 'duckdb'))}) else ${read} end`
}

/** An error in the words that `spoolError` knows. */
function refusal(column: string, text: Sql, type: DataType): Sql {
  return sql`error(concat('Error when converting column ', ${literal(JSON.stringify(column))}, '. Could not convert string ', chr(34), ${text}, chr(34), ' to ', ${literal(`'${formatType(type)}'`)}))`
}
