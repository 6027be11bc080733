import type { DataType, Json, Value } from '../../base/kernel/index.ts'
import { type Sql, sql } from '../../base/sql/index.ts'
import type { Column } from './expectation.ts'

/** Types that compare with each other. */
export type Family = 'number' | 'text' | 'boolean' | 'moment' | 'other'

const INTEGERS = ['byte', 'short', 'integer', 'long', 'hugeint', 'ubyte', 'ushort', 'uinteger', 'ulong']

/** The family of a type; `date`, `timestamp` and `timestamp_ntz` are moments. */
export function familyOf({ kind }: DataType): Family {
  if (INTEGERS.includes(kind) || kind === 'float' || kind === 'double' || kind === 'decimal') return 'number'
  if (kind === 'string' || kind === 'uuid' || kind === 'json' || kind === 'time') return 'text'
  if (kind === 'date' || kind === 'timestamp' || kind === 'timestamp_ntz') return 'moment'
  return kind === 'boolean' ? 'boolean' : 'other'
}

/** Whether a type holds whole numbers only. */
export function isInteger({ kind }: DataType): boolean {
  return INTEGERS.includes(kind)
}

const MOMENT = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/
const OFFSET = /\d[ T].*(?:Z|[+-]\d{2}(?::?\d{2})?)$/
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** Whether a value of a suite is a day or a moment in ISO 8601. */
export function isMoment(value: Json): value is string {
  return typeof value === 'string' && MOMENT.test(value)
}

/** A suite's value as an operand beside `column`; undefined when no value of the column can equal it. */
export function comparable(column: Column, value: Json): Sql | undefined {
  switch (familyOf(column.type)) {
    case 'number':
      if (typeof value === 'boolean') return sql`${value ? 1n : 0n}`
      if (typeof value === 'number') return Number.isSafeInteger(value) ? sql`${BigInt(value)}` : sql`${value}`
      return typeof value === 'string' && NUMBER.test(value.trim())
        ? sql`cast(${value.trim()} as double precision)`
        : undefined
    case 'text':
      return typeof value === 'string' ? sql`${value}` : undefined
    case 'boolean':
      if (value === 0 || value === 1) return sql`${value === 1}`
      return typeof value === 'boolean' ? sql`${value}` : undefined
    case 'moment':
      if (!isMoment(value)) return undefined
      if (column.type.kind === 'timestamp') return sql`cast(${value} as timestamptz)`
      // An offset is applied here: PostgreSQL's timestamp would leave it out of account.
      return sql`cast(${OFFSET.test(value) ? sortableMoment(value) : value} as timestamp)`
    case 'other':
      return undefined
  }
}

/** The column in the form that `comparable` operands compare with. */
export function operand(column: Column): Sql {
  const { kind } = column.type
  return kind === 'uuid' || kind === 'json' || kind === 'time' ? sql`cast(${column.sql} as varchar)` : column.sql
}

/**
 * A value as a suite's JSON would write it: whole numbers beyond 2^53 stay text, decimals become numbers,
 * moments lose empty fractions (`2024-01-08T11:15:00`), infinities are text because JSON has none.
 */
export function toJson(value: Value | undefined, type?: DataType): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'string') {
    const numeric = type?.kind === 'decimal' || type?.kind === 'hugeint'
    if (numeric && Number(value) <= Number.MAX_SAFE_INTEGER && Number(value) >= Number.MIN_SAFE_INTEGER) {
      return Number(value)
    }
    return type && familyOf(type) === 'moment' ? value.replace(/\.0+(?=$|Z)/, '') : value
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map((item) => toJson(item))
  if (value instanceof Map) return [...value].map(([key, item]) => [toJson(key), toJson(item)])
  return typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]))
    : value
}

/** A whole or fractional number out of an aggregate; undefined when there was nothing to aggregate. */
export function toNumber(value: Value | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value)
}

/** A moment as text that sorts by time (UTC, microseconds), whatever precision it was written with. */
export function sortableMoment(text: string): string {
  const [, hours, minutes = '00'] = /([+-]\d{2})(?::?(\d{2}))?$/.exec(text.slice(10)) ?? []
  const zoned = text.replace(/[+-]\d{2}(?::?\d{2})?$/, `${hours}:${minutes}`)
  const plain = (hours === undefined ? text : new Date(zoned).toISOString()).trim().replace('T', ' ').replace('Z', '')
  const [day = '', clock = ''] = plain.split(' ')
  const [whole = '', fraction = ''] = clock.split('.')
  return `${day} ${whole}${'00:00:00'.slice(whole.length)}.${fraction.padEnd(6, '0')}`
}
