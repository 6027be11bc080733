import type { DataType } from '../../../base/kernel/index.ts'

const WHOLE = ['byte', 'short', 'integer', 'long'] as const
const DIGITS: Readonly<Record<string, number>> = { byte: 3, short: 5, integer: 10, long: 19 }

/** A whole number or decimal as a decimal; undefined for other types. */
export function asDecimal(type: DataType): { readonly precision: number; readonly scale: number } | undefined {
  if (type.kind === 'decimal') return type
  const digits = DIGITS[type.kind]
  return digits === undefined ? undefined : { precision: digits, scale: 0 }
}

/**
 * The type that values of both have when they stand in one column or are compared, as DuckDB chooses it; undefined
 * where nothing is known for sure.
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
    return { kind: 'decimal', precision: Math.min(38, before + scale), scale }
  }
  const floating = (type: DataType) => type.kind === 'float' || type.kind === 'double'
  if (!((floating(a) || one) && (floating(b) || two))) return undefined
  return { kind: a.kind === 'double' || b.kind === 'double' ? 'double' : 'float' }
}

const MOMENTS = ['date', 'timestamp_ntz', 'timestamp'] as const

function commonMoment(a: DataType, b: DataType): DataType | undefined {
  const ranks = [MOMENTS.indexOf(a.kind as 'date'), MOMENTS.indexOf(b.kind as 'date')]
  return Math.min(...ranks) < 0 ? undefined : { kind: MOMENTS[Math.max(...ranks)] ?? 'timestamp' }
}
