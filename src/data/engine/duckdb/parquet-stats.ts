import type { DataType, Field, Schema, Value } from '../../../base/kernel/index.ts'
import { memberPath, type WrittenFile } from '../../table/index.ts'

type Stats = NonNullable<WrittenFile['stats']>

/** The statistics that `COPY … (RETURN_STATS)` gives as text, typed as the columns and members of structs are. */
export function fileStats(columns: ReadonlyMap<string, ReadonlyMap<string, string>>, schema: Schema): Stats {
  const stats: Stats = { min: {}, max: {}, nulls: {} }
  addStats(stats, columns, schema.fields, [])
  return stats
}

function addStats(
  stats: Stats,
  columns: ReadonlyMap<string, ReadonlyMap<string, string>>,
  fields: readonly Field[],
  above: readonly string[],
): void {
  for (const { name, type } of fields) {
    const path = [...above, name]
    if (type.kind === 'struct') {
      addStats(stats, columns, type.fields, path)
      continue
    }
    const given = columns.get(path.map((one) => `"${one.replaceAll('"', '""')}"`).join('.'))
    if (!given) continue
    const key = memberPath(path)
    const nulls = given.get('null_count')
    if (nulls !== undefined) stats.nulls[key] = Number(nulls)
    // A bound that leaves NaN out would hide rows from a reader that orders NaN last, as Spark does.
    if (given.get('has_nan') === 'true') continue
    const [min, max] = [bound(given.get('min'), type), bound(given.get('max'), type)]
    if (min !== undefined) stats.min[key] = min
    if (max !== undefined) stats.max[key] = max
  }
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
