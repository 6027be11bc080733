import { MillraceError } from '../../base/kernel/index.ts'

/** How far a window reaches in values of its order: a number, or for dates and timestamps a length of time such as `'-7 days'`. */
export type RangeBound = number | bigint | string

const UNITS = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond', 'microsecond'] as const

/** A length of time: its parts, all of them positive, and whether it goes back. */
export interface Span {
  readonly back: boolean
  /** `7 days`, `1 month 12 hours`. */
  readonly text: string
  /** Whether it is of whole days. */
  readonly days: boolean
}

/**
 * A length of time as a window's bound is given it: `'7 days'`, `'-1 month'`, `'interval 12 hours 30 minutes'`.
 * @throws MillraceError OPTION_INVALID
 */
export function spanOf(written: string): Span {
  const text = written.trim().replace(/^interval\s+/i, '')
  const parts = [...text.matchAll(/([+-]?)\s*(\d+)\s*([a-z]+)/gi)].map(([whole, sign, count = '', unit = '']) => {
    const name = unit.toLowerCase().replace(/s$/, '')
    return { whole, back: sign === '-', count: Number(count), unit: UNITS.find((one) => one === name) }
  })
  const rest = parts.reduce((left, { whole }) => left.replace(whole, ''), text).trim()
  const [first] = parts
  // A sign in front is that of all parts that have none of their own.
  const back = first?.back ?? false
  const mixed =
    parts.slice(1).some((part) => part.whole.startsWith('+') && back) ||
    parts.slice(1).some((part) => part.back && !back)
  if (first === undefined || rest !== '' || mixed || parts.some(({ unit }) => unit === undefined)) {
    throw new MillraceError('OPTION_INVALID', `"${written}" is no length of time for a window`, {
      hint: `Write numbers and units of one direction, such as '7 days' or '-1 month'. Units are ${UNITS.join(', ')}.`,
    })
  }
  const days = parts.every(({ unit }) => unit !== undefined && UNITS.indexOf(unit) <= UNITS.indexOf('day'))
  return { back, days, text: parts.map(({ count, unit }) => `${count} ${unit}${count === 1 ? '' : 's'}`).join(' ') }
}
