import type { Json } from '../../base/kernel/index.ts'

/** A span of time in microseconds; a moment is one since 1970, on a clock without a zone. */
type Span = { readonly kind: 'span' | 'moment'; readonly microseconds: bigint }
type Operand = number | Span

/** Why an expression has no value, in words. */
export class NoValue extends Error {}

/**
 * The value of a suite parameter that is an expression: `now() - timedelta(weeks=1)`, `2 * rows + 1`. Moments become
 * text. Source: Great Expectations 1.24, core/suite_parameters.py: `+ - * / ^`, sin, cos, tan, exp, abs, trunc, round,
 * sgn, now, datetime, timedelta, PI and E.
 * @throws NoValue
 */
export function evaluated(text: string, parameters: Readonly<Record<string, Json>>, now: Date): Json {
  const reader = new Reader(text, parameters, now)
  const value = reader.sum()
  reader.end()
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw new NoValue('the result is no number')
  }
  if (value.kind === 'moment') return momentText(value.microseconds)
  throw new NoValue('the result is a span of time')
}

const TOKEN = /\s*(?:(?<number>(?:\d+|\.\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z][\w$]*)|(?<sign>[-+*/^(),=]))/y

class Reader {
  private readonly tokens: string[] = []
  private readonly parameters: Readonly<Record<string, Json>>
  private readonly now: Date
  private at = 0

  constructor(text: string, parameters: Readonly<Record<string, Json>>, now: Date) {
    this.parameters = parameters
    this.now = now
    const token = new RegExp(TOKEN)
    const whole = text.trimEnd()
    while (token.lastIndex < whole.length) {
      const place = token.lastIndex
      const [, found] = token.exec(whole)?.[0].match(/^\s*(.*)$/s) ?? []
      if (found === undefined) throw new NoValue(`it cannot be read from "${whole.slice(place, place + 20)}" on`)
      this.tokens.push(found)
    }
  }

  end(): void {
    if (this.at < this.tokens.length) throw new NoValue(`"${this.tokens[this.at]}" is not expected there`)
  }

  sum(): Operand {
    let left = this.product()
    for (let sign = this.taken('+', '-'); sign; sign = this.taken('+', '-')) left = added(left, this.product(), sign)
    return left
  }

  private product(): Operand {
    let left = this.power()
    for (let sign = this.taken('*', '/'); sign; sign = this.taken('*', '/')) left = scaled(left, this.power(), sign)
    return left
  }

  /** From right to left: 2^3^2 is 2^9. */
  private power(): Operand {
    const base = this.atom()
    if (!this.taken('^')) return base
    return numberOf(base) ** numberOf(this.power())
  }

  private atom(): Operand {
    const sign = this.taken('+', '-')
    if (sign) {
      const value = this.atom()
      return sign === '+' ? value : negated(value)
    }
    if (this.taken('(')) {
      const value = this.sum()
      this.expect(')')
      return value
    }
    const token = this.tokens[this.at++]
    if (token === undefined) throw new NoValue('it ends too early')
    if (/^[\d.]/.test(token)) return Number(token)
    if (!/^[A-Za-z]/.test(token)) throw new NoValue(`"${token}" is not expected there`)
    if (this.taken('(')) return this.call(token)
    const given = Object.hasOwn(this.parameters, token) ? this.parameters[token] : undefined
    if (given !== undefined) return operandOf(token, given)
    if (/^pi$/i.test(token)) return Math.PI
    if (/^e$/i.test(token)) return Math.E
    throw new NoValue(`there is no parameter "${token}"`)
  }

  private call(name: string): Operand {
    const positional: Operand[] = []
    const named: Record<string, Operand> = {}
    while (!this.taken(')')) {
      if (positional.length + Object.keys(named).length > 0) this.expect(',')
      const key = this.tokens[this.at] ?? ''
      if (this.tokens[this.at + 1] === '=') {
        this.at += 2
        named[key] = this.sum()
      } else positional.push(this.sum())
    }
    const work = CALLS.get(name)
    if (!work) throw new NoValue(`there is no function "${name}"`)
    return work(positional, named, this.now)
  }

  private taken(...signs: readonly string[]): string | undefined {
    const token = this.tokens[this.at]
    if (token === undefined || !signs.includes(token)) return undefined
    this.at += 1
    return token
  }

  private expect(sign: string): void {
    if (!this.taken(sign)) throw new NoValue(`"${sign}" is lacking`)
  }
}

function operandOf(name: string, given: Json): Operand {
  if (typeof given === 'number') return given
  const text = String(given).trim()
  if (text !== '' && Number.isFinite(Number(text))) return Number(text)
  const moment = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?$/.test(text)
    ? Date.parse(`${text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T')}Z`)
    : Number.NaN
  if (Number.isNaN(moment)) throw new NoValue(`parameter "${name}" is neither a number nor a moment`)
  return { kind: 'moment', microseconds: BigInt(moment) * 1000n }
}

type Call = (positional: readonly Operand[], named: Readonly<Record<string, Operand>>, now: Date) => Operand

/** Arguments by their names, in Python's order. */
function inOrder(names: readonly string[], positional: readonly Operand[], named: Readonly<Record<string, Operand>>) {
  const unknown = Object.keys(named).find((name) => !names.includes(name))
  if (unknown !== undefined) throw new NoValue(`there is no argument "${unknown}"`)
  if (positional.length > names.length) throw new NoValue('there are too many arguments')
  return names.map((name, index) => {
    const given = positional[index] ?? named[name]
    return given === undefined ? undefined : numberOf(given)
  })
}

