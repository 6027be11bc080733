import { PythonError } from '../python/python-error.ts'
import { dayOf, dayOfYear, isoCalendar, weekday } from './calendar.ts'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** What `strftime` reads and `strptime` answers. */
export interface Moment {
  /** Days from 1970-01-01. */
  readonly days: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number
  /** Seconds east of UTC; absent without a time zone. */
  readonly offset?: number | undefined
  readonly zone?: string | undefined
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0')
}

/** `+HHMM`, with a colon and seconds where asked for or needed. */
export function offsetText(seconds: number, colon: string): string {
  const all = Math.abs(seconds)
  const rest = all % 60 ? `${colon}${pad(all % 60)}` : ''
  return `${seconds < 0 ? '-' : '+'}${pad(Math.floor(all / 3600))}${colon}${pad(Math.floor(all / 60) % 60)}${rest}`
}

/** Python's `strftime` in the C locale, with glibc's `%-d`. */
export function formatMoment(moment: Moment, format: string): string {
  return format.replace(/%([-_^]?)(.)/gs, (all, flag: string, letter: string) => {
    const text = directive(moment, letter)
    if (text === undefined) return all
    if (flag === '-') return text.replace(/^[0 ]+(?=.)/, '')
    if (flag === '_') return text.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length))
    return flag === '^' ? text.toUpperCase() : text
  })
}

function directive(moment: Moment, letter: string): string | undefined {
  const { days, hour, minute, second, microsecond } = moment
  const { year, month, day } = dayOf(days)
  const of = (format: string): string => formatMoment(moment, format)
  const week = weekday(days)
  switch (letter) {
    case 'Y':
      return String(year)
    case 'y':
      return pad(year % 100)
    case 'C':
      return pad(Math.floor(year / 100))
    case 'm':
      return pad(month)
    case 'd':
      return pad(day)
    case 'e':
      return String(day).padStart(2, ' ')
    case 'H':
      return pad(hour)
    case 'k':
      return String(hour).padStart(2, ' ')
    case 'I':
      return pad(hour % 12 || 12)
    case 'l':
      return String(hour % 12 || 12).padStart(2, ' ')
    case 'M':
      return pad(minute)
    case 'S':
      return pad(second)
    case 'f':
      return pad(microsecond, 6)
    case 'j':
      return pad(dayOfYear(days), 3)
    case 'a':
      return DAYS[week]?.slice(0, 3)
    case 'A':
      return DAYS[week]
    case 'b':
    case 'h':
      return MONTHS[month - 1]?.slice(0, 3)
    case 'B':
      return MONTHS[month - 1]
    case 'p':
      return hour < 12 ? 'AM' : 'PM'
    case 'P':
      return hour < 12 ? 'am' : 'pm'
    case 'w':
      return String((week + 1) % 7)
    case 'u':
      return String(week + 1)
    case 'U':
      return pad(Math.floor((dayOfYear(days) + 6 - ((week + 1) % 7)) / 7))
    case 'W':
      return pad(Math.floor((dayOfYear(days) + 6 - week) / 7))
    case 'V':
      return pad(isoCalendar(days).week)
    case 'G':
      return String(isoCalendar(days).year)
    case 'g':
      return pad(isoCalendar(days).year % 100)
    case 'z':
      return moment.offset === undefined ? '' : offsetText(moment.offset, '')
    case 'Z':
      return moment.zone ?? ''
    case 's':
      return String(days * 86_400 + hour * 3600 + minute * 60 + second - (moment.offset ?? 0))
    case 'D':
    case 'x':
      return of('%m/%d/%y')
    case 'F':
      return of('%Y-%m-%d')
    case 'T':
    case 'X':
      return of('%H:%M:%S')
    case 'R':
      return of('%H:%M')
    case 'r':
      return of('%I:%M:%S %p')
    case 'c':
      return of('%a %b %e %H:%M:%S %Y')
    case 'n':
      return '\n'
    case 't':
      return '\t'
    case '%':
      return '%'
    default:
      return undefined
  }
}

/** What `strptime` found: the parts that the format names, the rest as Python's defaults. */
export interface ParsedMoment {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  microsecond: number
  offset?: number
}

interface Reader {
  readonly pattern: string
  readonly take: (text: string, into: ParsedMoment & { afternoon?: boolean; ofYear?: number }) => void
}

