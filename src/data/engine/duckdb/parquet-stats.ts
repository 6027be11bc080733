import type { DataType, Schema, Value } from '../../../base/kernel/index.ts'
import type { WrittenFile } from '../../table/index.ts'

type Stats = NonNullable<WrittenFile['stats']>

/** The statistics that `COPY … (RETURN_STATS)` gives as text, typed as the columns are. Nested columns have none. */
export function fileStats(columns: ReadonlyMap<string, ReadonlyMap<string, string>>, schema: Schema): Stats {
  const stats: Stats = { min: {}, max: {}, nulls: {} }
  for (const { name, type } of schema.fields) {
    const given = columns.get(`"${name.replaceAll('"', '""')}"`)
    if (!given) continue
    const nulls = given.get('null_count')
    if (nulls !== undefined) stats.nulls[name] = Number(nulls)
    // A bound that leaves NaN out would hide rows from a reader that orders NaN last, as Spark does.
    if (given.get('has_nan') === 'true') continue
    const [min, max] = [bound(given.get('min'), type), bound(given.get('max'), type)]
    if (min !== undefined) stats.min[name] = min
    if (max !== undefined) stats.max[name] = max
  }
  return stats
}

function bound(text: string | undefined, type: DataType): Value | undefined {
  if (text === undefined) return undefined
  switch (type.kind) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'ubyte':
    case 'ushort':
    case 'uinteger':
      return Number(text)
    case 'long':
    case 'ulong':
      return BigInt(text)
    case 'double':
      return number(text)
    case 'float':
      // The text is the shortest that names this 32-bit number; as a 64-bit one it could lie inside the bounds.
      return Math.fround(number(text))
    case 'boolean':
      return text === '1' || text === 'true'
    case 'decimal':
    case 'string':
    case 'date':
      return text
    case 'timestamp':
    case 'timestamp_ntz':
      return timestamp(text, type.kind === 'timestamp')
    default:
      return undefined
  }
}

function number(text: string): number {
  return text === 'inf' ? Number.POSITIVE_INFINITY : text === '-inf' ? Number.NEGATIVE_INFINITY : Number(text)
}

/** `2024-01-01 00:00:00.5+00` as `2024-01-01T00:00:00.500000Z`; DuckDB writes instants in the session's zone, which is UTC. */
function timestamp(text: string, instant: boolean): string | undefined {
  const parts = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:\+00)?$/.exec(text)
  return parts ? `${parts[1]}T${parts[2]}.${(parts[3] ?? '').padEnd(6, '0')}${instant ? 'Z' : ''}` : undefined
}