function ofNumber(work: (value: number) => number): Call {
  return ([value, ...more], named) => {
    if (value === undefined || more.length > 0 || Object.keys(named).length > 0)
      throw new NoValue('it takes one number')
    return work(numberOf(value))
  }
}

const SPANS: Readonly<Record<string, number>> = {
  days: 86_400e6,
  seconds: 1e6,
  microseconds: 1,
  milliseconds: 1e3,
  minutes: 60e6,
  hours: 3_600e6,
  weeks: 604_800e6,
}
const CLOCK = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond']

const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['sin', ofNumber(Math.sin)],
  ['cos', ofNumber(Math.cos)],
  ['tan', ofNumber(Math.tan)],
  ['exp', ofNumber(Math.exp)],
  ['abs', ofNumber(Math.abs)],
  ['trunc', ofNumber(Math.trunc)],
  ['sgn', ofNumber((value) => (Math.abs(value) <= 1e-12 ? 0 : Math.sign(value)))],
  [
    'round',
    (positional, named) => {
      const [value = Number.NaN, digits = 0] = inOrder(['number', 'ndigits'], positional, named)
      return roundedHalfEven(value, digits)
    },
  ],
  [
    'now',
    (_, __, now) => {
      const local = now.getTime() - now.getTimezoneOffset() * 60_000
      return { kind: 'moment', microseconds: BigInt(local) * 1000n }
    },
  ],
  [
    'datetime',
    (positional, named) => {
      const [year, month, day, ...clock] = inOrder(CLOCK, positional, named)
      if (year === undefined || month === undefined || day === undefined) throw new NoValue('a day is lacking')
      const [hour = 0, minute = 0, second = 0, microsecond = 0] = clock
      const moment = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
      if (moment.getUTCMonth() !== month - 1 || moment.getUTCHours() !== hour || moment.getUTCMinutes() !== minute) {
        throw new NoValue('there is no such moment')
      }
      return { kind: 'moment', microseconds: BigInt(moment.getTime()) * 1000n + BigInt(Math.trunc(microsecond)) }
    },
  ],
  [
    'timedelta',
    (positional, named) => {
      const names = Object.keys(SPANS)
      const parts = inOrder(names, positional, named)
      const microseconds = parts.reduce<number>((all, part, i) => all + (part ?? 0) * (SPANS[names[i] ?? ''] ?? 0), 0)
      return { kind: 'span', microseconds: BigInt(Math.round(microseconds)) }
    },
  ],
])

function numberOf(value: Operand): number {
  if (typeof value === 'number') return value
  throw new NoValue(`a ${value.kind === 'span' ? 'span of time' : 'moment'} is no number`)
}

function negated(value: Operand): Operand {
  if (typeof value === 'number') return -value
  if (value.kind === 'moment') throw new NoValue('a moment has no opposite')
  return { kind: 'span', microseconds: -value.microseconds }
}

function added(left: Operand, right: Operand, sign: string): Operand {
  if (typeof left === 'number' && typeof right === 'number') return sign === '+' ? left + right : left - right
  if (typeof left === 'number' || typeof right === 'number') throw new NoValue('numbers and times do not add up')
  const microseconds = left.microseconds + (sign === '+' ? right.microseconds : -right.microseconds)
  const moments = Number(left.kind === 'moment') + (sign === '+' ? 1 : -1) * Number(right.kind === 'moment')
  if (moments === 0 || moments === 1) return { kind: moments === 1 ? 'moment' : 'span', microseconds }
  throw new NoValue('moments do not add up')
}

function scaled(left: Operand, right: Operand, sign: string): Operand {
  if (sign === '*') {
    if (typeof left === 'number' && typeof right === 'number') return left * right
    const [span, factor] = typeof left === 'number' ? [right, left] : [left, numberOf(right)]
    return times(span, factor)
  }
  const divisor = typeof right === 'number' ? right : Number(right.microseconds)
  if (divisor === 0) throw new NoValue('it divides by zero')
  if (typeof left === 'number') return left / numberOf(right)
  if (typeof right === 'number') return times(left, 1 / right)
  if (left.kind === 'span' && right.kind === 'span') return Number(left.microseconds) / divisor
  throw new NoValue('a moment cannot be divided')
}

function times(span: Operand, factor: number): Operand {
  if (typeof span === 'number' || span.kind === 'moment') throw new NoValue('a moment cannot be multiplied')
  return { kind: 'span', microseconds: BigInt(Math.round(Number(span.microseconds) * factor)) }
}

/** As Python rounds: a half goes to the even neighbour. */
function roundedHalfEven(value: number, digits: number): number {
  const scale = 10 ** digits
  const [shifted, below] = [value * scale, Math.floor(value * scale)]
  const rounded = shifted - below === 0.5 ? below + (Math.abs(below) % 2) : Math.round(shifted)
  return rounded / scale
}

function momentText(microseconds: bigint): string {
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n
  const second = new Date(Number((microseconds - fraction) / 1000n))
  if (Number.isNaN(second.getTime())) throw new NoValue('the moment lies beyond the calendar')
  const text = second.toISOString().slice(0, 19)
  return fraction === 0n ? text : `${text}.${String(fraction).padStart(6, '0')}`
}