const names = (all: readonly string[], short: boolean): string =>
  all.map((name) => (short ? name.slice(0, 3) : name)).join('|')
const place = (all: readonly string[], text: string): number =>
  all.findIndex((name) => name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase()) + 1

const READERS: Record<string, Reader> = {
  Y: { pattern: '\\d{4}', take: (text, into) => (into.year = Number(text)) },
  y: {
    pattern: '\\d{2}',
    take: (text, into) => (into.year = Number(text) + (Number(text) < 69 ? 2000 : 1900)),
  },
  m: { pattern: '1[0-2]|0[1-9]|[1-9]', take: (text, into) => (into.month = Number(text)) },
  d: { pattern: '3[01]|[12]\\d|0[1-9]|[1-9]', take: (text, into) => (into.day = Number(text)) },
  H: { pattern: '2[0-3]|[01]\\d|\\d', take: (text, into) => (into.hour = Number(text)) },
  I: { pattern: '1[0-2]|0[1-9]|[1-9]', take: (text, into) => (into.hour = Number(text) % 12) },
  M: { pattern: '[0-5]\\d|\\d', take: (text, into) => (into.minute = Number(text)) },
  S: { pattern: '6[01]|[0-5]\\d|\\d', take: (text, into) => (into.second = Number(text)) },
  f: { pattern: '\\d{1,6}', take: (text, into) => (into.microsecond = Number(text.padEnd(6, '0'))) },
  j: { pattern: '\\d{1,3}', take: (text, into) => (into.ofYear = Number(text)) },
  p: { pattern: 'AM|PM', take: (text, into) => (into.afternoon = text.toUpperCase() === 'PM') },
  a: { pattern: names(DAYS, true), take: () => undefined },
  A: { pattern: names(DAYS, false), take: () => undefined },
  b: { pattern: names(MONTHS, true), take: (text, into) => (into.month = place(MONTHS, text)) },
  B: { pattern: names(MONTHS, false), take: (text, into) => (into.month = place(MONTHS, text)) },
  Z: { pattern: 'UTC|GMT', take: () => undefined },
  z: {
    pattern: '[+-]\\d{2}:?\\d{2}(?::?\\d{2})?|Z',
    take: (text, into) => (into.offset = readOffset(text)),
  },
}

/** Seconds east of UTC of `Z`, `+0200` or `+02:00`. */
export function readOffset(text: string): number {
  if (text === 'Z') return 0
  const digits = text.slice(1).replaceAll(':', '').padEnd(6, '0')
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6))
  return text.startsWith('-') ? -seconds : seconds
}

const WHOLE: Record<string, string> = { D: '%m/%d/%y', F: '%Y-%m-%d', T: '%H:%M:%S', R: '%H:%M' }

/** Python's `strptime`. @throws PythonError `ValueError` when the text does not match the format */
export function parseMoment(text: string, written: string): ParsedMoment {
  const format = written.replace(/%([DFTR])/g, (_, letter: string) => WHOLE[letter] ?? '')
  const readers: Reader[] = []
  let pattern = ''
  for (let at = 0; at < format.length; at += 1) {
    const character = format[at] ?? ''
    if (character === '%') {
      at += 1
      const letter = format[at] ?? ''
      const reader = READERS[letter]
      if (letter === '%') pattern += '%'
      else if (reader) {
        readers.push(reader)
        pattern += `(${reader.pattern})`
      } else throw new PythonError('ValueError', `'${letter}' is a bad directive in format '${written}'`)
    } else if (/\s/.test(character)) pattern += '\\s+'
    else pattern += character.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  }
  const match = new RegExp(`^(?:${pattern})`, 'i').exec(text)
  if (!match) throw new PythonError('ValueError', `time data '${text}' does not match format '${written}'`)
  if (match[0].length < text.length) {
    throw new PythonError('ValueError', `unconverted data remains: ${text.slice(match[0].length)}`)
  }
  const found: ParsedMoment & { afternoon?: boolean; ofYear?: number } = {
    year: 1900,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    microsecond: 0,
  }
  readers.forEach((reader, index) => {
    reader.take(match[index + 1] ?? '', found)
  })
  if (found.afternoon) found.hour += 12
  return found
}
