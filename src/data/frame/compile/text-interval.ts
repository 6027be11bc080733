import type { Expr } from '../expr.ts'
import { NotSpark } from './text-cursor.ts'
import { numberLiteral } from './text-literal.ts'

/** Units in microseconds; months and years are counted apart. */
const MICROS: Readonly<Record<string, bigint>> = {
  week: 604_800_000_000n, day: 86_400_000_000n, hour: 3_600_000_000n, minute: 60_000_000n, second: 1_000_000n,
  millisecond: 1000n, microsecond: 1n,
} // biome-ignore format: a table

/**
 * An interval of amounts with their units, of a text that holds them, or of one unit to another (Spark's reference,
 * "Interval Literal"): of months, or of days and what is shorter; Spark mixes them no longer.
 */
export function intervalOf(pairs: readonly (readonly [amount: string, unit: string])[]): Expr {
  const parts = pairs.flatMap(([amount, unit]) => (unit === '' ? fromText(amount) : fromPair(amount, unit)))
  let [months, micros] = [0n, 0n]
  let [long, short] = [false, false]
  for (const [amount, unit] of parts) {
    const one = unit.replace(/s$/, '')
    if (one === 'month' || one === 'year') {
      months += whole(amount) * (one === 'year' ? 12n : 1n)
      long = true
    } else {
      micros += scaled(amount, MICROS[one])
      short = true
    }
  }
  if (long === short) throw new NotSpark()
  const int = (value: bigint): Expr => ({ kind: 'literal', value: Number(value), type: { kind: 'integer' } })
  if (long) return { kind: 'call', fn: 'make_ym_interval', args: [int(months / 12n), int(months % 12n)] }
  const [days, rest] = [micros / 86_400_000_000n, micros % 86_400_000_000n]
  // A date takes days, and becomes a timestamp by what is shorter.
  if (rest === 0n) return { kind: 'call', fn: 'make_interval', args: [0n, 0n, 0n, days].map(int) }
  const [hours, minutes] = [rest / 3_600_000_000n, (rest % 3_600_000_000n) / 60_000_000n]
  const seconds = rest % 60_000_000n
  const magnitude = seconds < 0n ? -seconds : seconds
  const text = `${magnitude / 1_000_000n}.${String(magnitude % 1_000_000n).padStart(6, '0')}`
  const literal = numberLiteral(text)
  const signed = literal.kind === 'literal' && seconds < 0n ? { ...literal, value: `-${text}` } : literal
  return { kind: 'call', fn: 'make_dt_interval', args: [int(days), int(hours), int(minutes), signed] }
}

/** `1 day 2 hours`, perhaps with the word `interval` before. */
function fromText(text: string): [string, string][] {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/^interval\s+/, '')
  const pairs = [...words.matchAll(/([+-]?\s*[\d.]+)\s+([a-z]+)\s*/g)]
  if (pairs.length === 0 || pairs.map(([all]) => all).join('') !== words) throw new NotSpark()
  return pairs.map(([, amount = '', unit = '']) => [amount.replaceAll(' ', ''), unit])
}

/** An amount of one unit, or from one unit to a smaller one: `'1-2' year to month`, `'1 10:20:30' day to second`. */
function fromPair(amount: string, unit: string): [string, string][] {
  const [from = '', to] = unit.split(' to ')
  if (to === undefined) return [[amount, from]]
  const sign = amount.startsWith('-') ? '-' : ''
  const numbers = amount.replace(/^[+-]/, '').split(/[- :]/)
  const order = ['year', 'month', 'day', 'hour', 'minute', 'second']
  const [first, last] = [order.indexOf(from.replace(/s$/, '')), order.indexOf(to.replace(/s$/, ''))]
  if (first < 0 || last <= first || numbers.length !== last - first + 1 || first < 2 !== last < 2) throw new NotSpark()
  return numbers.map((number, i) => [`${sign}${number}`, order[first + i] ?? ''])
}

function whole(amount: string): bigint {
  if (!/^[+-]?\d+$/.test(amount)) throw new NotSpark()
  return BigInt(amount.replace('+', ''))
}

/** Fractions have up to six digits of seconds. */
function scaled(amount: string, micros: bigint | undefined): bigint {
  const [, sign = '', digits = '', fraction = ''] = /^([+-]?)(\d*)(?:\.(\d{0,6})\d*)?$/.exec(amount) ?? []
  if (micros === undefined || (digits === '' && fraction === '')) throw new NotSpark()
  if (fraction !== '' && micros !== 1_000_000n) throw new NotSpark()
  const value = BigInt(digits || '0') * micros + BigInt(fraction.padEnd(6, '0') || '0')
  return sign === '-' ? -value : value
}
