import {
  type DataType,
  formatType,
  MillraceError,
  type Schema,
  sqlTypeName,
  unknownName,
} from '../../base/kernel/index.ts'
import { id, join, literal, type Sql, sql, trusted } from '../../base/sql/index.ts'
import type { CursorRange } from './database.ts'

/** The servers that rows are read from. */
export type ServerDialect = 'postgres' | 'mariadb'

const KINDS = new Set([
  'byte',
  'short',
  'integer',
  'long',
  'ubyte',
  'ushort',
  'uinteger',
  'ulong',
  'decimal',
  'float',
  'double',
  'string',
  'uuid',
  'date',
  'timestamp',
  'timestamp_ntz',
])

/**
 * The type of a cursor column.
 * @throws MillraceError INGEST_CURSOR_MISSING, and TYPE_UNSUPPORTED for types that have no order that both the server
 *   and the engine keep
 */
export function cursorType(columns: Schema, column: string): DataType {
  const field = columns.fields.find(({ name }) => name === column)
  if (!field) {
    const names = columns.fields.map(({ name }) => name)
    throw unknownName('INGEST_CURSOR_MISSING', 'cursor column', column, names)
  }
  if (KINDS.has(field.type.kind)) return field.type
  throw new MillraceError('TYPE_UNSUPPORTED', `using "${column}" (${formatType(field.type)}) as a cursor`, {
    hint: 'A cursor is a number, a text, a uuid, a date or a timestamp.',
  })
}

/** The `where` and `order by` of a range of a cursor, in a server's words. */
export function cursorClause({ column, rows }: CursorRange, columns: Schema, dialect: ServerDialect): Sql {
  const type = cursorType(columns, column)
  const of = ordered(column, type, dialect)
  const bound = (text: string) => boundOf(text, type, dialect)
  switch (rows.kind) {
    case 'nulls':
      return sql` where ${id(column)} is null`
    case 'window':
      return rows.from === undefined
        ? sql` where ${of} <= ${bound(rows.to)}`
        : sql` where ${of} >= ${bound(rows.from)} and ${of} <= ${bound(rows.to)}`
    case 'after': {
      const where = rows.after === undefined ? sql`${id(column)} is not null` : sql`${of} > ${bound(rows.after)}`
      if (!rows.thenBy) return sql` where ${where}`
      return sql` where ${where} order by ${join([of, ...rows.thenBy.map((name) => id(name))])}`
    }
  }
}

/** Text in the order of its UTF-8 bytes, as the engine has it, and not in that of a language. */
function ordered(column: string, type: DataType, dialect: ServerDialect): Sql {
  if (type.kind !== 'string') return id(column)
  if (dialect === 'postgres') return sql`cast(${id(column)} as text) collate "C"`
  return sql`cast(convert(${id(column)} using utf8mb4) as binary)`
}

function boundOf(text: string, type: DataType, dialect: ServerDialect): Sql {
  if (dialect === 'mariadb') return mariadbBound(text, type)
  if (type.kind === 'string') return literal(text)
  return sql`cast(${literal(text)} as ${trusted(sqlTypeName(type, 'postgres'))})`
}

function mariadbBound(text: string, type: DataType): Sql {
  switch (type.kind) {
    case 'date':
    case 'uuid':
      return literal(text)
    case 'string':
      return sql`cast(${literal(text)} as binary)`
    case 'timestamp':
    case 'timestamp_ntz':
      // The session is in UTC. A literal of its own type, so that an index of the column is used.
      return sql`timestamp ${literal(text.replace(/(\+00(:?00)?|Z)$/, '').replace('T', ' '))}`
    default:
      if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) {
        throw new MillraceError('INTERNAL', `"${text}" is no bound of a ${type.kind}`)
      }
      return trusted(text)
  }
}
