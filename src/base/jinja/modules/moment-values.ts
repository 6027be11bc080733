import { bind } from '../python/arguments.ts'
import { bySign } from '../python/compare.ts'
import { float, indexOf, numberOf } from '../python/float.ts'
import { ATTRIBUTE, EQUALS, type Kwargs, native, OPERATE, params, REPR, STR, TYPE_NAME } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { NamedTuple } from '../python/sequence.ts'
import { str } from '../python/text.ts'
import { type Day, dayNumber, dayOf, daysInMonth, isoCalendar, MICROS_PER_DAY, weekday } from './calendar.ts'
import { formatMoment, offsetText } from './time-format.ts'
import { type TimeZone, UTC } from './time-zone.ts'
import { TimeDelta } from './timedelta.ts'

const two = (value: number, width = 2): string => String(value).padStart(width, '0')

/** The number of a day. @throws PythonError `ValueError` for one that is not in the calendar */
export function checkedDay(year: unknown, month: unknown, day: unknown): number {
  const [y, m, d] = [indexOf(year), indexOf(month), indexOf(day)]
  if (y < 1 || y > 9999) throw new PythonError('ValueError', `year ${y} is out of range`)
  if (m < 1 || m > 12) throw new PythonError('ValueError', 'month must be in 1..12')
  if (d < 1 || d > daysInMonth(y, m)) throw new PythonError('ValueError', 'day is out of range for month')
  return dayNumber({ year: y, month: m, day: d })
}

/** Microseconds since midnight. @throws PythonError `ValueError` for what no clock shows */
export function checkedClock(hour: unknown, minute: unknown, second: unknown, microsecond: unknown): number {
  const parts = [hour, minute, second, microsecond].map((part) => indexOf(part ?? 0))
  const limits = [23, 59, 59, 999_999]
  const names = ['hour', 'minute', 'second', 'microsecond']
  parts.forEach((part, index) => {
    const limit = limits[index] ?? 0
    if (part < 0 || part > limit) throw new PythonError('ValueError', `${names[index]} must be in 0..${limit}`)
  })
  const [h = 0, m = 0, s = 0, us = 0] = parts
  return ((h * 60 + m) * 60 + s) * 1e6 + us
}

/** What `isocalendar()` answers. */
class IsoCalendarDate extends NamedTuple {
  [REPR](): string {
    const parts = this.names.map((name, index) => `${name}=${String(this.items[index])}`)
    return `datetime.IsoCalendarDate(${parts.join(', ')})`
  }
}

/** Python's `date`. */
export class PythonDate {
  /** From 1970-01-01. */
  readonly days: number

  constructor(days: number) {
    if (days < -719_162 || days > 2_932_896) throw new PythonError('OverflowError', 'date value out of range')
    this.days = days
  }

  protected member(name: string): unknown {
    const { days } = this
    switch (name) {
      case 'year':
      case 'month':
      case 'day':
        return (dayOf(days) as Day)[name]
      case 'weekday':
        return () => weekday(days)
      case 'isoweekday':
        return () => weekday(days) + 1
      case 'toordinal':
        return () => days + 719_163
      case 'isocalendar':
        return () => {
          const { year, week, day } = isoCalendar(days)
          return new IsoCalendarDate(['year', 'week', 'weekday'], [year, week, day])
        }
      case 'strftime':
        return params((format: unknown) => formatMoment(this.moment(), str(format)), ['format'])
      case 'ctime':
        return () => formatMoment(this.moment(), '%c')
      case 'isoformat':
        return () => this[STR]()
      case 'replace':
        return native('replace', ({ args, kwargs }) => new PythonDate(this.replacedDay(args, kwargs)))
      default:
        return undefined
    }
  }

  protected replacedDay(args: readonly unknown[], kwargs: Kwargs): number {
    const [year, month, day] = bind('replace', ['year', 'month', 'day'], args, kwargs)
    const own = dayOf(this.days)
    return checkedDay(year ?? own.year, month ?? own.month, day ?? own.day)
  }

  /** As `strftime` reads it. */
  moment(): Parameters<typeof formatMoment>[0] {
    return { days: this.days, hour: 0, minute: 0, second: 0, microsecond: 0 }
  }

  [ATTRIBUTE](name: string): unknown {
    return this.member(name)
  }

  [OPERATE](operator: string, other: unknown, reversed: boolean): unknown {
    if (other instanceof TimeDelta) {
      if (operator === '+') return new PythonDate(this.days + other.days)
      return operator === '-' && !reversed ? new PythonDate(this.days - other.days) : undefined
    }
    if (!(other instanceof PythonDate) || other instanceof PythonDateTime) return undefined
    const [left, right] = reversed ? [other, this] : [this, other]
    if (operator === '-') return new TimeDelta((left.days - right.days) * MICROS_PER_DAY)
    return bySign(operator, left.days - right.days)
  }

