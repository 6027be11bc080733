import { type DataType, MillraceError, type Value } from '../../../base/kernel/index.ts'
import { arrayItems } from './array-text.ts'

/**
 * The value of a text that PostgreSQL wrote (session settings of base/postgres, intervals in PostgreSQL's style).
 * @throws MillraceError ENGINE_UNSUPPORTED for an array of several dimensions
 */
export function postgresValue(text: string, type: DataType): Value {
  switch (type.kind) {
    case 'boolean':
      return text === 't' || text === 'true'
    case 'short':
    case 'integer':
    case 'double':
      return Number(text)
    case 'float':
      return Math.fround(Number(text))
    case 'long':
      return BigInt(text)
    case 'binary':
      return Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
    case 'date':
      return text.replace(' BC', ' (BC)')
    case 'time':
      return text.includes('.') ? text.padEnd(15, '0') : `${text}.000000`
    case 'timestamp':
    case 'timestamp_ntz':
      return instant(text, type.kind === 'timestamp')
    case 'interval':
      return intervalText(text)
    case 'array':
      return arrayItems(text).map((item) => (item === null ? null : postgresValue(item, type.element)))
    case 'string':
    case 'json':
    case 'uuid':
    case 'decimal':
      return text
    default:
      throw new MillraceError('INTERNAL', `PostgreSQL has no values of the type ${type.kind}`)
  }
}

/** `2024-01-31 13:05:00.25+00` as `2024-01-31T13:05:00.250000Z`. */
function instant(text: string, zoned: boolean): string {
  const parts = /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[+-][\d:]+)?( BC)?$/.exec(text)
  if (!parts) return text
  const [, day, time, fraction = '', era] = parts
  return `${day}${era ? ' (BC) ' : 'T'}${time}.${fraction.padEnd(6, '0')}${zoned ? 'Z' : ''}`
}

/** PostgreSQL's `1 year 2 mons -1 days +02:03:04` in DuckDB's words: `1 year 2 months -1 day 02:03:04`. */
export function intervalText(text: string): string {
  return text
    .replaceAll('+', '')
    .replace(/\bmon(s?)\b/, 'month$1')
    .replace(/(-1 (?:year|month|day))s/g, '$1')
}
