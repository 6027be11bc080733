import { PythonError } from './python-error.ts'

/**
 * A Python float whose value is a whole number: JavaScript cannot tell `1.0` from `1`. The representation of numbers
 * is canonical: a whole JavaScript `number` is an int, any other `number` (`1.5`, `NaN`, `Infinity`) a float, a whole
 * float is a `Float`, an int beyond ±2^53 a `bigint`. `float` and `int` make them so.
 */
export class Float {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  valueOf(): number {
    return this.value
  }

  toString(): string {
    return floatText(this.value)
  }
}

/** The float of that value in canonical form. */
export function float(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value
}

/** The int of that value in canonical form. */
export function int(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value
}

/** The int that a whole `number` of any size stands for. */
export function intOf(value: number): number | bigint {
  if (Number.isSafeInteger(value)) return value + 0
  if (Number.isNaN(value)) throw new PythonError('ValueError', 'cannot convert float NaN to integer')
  if (!Number.isFinite(value)) throw new PythonError('OverflowError', 'cannot convert float infinity to integer')
  return int(BigInt(value))
}

export function isFloat(value: unknown): value is number | Float {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))
}

/** Whether it is a Python int; booleans, which Python counts among them, are not. */
export function isInt(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))
}

/** The JavaScript number of any Python number (booleans count), or `undefined` for other values. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Float) return value.value
  if (typeof value === 'bigint') return Number(value)
  return undefined
}

/** An int argument as a JavaScript number, such as an index or a width. */
export function indexOf(value: unknown, what = 'an integer'): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (isInt(value)) return Number(value)
  throw new PythonError('TypeError', `${what} is required`)
}

/** `repr` of a float: shortest digits, exponent from 1e16 and below 1e-4, as Python prints it. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (exponent >= 16 || exponent < -4) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  if (exponent < 0) {
    const digits = mantissa.replace('-', '').replace('.', '')
    return `${value < 0 ? '-' : ''}0.${'0'.repeat(-exponent - 1)}${digits}`
  }
  const sign = value < 0 ? '-' : ''
  const digits = mantissa
    .replace('-', '')
    .replace('.', '')
    .padEnd(exponent + 1, '0')
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1) || '0'}`
}