  [EQUALS](other: unknown): boolean {
    return other instanceof PythonDate && !(other instanceof PythonDateTime) && other.days === this.days
  }

  /** ISO 8601, as artifacts hold it. */
  toJSON(): string {
    return this[STR]()
  }

  [STR](): string {
    const { year, month, day } = dayOf(this.days)
    return `${two(year, 4)}-${two(month)}-${two(day)}`
  }

  [REPR](): string {
    const { year, month, day } = dayOf(this.days)
    return `datetime.date(${year}, ${month}, ${day})`
  }

  get [TYPE_NAME](): string {
    return 'datetime.date'
  }
}

/** Python's `time`: a clock without a day. */
export class PythonTime {
  /** Since midnight. */
  readonly micros: number

  constructor(micros: number) {
    this.micros = micros
  }

  [ATTRIBUTE](name: string): unknown {
    const clock = clockOf(this.micros)
    if (name in clock) return clock[name as keyof typeof clock]
    if (name === 'isoformat') return () => this[STR]()
    if (name !== 'strftime') return undefined
    return params(
      (format: unknown) =>
        formatMoment({ days: dayNumber({ year: 1900, month: 1, day: 1 }), ...clockOf(this.micros) }, str(format)),
      ['format'],
    )
  }

  [OPERATE](operator: string, other: unknown, reversed: boolean): unknown {
    if (!(other instanceof PythonTime)) return undefined
    return reversed ? bySign(operator, other.micros - this.micros) : bySign(operator, this.micros - other.micros)
  }

  [EQUALS](other: unknown): boolean {
    return other instanceof PythonTime && other.micros === this.micros
  }

  [STR](): string {
    return clockText(this.micros, 'auto')
  }

  [REPR](): string {
    const { hour, minute, second, microsecond } = clockOf(this.micros)
    const rest = microsecond ? `, ${second}, ${microsecond}` : second ? `, ${second}` : ''
    return `datetime.time(${hour}, ${minute}${rest})`
  }
}

function clockOf(micros: number): { hour: number; minute: number; second: number; microsecond: number } {
  const seconds = Math.floor(micros / 1e6)
  return {
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    microsecond: micros - seconds * 1e6,
  }
}

function clockText(micros: number, precision: string): string {
  const { hour, minute, second, microsecond } = clockOf(micros)
  const whole = `${two(hour)}:${two(minute)}:${two(second)}`
  switch (precision) {
    case 'auto':
      return microsecond ? `${whole}.${two(microsecond, 6)}` : whole
    case 'hours':
      return two(hour)
    case 'minutes':
      return whole.slice(0, 5)
    case 'seconds':
      return whole
    case 'milliseconds':
      return `${whole}.${two(Math.floor(microsecond / 1000), 3)}`
    case 'microseconds':
      return `${whole}.${two(microsecond, 6)}`
    default:
      throw new PythonError('ValueError', 'Unknown timespec value')
  }
}

/** Python's `datetime`, with or without a time zone. */
export class PythonDateTime extends PythonDate {
  /** Since midnight of the wall clock. */
  readonly micros: number
  readonly zone: TimeZone | undefined
  readonly #offset: number | undefined

  /** `offset`, in seconds east of UTC, where the zone alone would be ambiguous. */
  constructor(days: number, micros: number, zone?: TimeZone, offset?: number) {
    super(days + Math.floor(micros / MICROS_PER_DAY))
    this.micros = micros - Math.floor(micros / MICROS_PER_DAY) * MICROS_PER_DAY
    this.zone = zone
    this.#offset = zone && (offset ?? zone.offsetOf(this.days * 86_400 + Math.floor(this.micros / 1e6)))
  }

  /** The moment so many microseconds after 1970 in UTC, as the clocks of a zone show it; in UTC without one. */
  static at(utcMicros: number, zone: TimeZone | undefined): PythonDateTime {
    const offset = zone?.offsetAt(utcMicros / 1e6) ?? 0
    const local = utcMicros + offset * 1e6
    const days = Math.floor(local / MICROS_PER_DAY)
    return new PythonDateTime(days, local - days * MICROS_PER_DAY, zone, offset)
  }

