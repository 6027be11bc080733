import { MillraceError } from '../kernel/index.ts'
import type { Dialect } from './render.ts'
import type { SqlValue } from './sql.ts'

const SMALLEST_LONG = -(2n ** 63n)

/** A name in the quotes of its dialect. */
export function quoteId(name: string, dialect: Dialect): string {
  return dialect === 'spark' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
}

/** A value as a literal that means the same as the bound value does. */
export function quoteValue(value: SqlValue, dialect: Dialect): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'boolean':
      return dialect === 'sqlite' ? (value ? '1' : '0') : value ? 'true' : 'false'
    case 'bigint':
      // PostgreSQL reads the digits before the sign, and those of the smallest bigint are too large for one.
      if (dialect === 'postgres' && value === SMALLEST_LONG) return `cast('${value}' as bigint)`
      // In parentheses: `1 -${-1n}` would begin a comment.
      return value < 0n ? `(${value})` : `${value}`
    case 'number':
      return numberText(value, dialect)
    case 'string':
      return stringText(value, dialect)
    default:
      return value instanceof Date ? instantText(value, dialect) : bytesText(value, dialect)
  }
}

function numberText(value: number, dialect: Dialect): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value < 0 ? `(${value})` : `${value}`
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
    if (dialect !== 'sqlite') return `cast('${name}' as ${dialect === 'postgres' ? 'double precision' : 'double'})`
    throw new MillraceError('SQL_VALUE_UNSUPPORTED', `writing ${name} in SQLite, which has no such number`)
  }
  // With an exponent it is a double; without one DuckDB and Spark would read a decimal.
  const text = Object.is(value, -0) ? '-0e+0' : value.toExponential()
  return dialect === 'postgres'
    ? `cast('${text}' as double precision)`
    : value < 0 || Object.is(value, -0)
      ? `(${text})`
      : text
}

function stringText(value: string, dialect: Dialect): string {
  if (dialect === 'spark') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const quoted = (piece: string) => `'${piece.replaceAll("'", "''")}'`
  if (!value.includes('\0')) return quoted(value)
  if (dialect === 'postgres') {
    throw new MillraceError('SQL_VALUE_UNSUPPORTED', 'writing a text with U+0000 in PostgreSQL, which cannot store it')
  }
  const zero = dialect === 'sqlite' ? 'char(0)' : 'chr(0)'
  return `(${value.split('\0').map(quoted).join(` || ${zero} || `)})`
}

function instantText(value: Date, dialect: Dialect): string {
  const text = value.toISOString()
  if (dialect === 'sqlite') return `'${text}'`
  // Years of more than four digits are `+012345-…` in JavaScript; no engine reads the sign.
  return `cast('${text.replace(/^\+/, '')}' as ${dialect === 'spark' ? 'timestamp' : 'timestamptz'})`
}

function bytesText(value: Uint8Array, dialect: Dialect): string {
  const hex = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
  switch (dialect) {
    case 'duckdb':
      return `unhex('${hex}')`
    case 'postgres':
      return `cast('\\x${hex}' as bytea)`
    default:
      return `X'${hex}'`
  }
}
