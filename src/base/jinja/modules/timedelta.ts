import { bind } from '../python/arguments.ts'
import { bySign } from '../python/compare.ts'
import { float, isInt, numberOf } from '../python/float.ts'
import { ATTRIBUTE, type Call, EQUALS, native, OPERATE, REPR, STR, TRUTH, TYPE_NAME } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { typeName } from '../python/text.ts'
import { MICROS_PER_DAY } from './calendar.ts'

const UNITS: Readonly<Record<string, number>> = {
  days: MICROS_PER_DAY,
  seconds: 1e6,
  microseconds: 1,
  milliseconds: 1000,
  minutes: 6e7,
  hours: 3.6e9,
  weeks: 7 * MICROS_PER_DAY,
}

/** Python's `timedelta`. */
export class TimeDelta {
  /** Microseconds; whole. */
  readonly micros: number

  constructor(micros: number) {
    this.micros = Math.round(micros)
  }

  get days(): number {
    return Math.floor(this.micros / MICROS_PER_DAY)
  }

  /** Seconds beyond the days, from 0. */
  get seconds(): number {
    return Math.floor((this.micros - this.days * MICROS_PER_DAY) / 1e6)
  }

  get microseconds(): number {
    return this.micros - this.days * MICROS_PER_DAY - this.seconds * 1e6
  }

  [ATTRIBUTE](name: string): unknown {
    if (name === 'days' || name === 'seconds' || name === 'microseconds') return this[name]
    return name === 'total_seconds' ? native(name, () => float(this.micros / 1e6)) : undefined
  }

  [OPERATE](operator: string, other: unknown, reversed: boolean): unknown {
    if (other instanceof TimeDelta) return between(operator, this.micros, other.micros)
    const number = numberOf(other)
    if (number === undefined) return undefined
    if (operator === '*') return new TimeDelta(this.micros * number)
    if (reversed || (operator !== '/' && operator !== '//')) return undefined
    if (number === 0) throw new PythonError('ZeroDivisionError', 'division by zero')
    return new TimeDelta(operator === '/' ? this.micros / number : Math.floor(this.micros / number))
  }

  [EQUALS](other: unknown): boolean {
    return other instanceof TimeDelta && other.micros === this.micros
  }

  [TRUTH](): boolean {
    return this.micros !== 0
  }

  [STR](): string {
    const { days, seconds, microseconds } = this
    const two = (value: number): string => String(value).padStart(2, '0')
    const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
    const fraction = microseconds ? `.${String(microseconds).padStart(6, '0')}` : ''
    return `${days ? `${days} day${Math.abs(days) === 1 ? '' : 's'}, ` : ''}${clock}${fraction}`
  }

  [REPR](): string {
    const parts = (['days', 'seconds', 'microseconds'] as const).filter((part) => this[part] !== 0)
    return `datetime.timedelta(${parts.map((part) => `${part}=${this[part]}`).join(', ') || '0'})`
  }

  get [TYPE_NAME](): string {
    return 'datetime.timedelta'
  }
}

function between(operator: string, left: number, right: number): unknown {
  switch (operator) {
    case '+':
      return new TimeDelta(left + right)
    case '-':
      return new TimeDelta(left - right)
    case '/':
      return float(left / right)
    case '//':
      return Math.floor(left / right)
    case '%':
      return new TimeDelta(left - Math.floor(left / right) * right)
    default:
      return bySign(operator, left - right)
  }
}

/** `timedelta(days=…, seconds=…, microseconds=…, milliseconds=…, minutes=…, hours=…, weeks=…)`. */
export function timeDelta({ args, kwargs }: Pick<Call, 'args' | 'kwargs'>): TimeDelta {
  const names = Object.keys(UNITS)
  const total = bind('timedelta', names, args, kwargs).reduce((sum: number, value, index) => {
    if (value === undefined) return sum
    const number = numberOf(value)
    if (number === undefined && !isInt(value)) {
      throw typeError(`unsupported type for timedelta ${names[index]} component: ${typeName(value)}`)
    }
    return sum + (number ?? 0) * (UNITS[names[index] ?? ''] ?? 0)
  }, 0)
  return new TimeDelta(total)
}