  /** Microseconds since 1970; the wall clock counts as UTC where there is no zone. */
  get utcMicros(): number {
    return this.days * MICROS_PER_DAY + this.micros - (this.#offset ?? 0) * 1e6
  }

  /** The same wall clock in a zone: `pytz`'s `localize`. */
  placedIn(zone: TimeZone): PythonDateTime {
    if (this.zone) throw new PythonError('ValueError', 'Not naive datetime (tzinfo is already set)')
    return new PythonDateTime(this.days, this.micros, zone)
  }

  override moment(): Parameters<typeof formatMoment>[0] {
    const zone = this.zone?.abbreviationAt(this.utcMicros / 1e6)
    return { days: this.days, ...clockOf(this.micros), offset: this.#offset, zone }
  }

  protected override member(name: string): unknown {
    const clock = clockOf(this.micros)
    if (name in clock) return clock[name as keyof typeof clock]
    switch (name) {
      case 'tzinfo':
        return this.zone ?? null
      case 'date':
        return () => new PythonDate(this.days)
      case 'time':
        return () => new PythonTime(this.micros)
      case 'timestamp':
        return () => float(this.utcMicros / 1e6)
      case 'utcoffset':
        return () => (this.#offset === undefined ? null : new TimeDelta(this.#offset * 1e6))
      case 'tzname':
        return () => this.moment().zone ?? null
      case 'isoformat':
        return params(
          (separator: unknown = 'T', precision: unknown = 'auto') => this.#text(str(separator), str(precision)),
          ['sep', 'timespec'],
        )
      case 'astimezone':
        return params(
          (zone: unknown = null) => PythonDateTime.at(this.utcMicros, zone === null ? UTC : zoneOf(zone)),
          ['tz'],
        )
      case 'replace':
        return native('replace', ({ args, kwargs }) => this.#replace(args, kwargs))
      default:
        return super.member(name)
    }
  }

  #replace(args: readonly unknown[], kwargs: Kwargs): PythonDateTime {
    const names = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond', 'tzinfo']
    const [year, month, day, hour, minute, second, microsecond, zone] = bind('replace', names, args, kwargs)
    const own = { ...dayOf(this.days), ...clockOf(this.micros) }
    return new PythonDateTime(
      checkedDay(year ?? own.year, month ?? own.month, day ?? own.day),
      checkedClock(hour ?? own.hour, minute ?? own.minute, second ?? own.second, microsecond ?? own.microsecond),
      zone === undefined ? this.zone : zone === null ? undefined : zoneOf(zone),
    )
  }

  override toJSON(): string {
    return this.#text('T', 'auto')
  }

  #text(separator: string, precision: string): string {
    const offset = this.#offset === undefined ? '' : offsetText(this.#offset, ':')
    return `${super[STR]()}${separator}${clockText(this.micros, precision)}${offset}`
  }

  override [OPERATE](operator: string, other: unknown, reversed: boolean): unknown {
    if (other instanceof TimeDelta) {
      if (operator !== '+' && (operator !== '-' || reversed)) return undefined
      const micros = this.micros + (operator === '+' ? other.micros : -other.micros)
      return new PythonDateTime(this.days, micros, this.zone)
    }
    if (!(other instanceof PythonDateTime)) return undefined
    const [left, right] = reversed ? [other, this] : [this, other]
    if (Boolean(left.zone) !== Boolean(right.zone)) {
      const verb = operator === '-' ? 'subtract' : 'compare'
      throw typeError(`can't ${verb} offset-naive and offset-aware datetimes`)
    }
    if (operator === '-') return new TimeDelta(left.utcMicros - right.utcMicros)
    return bySign(operator, left.utcMicros - right.utcMicros)
  }

  override [EQUALS](other: unknown): boolean {
    return (
      other instanceof PythonDateTime &&
      Boolean(other.zone) === Boolean(this.zone) &&
      other.utcMicros === this.utcMicros
    )
  }

  override [STR](): string {
    return this.#text(' ', 'auto')
  }

  override [REPR](): string {
    const { year, month, day } = dayOf(this.days)
    const { hour, minute, second, microsecond } = clockOf(this.micros)
    const rest = microsecond ? `, ${second}, ${microsecond}` : second ? `, ${second}` : ''
    const zone = this.zone ? `, tzinfo=${this.zone[REPR]()}` : ''
    return `datetime.datetime(${year}, ${month}, ${day}, ${hour}, ${minute}${rest}${zone})`
  }

  override get [TYPE_NAME](): string {
    return 'datetime.datetime'
  }
}

/** @throws PythonError `TypeError` for what is no time zone */
export function zoneOf(value: unknown): TimeZone {
  if (value !== null && typeof value === 'object' && 'offsetAt' in value) return value as TimeZone
  throw typeError('tzinfo argument must be None or of a tzinfo subclass')
}

/** The seconds of a Python timestamp as microseconds. */
export function microsOf(timestamp: unknown): number {
  const seconds = numberOf(timestamp)
  if (seconds === undefined) throw typeError('a timestamp must be a number')
  return Math.round(seconds * 1e6)
}
