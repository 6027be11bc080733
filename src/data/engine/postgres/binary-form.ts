import type { DataType } from '../../../base/kernel/index.ts'
import { arrayItems } from './array-text.ts'

/** 2000-01-01, in days since 0000-03-01. */
const EPOCH_DAY = 730_425
const DAY_MICROS = 86_400_000_000n

/**
 * A value of PostgreSQL's text form in its binary form (documentation, 55.2 and the send functions of each type), for
 * what comes as text: the items of arrays, and results that cannot be copied. What `copyBinary` has sent as text stays text.
 */
export function binaryForm(text: string, type: DataType): Buffer {
  switch (type.kind) {
    case 'boolean':
      return Buffer.of(text === 't' || text === 'true' ? 1 : 0)
    case 'short':
      return written(2, (bytes) => bytes.writeInt16BE(Number(text)))
    case 'integer':
      return written(4, (bytes) => bytes.writeInt32BE(Number(text)))
    case 'long':
      return written(8, (bytes) => bytes.writeBigInt64BE(BigInt(text)))
    case 'float':
      return written(4, (bytes) => bytes.writeFloatBE(Number(text)))
    case 'double':
      return written(8, (bytes) => bytes.writeDoubleBE(Number(text)))
    case 'binary':
      return Buffer.from(text.slice(2), 'hex')
    case 'date':
      return written(4, (bytes) => bytes.writeInt32BE(infinite(text) ?? daysOf(text)))
    case 'time':
      return written(8, (bytes) => bytes.writeBigInt64BE(microsOf(text)))
    case 'timestamp':
    case 'timestamp_ntz':
      return written(8, (bytes) => bytes.writeBigInt64BE(instantOf(text)))
    case 'array':
      return Buffer.from(JSON.stringify(arrayItems(text)))
    default:
      return Buffer.from(text)
  }
}

function written(size: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(size)
  write(bytes)
  return bytes
}

function infinite(text: string): number | undefined {
  return text === 'infinity' ? 2_147_483_647 : text === '-infinity' ? -2_147_483_648 : undefined
}

/** Days since 2000-01-01 (Howard Hinnant's `days_from_civil`); years before 1 are written with BC. */
function daysOf(text: string): number {
  const [, written = '', month = '', day = ''] = /^(\d+)-(\d\d)-(\d\d)/.exec(text) ?? []
  const named = text.endsWith('BC') ? 1 - Number(written) : Number(written)
  const year = Number(month) <= 2 ? named - 1 : named
  const era = Math.floor(year / 400)
  const yearOfEra = year - era * 400
  const dayOfYear = Math.floor((153 * ((Number(month) + 9) % 12) + 2) / 5) + Number(day) - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - EPOCH_DAY
}

function microsOf(text: string): bigint {
  const [, hours = '', minutes = '', seconds = '', fraction = ''] = /(\d\d):(\d\d):(\d\d)(?:\.(\d+))?/.exec(text) ?? []
  const whole = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
  return whole * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

function instantOf(text: string): bigint {
  if (text === 'infinity') return 9_223_372_036_854_775_807n
  if (text === '-infinity') return -9_223_372_036_854_775_808n
  return BigInt(daysOf(text)) * DAY_MICROS + microsOf(text)
}
