import { isSetLike } from './compare.ts'
import { DictView, PythonSet } from './dict.ts'
import { type Float, float, int, intOf, isFloat, isInt, numberOf } from './float.ts'
import { formatPercent } from './format-percent.ts'
import { isText, like, Markup } from './markup.ts'
import { markupOperate } from './markup-methods.ts'
import { OPERATE, protocolOf } from './protocol.ts'
import { PythonError, typeError } from './python-error.ts'
import { Tuple } from './sequence.ts'
import { typeName } from './text.ts'
import { isIterable, iterable } from './truth.ts'
import { Undefined } from './undefined.ts'

export type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**'

/** Python's binary operators. @throws PythonError `TypeError`, `ZeroDivisionError`, or `UndefinedError`. */
export function operate(operator: Operator, left: unknown, right: unknown): unknown {
  if (typeof left === 'number' && typeof right === 'number' && Number.isInteger(left) && Number.isInteger(right)) {
    const quick =
      operator === '+' ? left + right : operator === '-' ? left - right : operator === '*' ? left * right : 0.5
    if (Number.isSafeInteger(quick)) return quick + 0
  }
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') return left + right
    if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right]
    if (left instanceof Tuple && right instanceof Tuple) return new Tuple([...left.items, ...right.items])
  }
  if (operator === '%' && typeof left === 'string') return formatPercent(left, right)
  if (operator === '%' && left instanceof Markup) return markupOperate(operator, left, right)
  if (left instanceof Undefined) throw left.error()
  if (right instanceof Undefined) throw right.error()
  if (left instanceof Markup || right instanceof Markup) {
    const marked = markupOperate(operator, left, right)
    if (marked) return marked
  }
  if (operator === '*') {
    const repeated = repeat(left, right) ?? repeat(right, left)
    if (repeated !== undefined) return repeated
  }
  if (operator === '-' && isSetLike(left) && (left instanceof DictView ? isIterable(right) : isSetLike(right))) {
    const gone = new PythonSet(iterable(right))
    return new PythonSet([...left].filter((value) => !gone.members.has(value)))
  }
  const a = numberOf(left)
  const b = numberOf(right)
  if (a !== undefined && b !== undefined) {
    if (isFloat(left) || isFloat(right)) return floats(operator, a, b)
    return ints(operator, bigOf(left), bigOf(right))
  }
  const own =
    protocolOf(left)?.[OPERATE]?.(operator, right, false) ?? protocolOf(right)?.[OPERATE]?.(operator, left, true)
  if (own !== undefined) return own
  if (operator === '+' && typeof left === 'string') {
    throw typeError(`can only concatenate str (not "${typeName(right)}") to str`)
  }
  const shown = operator === '**' ? '** or pow()' : operator
  throw typeError(`unsupported operand type(s) for ${shown}: '${typeName(left)}' and '${typeName(right)}'`)
}

/** The remainder with the sign of the divisor, as Python has it. */
function modulo(a: number, b: number): number {
  const remainder = a % b
  if (remainder === 0) return b < 0 ? -0 : 0
  return remainder < 0 !== b < 0 ? remainder + b : remainder
}

/** By way of the exact remainder: `1 // 0.1` is 9.0, although `1 / 0.1` rounds to 10. */
function floorDivide(a: number, b: number): number {
  const whole = (a - modulo(a, b)) / b
  if (whole === 0) return a / b < 0 || Object.is(a / b, -0) ? -0 : 0
  const floor = Math.floor(whole)
  return whole - floor > 0.5 ? floor + 1 : floor
}

function power(a: number, b: number): number | Float {
  const result = a ** b
  if (Number.isNaN(result) && !Number.isNaN(a) && !Number.isNaN(b)) {
    throw new PythonError('ValueError', 'the power would be a complex number, which templates do not have')
  }
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new PythonError('OverflowError', 'Numerical result out of range')
  }
  return float(result)
}

function bigOf(value: unknown): bigint {
  return typeof value === 'bigint' ? value : BigInt(numberOf(value) ?? 0)
}

/** What a repetition may make, in members or characters; Python would run out of memory instead. */
const LONGEST = 2 ** 28

/** In binary digits: beyond, the machine would be busy for seconds. */
const LONGEST_POWER = 2 ** 20

function repeat(sequence: unknown, count: unknown): unknown {
  if (!isText(sequence) && !Array.isArray(sequence) && !(sequence instanceof Tuple)) return undefined
  if (!isInt(count) && typeof count !== 'boolean') return undefined
  const times = Math.max(0, Number(count))
  const size = sequence instanceof Tuple ? sequence.items.length : sequence.length
  if (size * times > LONGEST) throw new PythonError('OverflowError', 'the repeated value would be too long')
  if (size === 0) return Array.isArray(sequence) ? [] : sequence
  if (isText(sequence)) return like(sequence, sequence.repeat(times))
  const items = Array.isArray(sequence) ? sequence : sequence.items
  const all = Array.from({ length: times }, () => items).flat()
  return Array.isArray(sequence) ? all : new Tuple(all)
}

