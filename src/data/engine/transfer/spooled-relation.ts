import {
  type DataType,
  type Field,
  formatType,
  MillraceError,
  type Schema,
  sqlTypeName,
} from '../../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'

/**
 * DuckDB finds the ends of rows only where a buffer holds four of the longest. Each of its threads holds several
 * buffers, so that they are most of the memory that reading takes.
 */
const BUFFERED_ROWS = 4
const LEAST_ROW_BYTES = 2_000_000
const ROW_BYTES = 8_000_000
const MOST_ROW_BYTES = 64_000_000

/**
 * Files of `spool` as a relation for DuckDB with exactly the columns of `schema`; no file at all is a relation without
 * rows. A value that does not fit its type is an error that names the column (`spoolError` makes a coded one of it).
 *
 * Values are in PostgreSQL's text form: dates and timestamps in ISO 8601, in UTC and perhaps `BC`; intervals in its own
 * style; bytes as `\x00ff`. Arrays are JSON arrays of texts. A row may have 8 MB, or `rowBytes` up to 64 MB.
 * @throws MillraceError TYPE_UNSUPPORTED for structs, maps and nested arrays; COLUMN_AMBIGUOUS for names that differ in case only
 */
export function spooledRelation(
  paths: readonly string[],
  schema: Schema,
  { rowBytes = ROW_BYTES }: { readonly rowBytes?: number | undefined } = {},
): Sql {
  const lineBytes = Math.min(Math.max(rowBytes, LEAST_ROW_BYTES), MOST_ROW_BYTES)
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
    max_line_size = ${literal(lineBytes)}, buffer_size = ${literal(BUFFERED_ROWS * lineBytes)}))`
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
      return (text) => tried(sql`replace(${text}, '+', '')`, type, column)
    case 'binary':
      return (text) => sql`case when starts_with(${text}, '\\x') then unhex(substr(${text}, 3))
        when ${text} is not null then ${refusal(column, text, type)} end`
    case 'hugeint':
      return (text) => tried(text, type, column)
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
  const day = sql`regexp_replace(${text}, '^(\\S+)(.*) BC$', '\\1 (BC)\\2')`
  return sql`case when suffix(${text}, ' BC') then ${tried(day, type, column)}
    when suffix(${text}, 'infinity') then ${refusal(column, text, type)}
    else ${tried(text, type, column)} end`
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
  const parse = parserOf(element, column) ?? ((item: Sql) => tried(item, element, column))
  const items = sql`list_transform(from_json(${text}, '["VARCHAR"]'), lambda item: ${parse(trusted('item'))})`
  return sql`case when json_type(${text}, '$[0]') = 'ARRAY' then ${refusal(column, text, type)} else ${items} end`
}

/** The text as a value of its type, or an error that names the column. */
function tried(text: Sql, type: DataType, column: string): Sql {
  const name = trusted(sqlTypeName(type, 'duckdb'))
  return sql`coalesce(try_cast(${text} as ${name}), case when ${text} is not null then ${refusal(column, text, type)} end)`
}

/** An error in the words that `spoolError` knows, in the place of a value. */
function refusal(column: string, text: Sql, type: DataType): Sql {
  const start = `Error when converting column ${JSON.stringify(column)}. Could not convert string "`
  return sql`cast(error(concat(${literal(start)}, ${text}, ${literal(`" to '${formatType(type)}'`)})) as ${trusted(sqlTypeName(type, 'duckdb'))})`
}
