import { type DataType, formatType, MillraceError, sqlTypeName } from '../kernel/index.ts'
import { quoteId, quoteValue } from './literal.ts'
import type { Sql, SqlPart, SqlValue } from './sql.ts'

/** A language that SQL is rendered in. */
export type Dialect = 'duckdb' | 'postgres' | 'sqlite' | 'spark'

/** A statement as an engine takes it. */
export interface Rendered {
  readonly text: string
  /** The bound values, in the order of their placeholders. */
  readonly values: SqlValue[]
}

/** The text of a statement with placeholders (`$1` in DuckDB and PostgreSQL, `?` elsewhere) and its values. */
export function render(query: Sql, dialect: Dialect): Rendered {
  const values: SqlValue[] = []
  const text = query.parts.map((part) => {
    if (!('value' in part) || part.inline) return partText(part, dialect)
    values.push(part.value)
    return cast(dialect === 'sqlite' || dialect === 'spark' ? '?' : `$${values.length}`, part.type, dialect)
  })
  return { text: text.join(''), values }
}

/** The text of a statement with its values written as literals, for what takes no parameters: views, DDL, explain. */
export function inline(query: Sql, dialect: Dialect): string {
  return query.parts.map((part) => partText(part, dialect)).join('')
}

function partText(part: SqlPart, dialect: Dialect): string {
  if ('text' in part) return part.text
  if ('id' in part) return part.id.map((name) => quoteId(name, dialect)).join('.')
  return cast(quoteValue(part.value, dialect), part.type, dialect)
}

function cast(text: string, type: DataType | undefined, dialect: Dialect): string {
  if (type === undefined) return text
  switch (dialect) {
    case 'duckdb':
    case 'postgres':
      return `cast(${text} as ${sqlTypeName(type, dialect)})`
    case 'spark':
      return `cast(${text} as ${formatType(type)})`
    case 'sqlite':
      // SQLite has no such types: what is stored is the value itself.
      if (['array', 'map', 'struct'].includes(type.kind)) {
        throw new MillraceError('TYPE_UNSUPPORTED', `binding a ${formatType(type)} in SQLite`)
      }
      return text
  }
}
