import { type Sql, sql, trusted, value } from '../../../base/sql/index.ts'
import type { Call } from '../functions/define.ts'

// Java's DateTimeFormatter letters, as Spark uses them, to PostgreSQL's to_char (section 9.8, table 9.26).
const LETTERS: Readonly<Record<string, string>> = {
  yyyy: 'YYYY', yy: 'YY', y: 'YYYY', MMMM: 'FMMonth', MMM: 'Mon', MM: 'MM', M: 'FMMM', dd: 'DD', d: 'FMDD', D: 'FMDDD',
  DDD: 'DDD', HH: 'HH24', H: 'FMHH24', hh: 'HH12', h: 'FMHH12', mm: 'MI', m: 'FMMI', ss: 'SS', s: 'FMSS', SSS: 'MS',
  SSSSSS: 'US', EEEE: 'FMDay', EEE: 'Dy', EE: 'Dy', E: 'Dy', a: 'AM', L: 'FMMM', LL: 'MM', LLL: 'Mon', LLLL: 'FMMonth', Q: 'Q',
  X: '"Z"', XX: '"Z"', XXX: '"Z"', x: '"+00"', xx: '"+0000"', xxx: '"+00:00"', Z: '"+0000"', z: '"UTC"', VV: '"UTC"',
} // biome-ignore format: a table

const TOKEN = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g

/** A date pattern of Spark as a format of `to_char`, for times in UTC; other letters are refused. */
export function toCharPattern(pattern: string, call: Call): string {
  return pattern.replaceAll(TOKEN, (token, quoted: string | undefined, letter: string | undefined) => {
    if (letter !== undefined) return LETTERS[token] ?? call.refuse(`with "${token}" in a pattern`)
    const text = quoted === undefined ? token : quoted === '' ? "'" : quoted.replaceAll("''", "'")
    return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
  })
}

/** What a letter reads: the part of the date, and its texts, which have as many digits as there are letters. */
const READ: Readonly<Record<string, readonly [part: string, regex: string]>> = {
  yyyy: ['year', '(\\d{4})'], y: ['year', '(\\d{1,4})'], MM: ['month', '(0[1-9]|1[0-2])'], M: ['month', '(0?[1-9]|1[0-2])'],
  dd: ['day', '(0[1-9]|[12]\\d|3[01])'], d: ['day', '(0?[1-9]|[12]\\d|3[01])'], HH: ['hour', '([01]\\d|2[0-3])'],
  H: ['hour', '([01]?\\d|2[0-3])'], mm: ['minute', '([0-5]\\d)'], m: ['minute', '([0-5]?\\d)'],
  ss: ['second', '([0-5]\\d)'], s: ['second', '([0-5]?\\d)'], SSS: ['fraction', '(\\d{1,3})'], SSSSSS: ['fraction', '(\\d{1,6})'],
} // biome-ignore format: a table

/**
 * A timestamp without zone of text by a pattern of Spark; null where the text does not follow it. What the pattern
 * leaves out is the beginning of 1970.
 */
export function parsedByPattern(of: Sql, pattern: string, call: Call): Sql {
  const parts: string[] = []
  const regex = pattern.replaceAll(TOKEN, (token, quoted: string | undefined, letter: string | undefined) => {
    if (letter === undefined) {
      const text = quoted === undefined ? token : quoted === '' ? "'" : quoted.replaceAll("''", "'")
      return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    }
    const [part, found] =
      READ[token] ?? call.refuse(`with "${token}" in a pattern that reads`, 'Patterns of numbers can be read.')
    parts.push(part)
    return found
  })
  const text = (one: string): Sql => value(one, { kind: 'string' })
  const whole = text(`^${regex}$`)
  const matched = (part: string): Sql =>
    sql`(regexp_match(${of}, ${whole}))[${trusted(String(parts.indexOf(part) + 1))}]`
  const part = (name: string, otherwise: string): Sql =>
    parts.includes(name) ? sql`cast(${matched(name)} as integer)` : trusted(otherwise)
  const seconds = parts.includes('fraction')
    ? sql`(${part('second', '0')} + cast('0.' || ${matched('fraction')} as double precision))`
    : part('second', '0')
  const [year, month, day] = [part('year', '1970'), part('month', '1'), part('day', '1')]
  const made = sql`make_timestamp(${year}, ${month}, ${day}, ${part('hour', '0')}, ${part('minute', '0')}, ${seconds})`
  const last = sql`extract(day from cast(make_date(${year}, ${month}, 1) + interval '1 month - 1 day' as date))`
  return sql`case when ${of} ~ ${whole} then case when ${day} <= ${last} then ${made} end end`
}
