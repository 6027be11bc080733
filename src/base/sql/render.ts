import { MillraceError } from '../kernel/index.ts'
import type { Sql, SqlPart, SqlValue } from './sql.ts'

/** Ways to write identifiers, placeholders and literals. */
export type Dialect = 'duckdb' | 'postgres' | 'sqlite' | 'spark'

/** A statement as an engine takes it: text with placeholders, and the values in order. */
export interface Rendered {
  readonly text: string
  readonly values: SqlValue[]
}

/** A quoted identifier. */
export function quoteId(name: string, dialect: Dialect): string {
  if (name.includes('\0')) {
    throw new MillraceError('SQL_VALUE_UNSUPPORTED', 'an identifier with a NUL character has no SQL form')
  }
  return dialect === 'spark' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
}

/** Renders with placeholders: `$1` for DuckDB and PostgreSQL, `?` for SQLite and Spark. */
export function render(sql: Sql, dialect: Dialect): Rendered {
  const values: SqlValue[] = []
  const numbered = dialect === 'duckdb' || dialect === 'postgres'
  const text = sql.parts.map((part) => {
    if (!('value' in part)) return plain(part, dialect)
    values.push(part.value)
    return numbered ? `$${values.length}` : '?'
  })
  return { text: text.join(''), values }
}

/** Renders with literals in place, for statements that take no parameters (DDL, views). */
export function inline(sql: Sql, dialect: Dialect): string {
  return sql.parts.map((part) => ('value' in part ? quoteValue(part.value, dialect) : plain(part, dialect))).join('')
}

function plain(part: Exclude<SqlPart, { value: SqlValue }>, dialect: Dialect): string {
  return 'text' in part ? part.text : part.id.map((name) => quoteId(name, dialect)).join('.')
}

/** A literal that means exactly this value. */
export function quoteValue(value: SqlValue, dialect: Dialect): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'boolean':
      return dialect === 'sqlite' ? (value ? '1' : '0') : String(value)
    case 'bigint':
      return value < 0n ? `(${value})` : String(value)
    case 'number':
      return quoteNumber(value, dialect)
    case 'string':
      return quoteText(value, dialect)
    default:
      return value instanceof Date ? quoteMoment(value, dialect) : quoteBytes(value, dialect)
  }
}

function quoteNumber(value: number, dialect: Dialect): string {
  if (!Number.isFinite(value)) {
    if (dialect === 'sqlite') {
      throw new MillraceError('SQL_VALUE_UNSUPPORTED', `${value} has no form in SQLite`)
    }
    const name = Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
    return dialect === 'postgres' ? `'${name}'::double precision` : `cast('${name}' as double)`
  }
  // The exponent makes it a double and not a decimal, which would change the arithmetic.
  const text = Number.isInteger(value) && Number.isSafeInteger(value) ? String(value) : value.toExponential()
  return value < 0 || Object.is(value, -0) ? `(${text})` : text
}

function quoteText(value: string, dialect: Dialect): string {
  if (value.includes('\0')) {
    if (dialect !== 'duckdb')
      throw new MillraceError('SQL_VALUE_UNSUPPORTED', 'a text with a NUL character has no SQL form')
    return `(${value
      .split('\0')
      .map((piece) => quoteText(piece, dialect))
      .join(' || chr(0) || ')})`
  }
  const escaped = dialect === 'spark' ? value.replaceAll('\\', '\\\\') : value
  return `'${escaped.replaceAll("'", dialect === 'spark' ? "\\'" : "''")}'`
}

function quoteMoment(value: Date, dialect: Dialect): string {
  const text = value.toISOString()
  if (dialect === 'sqlite') return `'${text}'`
  return dialect === 'spark' ? `timestamp '${text}'` : `timestamptz '${text}'`
}

function quoteBytes(value: Uint8Array, dialect: Dialect): string {
  const hex = Buffer.from(value).toString('hex')
  if (dialect === 'duckdb') return `from_hex('${hex}')`
  return dialect === 'postgres' ? `'\\x${hex}'::bytea` : `x'${hex}'`
}
