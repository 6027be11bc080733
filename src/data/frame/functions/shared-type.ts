import type { DataType } from '../../../base/kernel/index.ts'

const WHOLE = ['byte', 'short', 'integer', 'long'] as const
const DIGITS: Readonly<Record<string, number>> = { byte: 3, short: 5, integer: 10, long: 20 }

/** A whole number or decimal as a decimal; undefined for other types. */
export function asDecimal(type: DataType): { readonly precision: number; readonly scale: number } | undefined {
  if (type.kind === 'decimal') return type
  const digits = DIGITS[type.kind]
  return digits === undefined ? undefined : { precision: digits, scale: 0 }
}

/**
 * A decimal of as many digits as a computation gives; beyond 38 digits behind the point are given up, down to 6
 * (Spark's `DecimalType.adjustPrecisionScale`, after SQL Server).
 */
export function boundedDecimal(precision: number, scale: number): DataType {
  if (precision <= 38) return { kind: 'decimal', precision, scale }
  const before = precision - scale
  return { kind: 'decimal', precision: 38, scale: Math.max(38 - before, Math.min(scale, 6)) }
}

const OF_TEXT: Readonly<Record<string, DataType>> = {
  byte: { kind: 'long' },
  short: { kind: 'long' },
  integer: { kind: 'long' },
  long: { kind: 'long' },
  float: { kind: 'double' },
  double: { kind: 'double' },
  decimal: { kind: 'double' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp' },
  timestamp_ntz: { kind: 'timestamp_ntz' },
  boolean: { kind: 'boolean' },
  binary: { kind: 'binary' },
}

/**
 * The type that values of both have when they stand in one column or are compared, by Spark's rules in ANSI mode (its
 * reference, "ANSI Compliance", type promotion): text becomes what it meets; undefined where nothing is known for sure.
 */
export function commonType(a: DataType | undefined, b: DataType | undefined): DataType | undefined {
  if (a === undefined || b === undefined) return undefined
  if (a.kind === 'null') return b
  if (b.kind === 'null') return a
  if (a.kind === 'array' && b.kind === 'array') {
    const element = commonType(a.element, b.element)
    return element && { kind: 'array', element, containsNull: a.containsNull || b.containsNull }
  }
  if (a.kind === 'struct' || b.kind === 'struct' || a.kind === 'map' || b.kind === 'map') {
    return JSON.stringify(a) === JSON.stringify(b) ? a : undefined
  }
  if (a.kind === b.kind && a.kind !== 'decimal') return a
  if (a.kind === 'string' || b.kind === 'string') return OF_TEXT[a.kind === 'string' ? b.kind : a.kind]
  return commonNumber(a, b) ?? commonMoment(a, b)
}

/** The common type of all; undefined when one of them is not known, or there are none. */
export function commonOf(types: readonly (DataType | undefined)[]): DataType | undefined {
  return types.reduce<DataType | undefined>(commonType, { kind: 'null' })
}

function commonNumber(a: DataType, b: DataType): DataType | undefined {
  const ranks = [WHOLE.indexOf(a.kind as 'long'), WHOLE.indexOf(b.kind as 'long')]
  if (Math.min(...ranks) >= 0) return { kind: WHOLE[Math.max(...ranks)] ?? 'long' }
  const one = asDecimal(a)
  const two = asDecimal(b)
  if (one && two) {
    const scale = Math.max(one.scale, two.scale)
    const before = Math.max(one.precision - one.scale, two.precision - two.scale)
    return boundedDecimal(before + scale, scale)
  }
  const floating = (type: DataType) => type.kind === 'float' || type.kind === 'double'
  if (!((floating(a) || one) && (floating(b) || two))) return undefined
  // A float holds whole numbers up to 16,777,216 only.
  return { kind: 'double' }
}

const MOMENTS = ['date', 'timestamp_ntz', 'timestamp'] as const

function commonMoment(a: DataType, b: DataType): DataType | undefined {
  const ranks = [MOMENTS.indexOf(a.kind as 'date'), MOMENTS.indexOf(b.kind as 'date')]
  return Math.min(...ranks) < 0 ? undefined : { kind: MOMENTS[Math.max(...ranks)] ?? 'timestamp' }
}
