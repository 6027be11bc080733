import type { DataType, Field, Schema, Value } from '../../../base/kernel/index.ts'
import { memberPath } from '../parquet-port.ts'

/** What is known of a file's rows before it is opened, by columns and members of structs (`memberPath`); those that it says nothing of are absent. */
export interface FileStats {
  readonly rows: number
  readonly min: Readonly<Record<string, Value>>
  readonly max: Readonly<Record<string, Value>>
  readonly nulls: Readonly<Record<string, number>>
}

/** Longest text kept in statistics, in characters, as in other writers. */
const MOST_CHARACTERS = 32

/**
 * Statistics in Delta's JSON form (Delta protocol, "Per-file Statistics"). Longs and decimals keep all digits;
 * text is cut to 32 characters (a cut maximum is rounded up); what JSON cannot hold is left out.
 * @param indexed the columns and members that get statistics, by their `memberPath`; all by default
 */
export function formatStats(
  stats: FileStats,
  schema: Schema,
  partitionBy: readonly string[] = [],
  indexed?: ReadonlySet<string>,
): string {
  const fields = schema.fields.filter(({ name }) => !partitionBy.includes(name))
  const members = (of: (key: string, type: DataType) => string | undefined) =>
    nested(fields, [], (key, type) => (!indexed || indexed.has(key) ? of(key, type) : undefined))
  return object([
    ['numRecords', String(stats.rows)],
    ['minValues', members((key, type) => bound(stats.min[key], type, false)) ?? '{}'],
    ['maxValues', members((key, type) => bound(stats.max[key], type, true)) ?? '{}'],
    ['nullCount', members((key) => stats.nulls[key]?.toString()) ?? '{}'],
  ])
}

/** What is known of columns, of the members of structs within the struct; undefined when it is nothing. */
function nested(
  fields: readonly Field[],
  above: readonly string[],
  of: (key: string, type: DataType) => string | undefined,
): string | undefined {
  const known = fields.flatMap(({ name, type }) => {
    const path = [...above, name]
    const text = type.kind === 'struct' ? nested(type.fields, path, of) : of(memberPath(path), type)
    return text === undefined ? [] : [[name, text] as const]
  })
  return known.length === 0 ? undefined : object(known)
}

function object(members: readonly (readonly [name: string, json: string])[]): string {
  return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
}

function bound(value: Value | undefined, type: DataType, isMax: boolean): string | undefined {
  if (value === null || value === undefined) return undefined
  switch (type.kind) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'decimal':
      return /^-?\d+(\.\d+)?$/.test(String(value)) ? String(value) : undefined
    case 'float':
    case 'double':
      return Number.isFinite(Number(value)) ? JSON.stringify(Number(value)) : undefined
    case 'string':
      return typeof value === 'string' ? cutText(value, isMax) : undefined
    case 'date':
      return JSON.stringify(String(value))
    case 'timestamp':
    case 'timestamp_ntz': {
      const [date, time = '00:00:00'] = String(value)
        .replace(/(Z|[+-]00(:?00)?)$/, '')
        .split(/[ T]/)
      const zone = type.kind === 'timestamp' ? 'Z' : ''
      return JSON.stringify(`${date}T${time}${time.includes('.') ? '' : '.000'}${zone}`)
    }
    default:
      return undefined
  }
}

function cutText(text: string, isMax: boolean): string | undefined {
  const characters = [...text]
  if (characters.length <= MOST_CHARACTERS) return JSON.stringify(text)
  const cut = characters.slice(0, MOST_CHARACTERS).join('')
  if (!isMax) return JSON.stringify(cut)
  // A character above every other, so that the cut text is no smaller than the whole one.
  return characters[MOST_CHARACTERS] === '\u{10FFFF}' ? undefined : JSON.stringify(`${cut}\u{10FFFF}`)
}

/** Of so many files at most the statistics are looked at when rows are estimated. */
const SAMPLED = 64

/**
 * About how many rows files hold, by the statistics of some of them and the sizes of all; undefined where the former
 * say nothing. Deleted rows count.
 */
export function estimatedRows(
  files: readonly { readonly size: number; readonly stats?: string }[],
): number | undefined {
  const step = Math.ceil(files.length / SAMPLED)
  let [rows, bytes, all] = [0, 0, 0]
  for (const [at, { size, stats }] of files.entries()) {
    all += size
    const records = at % step === 0 ? /"numRecords"\s*:\s*(\d+)/.exec(stats ?? '')?.[1] : undefined
    if (records === undefined) continue
    rows += Number(records)
    bytes += size
  }
  return bytes > 0 ? Math.round((rows / bytes) * all) : undefined
}

/** The statistics of an add action; undefined when it has none that can be read. Longs and decimals come exact. */
export function parseStats(stats: string | undefined, schema: Schema): FileStats | undefined {
  if (stats === undefined) return undefined
  try {
    return statsOf(JSON.parse(stats, exactNumber as (key: string, value: unknown) => unknown), schema)
  } catch {
    // Statistics only ever save work: damaged ones are as good as none.
    return undefined
  }
}

function statsOf(json: Record<string, unknown>, schema: Schema): FileStats | undefined {
  if (json?.numRecords === undefined) return undefined
  const typed = (values: unknown) => {
    const known: Record<string, Value> = {}
    for (const { name, type } of schema.fields) {
      const value = (values as Record<string, unknown> | undefined)?.[name]
      if (value !== undefined && value !== null && typeof value !== 'object') known[name] = typedValue(value, type)
    }
    return known
  }
  const nulls: Record<string, number> = {}
  for (const [name, count] of Object.entries(json.nullCount ?? {})) {
    if (typeof count !== 'object') nulls[name] = Number(count)
  }
  return { rows: Number(json.numRecords), min: typed(json.minValues), max: typed(json.maxValues), nulls }
}

/** Keeps numbers as they are written, since `JSON.parse` alone would round long ones. */
function exactNumber(_key: string, value: unknown, context: { source?: string }): unknown {
  return typeof value === 'number' && context.source !== undefined ? context.source : value
}

function typedValue(value: unknown, type: DataType): Value {
  switch (type.kind) {
    case 'long':
      return BigInt(String(value))
    case 'byte':
    case 'short':
    case 'integer':
    case 'float':
    case 'double':
      return Number(value)
    default:
      return typeof value === 'boolean' ? value : String(value)
  }
}