function ints(operator: Operator, a: bigint, b: bigint): unknown {
  switch (operator) {
    case '+':
      return int(a + b)
    case '-':
      return int(a - b)
    case '*':
      return int(a * b)
    case '/':
      if (b === 0n) throw new PythonError('ZeroDivisionError', 'division by zero')
      return float(Number(a) / Number(b))
    case '//':
    case '%': {
      if (b === 0n) throw new PythonError('ZeroDivisionError', 'integer division or modulo by zero')
      const remainder = a % b
      const adjust = remainder !== 0n && remainder < 0n !== b < 0n
      return int(operator === '%' ? (adjust ? remainder + b : remainder) : adjust ? a / b - 1n : a / b)
    }
    case '**':
      if (b < 0n) return floats('**', Number(a), Number(b))
      if (a !== 0n && a !== 1n && a !== -1n && a.toString(2).length * Number(b) > LONGEST_POWER) {
        throw new PythonError('OverflowError', 'the power would be too long')
      }
      return int(a ** b)
  }
}

function floats(operator: Operator, a: number, b: number): number | Float {
  switch (operator) {
    case '+':
      return float(a + b)
    case '-':
      return float(a - b)
    case '*':
      return float(a * b)
    case '/':
      if (b === 0) throw new PythonError('ZeroDivisionError', 'float division by zero')
      return float(a / b)
    case '//':
      if (b === 0) throw new PythonError('ZeroDivisionError', 'float floor division by zero')
      return float(floorDivide(a, b))
    case '%': {
      if (b === 0) throw new PythonError('ZeroDivisionError', 'float modulo')
      return float(modulo(a, b))
    }
    case '**':
      if (a === 0 && b < 0) {
        throw new PythonError('ZeroDivisionError', '0.0 cannot be raised to a negative power')
      }
      return power(a, b)
  }
}

/** Python's unary minus and plus. */
export function negate(value: unknown): unknown {
  return signed(value, '-')
}

export function positive(value: unknown): unknown {
  return signed(value, '+')
}

function signed(value: unknown, sign: '-' | '+'): unknown {
  if (value instanceof Undefined) throw value.error()
  if (typeof value === 'bigint') return sign === '-' ? int(-value) : value
  const number = numberOf(value)
  if (number === undefined) throw typeError(`bad operand type for unary ${sign}: '${typeName(value)}'`)
  const result = sign === '-' ? -number : number
  return isFloat(value) ? float(result) : result + 0
}

/** Python's `round`: half to even; an int stays an int, a float with a number of digits stays a float. */
export function round(value: unknown, digits: number): unknown {
  const number = numberOf(value)
  if (number === undefined) throw typeError(`type ${typeName(value)} doesn't define __round__ method`)
  if (!isFloat(value)) return digits >= 0 ? intOf(number) : int(roundInt(bigOf(value), -digits))
  return float(Number.isFinite(number) ? roundFloat(number, digits) : number)
}

function roundInt(value: bigint, places: number): bigint {
  const unit = 10n ** BigInt(places)
  const floor = ((value % unit) + unit) % unit
  const base = value - floor
  if (floor * 2n === unit) return (base / unit) % 2n === 0n ? base : base + unit
  return floor * 2n > unit ? base + unit : base
}

/** Rounds the exact binary value, ties to even, as CPython does. */
export function roundFloat(value: number, digits: number): number {
  if (digits < 0) {
    const unit = 10 ** -digits
    const scaled = value / unit
    const floor = Math.floor(scaled)
    const rest = scaled - floor
    const rounded = (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) * unit
    return rounded === 0 && value < 0 ? -0 : rounded
  }
  const rounded = Number(fixed(value, digits))
  return rounded === 0 && (value < 0 || Object.is(value, -0)) ? -0 : rounded
}

/** `value.toFixed(digits)` with exact ties to even (Python's `'%.2f'`), for any size. */
export function fixed(value: number, digits: number): string {
  if (Math.abs(value) >= 1e21) return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '')
  const places = Math.min(100, digits)
  const text = value.toFixed(places)
  // toFixed is exact but rounds ties up in magnitude; a tie shows as a 5 that only zeros follow.
  const longer = value.toFixed(Math.min(100, places + 30))
  const tail = longer.slice(longer.indexOf('.') + 1 + places)
  if (places + 30 <= 100 && /^50*$/.test(tail)) {
    const cut = longer.slice(0, longer.indexOf('.') + (places > 0 ? places + 1 : 0))
    const last = Number(cut.replace('.', '').slice(-1))
    if (last % 2 === 0) return cut
  }
  return text
}
