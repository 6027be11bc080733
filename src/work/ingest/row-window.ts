import type { Schema } from '../../base/kernel/index.ts'
import { type DataType, MillraceError, milliseconds } from '../../base/kernel/index.ts'
import { sql, trusted } from '../../base/sql/index.ts'
import { cursorType, type DatabaseTable } from '../../data/connect/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'

const TEMPORAL = new Set(['date', 'timestamp', 'timestamp_ntz'])
const WHOLE = new Set(['byte', 'short', 'integer', 'long', 'ubyte', 'ushort', 'uinteger', 'ulong'])

/**
 * Where the look-back window of a cursor begins, as text; the mark itself without a `lookback`.
 * @throws MillraceError SOURCE_INVALID when the look-back does not suit the column's type
 */
export async function windowStart(
  connection: EngineConnection,
  table: DatabaseTable,
  columns: Schema,
  mark: string,
): Promise<string> {
  const { lookback, cursor } = table
  if (lookback === undefined || cursor === undefined) return mark
  const start = startOf(cursorType(columns, cursor), lookback, mark, table)
  const [found] = await connection.rows<{ start: string | null }>(sql`select cast(${start} as varchar) as start`)
  return found?.start ?? mark
}

function startOf(type: DataType, lookback: string | number, mark: string, table: DatabaseTable) {
  if (TEMPORAL.has(type.kind)) {
    const name = trusted({ date: 'date', timestamp: 'timestamptz', timestamp_ntz: 'timestamp' }[type.kind as 'date'])
    if (typeof lookback === 'number') throw unsuited(table, type, 'a duration, such as "1 hour"')
    return sql`cast(cast(${mark} as ${name}) - to_milliseconds(${milliseconds(lookback)}) as ${name})`
  }
  const amount = Number(lookback)
  if (Number.isNaN(amount)) throw unsuited(table, type, 'a number')
  if (WHOLE.has(type.kind)) {
    // Not below what the type holds: the server would refuse such a bound.
    return sql`greatest(cast(${mark} as hugeint) - ${BigInt(Math.ceil(amount))}, ${lowest(type.kind)})`
  }
  if (type.kind === 'decimal') {
    return sql`cast(${mark} as decimal(38, ${trusted(String(type.scale))})) - cast(${String(amount)} as decimal(38, ${trusted(String(type.scale))}))`
  }
  if (type.kind === 'float' || type.kind === 'double') return sql`cast(${mark} as double) - ${amount}`
  throw unsuited(table, type, 'left out: the column is neither a number nor a time')
}

function lowest(kind: string): bigint {
  if (kind.startsWith('u')) return 0n
  return -(2n ** ({ byte: 7n, short: 15n, integer: 31n }[kind] ?? 63n))
}

function unsuited(table: DatabaseTable, type: DataType, wanted: string): MillraceError {
  return new MillraceError(
    'SOURCE_INVALID',
    `loading ${table.name}: the lookback "${table.lookback}" does not suit the cursor "${table.cursor}" (${type.kind})`,
    { at: { ...table.at, path: `${table.at.path ?? ''}.lookback` }, hint: `It has to be ${wanted}.` },
  )
}
