import { type DataType, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { type Dialect, id, join, type Sql, sql, trusted } from '../../../base/sql/index.ts'

/**
 * The rows of a query in DuckDB with every value as the text that PostgreSQL reads. Structs, maps and lists of lists
 * become JSON, which PostgreSQL has in their place.
 * @throws MillraceError ENGINE_UNSUPPORTED for another engine than DuckDB
 */
export function loadable(query: Sql, schema: Schema, from: Dialect): Sql {
  if (from !== 'duckdb') {
    throw new MillraceError('ENGINE_UNSUPPORTED', `writing the rows of an engine that speaks ${from} for PostgreSQL`)
  }
  const columns = schema.fields.map(({ name, type }) => sql`${textOf(id(name), type)} as ${id(name)}`)
  return sql`select ${join(columns)} from (${query})`
}

/** The type of a column for which PostgreSQL has none of its own is json. */
function isJson(type: DataType): boolean {
  return (
    type.kind === 'struct' ||
    type.kind === 'map' ||
    (type.kind === 'array' && ['array', 'struct', 'map'].includes(type.element.kind))
  )
}

function textOf(value: Sql, type: DataType): Sql {
  if (isJson(type)) return sql`cast(to_json(${value}) as varchar)`
  switch (type.kind) {
    case 'binary':
      return sql`'\\x' || lower(hex(${value}))`
    case 'date':
    case 'timestamp':
    case 'timestamp_ntz':
      // DuckDB writes `0044-03-15 (BC) 12:00:00`.
      return sql`regexp_replace(cast(${value} as varchar), '^(\\S+) \\(BC\\)(.*)$', '\\1\\2 BC')`
    case 'array':
      return sql`case when ${value} is not null then '{' || array_to_string(list_transform(${value}, lambda item:
        coalesce('"' || replace(replace(${textOf(trusted('item'), type.element)}, '\\', '\\\\'), '"', '\\"') || '"', 'NULL')), ',') || '}' end`
    case 'null':
      return sql`cast(null as varchar)`
    default:
      return sql`cast(${value} as varchar)`
  }
}
