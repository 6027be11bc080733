import { noteImpure } from '../impure.ts'
import { bind } from '../python/arguments.ts'
import { indexOf } from '../python/float.ts'
import { ATTRIBUTE, CALL, type Call, native, params, REPR } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { str } from '../python/text.ts'
import { dayNumber, MICROS_PER_DAY } from './calendar.ts'
import { checkedClock, checkedDay, microsOf, PythonDate, PythonDateTime, PythonTime, zoneOf } from './moment-values.ts'
import { parseMoment, readOffset } from './time-format.ts'
import { namedZone, TimeZone, UTC } from './time-zone.ts'
import { TimeDelta, timeDelta } from './timedelta.ts'

/** A Python class as templates use it: called to make a value, read for its class methods. */
export function pythonClass(
  name: string,
  make: (call: Call) => unknown,
  members: Readonly<Record<string, unknown>>,
): object {
  return { [CALL]: make, [ATTRIBUTE]: (member: string) => members[member], [REPR]: () => `<class '${name}'>` }
}

/** Wall clocks count in UTC: a template's text should not depend on the zone of the machine. */
function now(zone: TimeZone | undefined): PythonDateTime {
  noteImpure()
  return PythonDateTime.at(Date.now() * 1000, zone)
}

function today(): PythonDate {
  return new PythonDate(now(undefined).days)
}

function isoDay(text: string): number {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text)
  if (!match) throw new PythonError('ValueError', `Invalid isoformat string: '${text}'`)
  return checkedDay(Number(match[1]), Number(match[2]), Number(match[3]))
}

function isoMoment(value: unknown): PythonDateTime {
  const text = str(value)
  const match =
    /^(\d{4}-?\d{2}-?\d{2})(?:.(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?)?$/s.exec(
      text,
    )
  if (!match) throw new PythonError('ValueError', `Invalid isoformat string: '${text}'`)
  const [, day = '', hour = '0', minute = '0', second = '0', fraction = '', offset] = match
  const clock = checkedClock(Number(hour), Number(minute), Number(second), Number(fraction.padEnd(6, '0').slice(0, 6)))
  const seconds = offset === undefined ? undefined : readOffset(offset)
  const zone = seconds === undefined ? undefined : seconds === 0 ? UTC : new TimeZone({ seconds })
  return new PythonDateTime(isoDay(day), clock, zone)
}

function parsed(text: unknown, format: unknown): PythonDateTime {
  const found = parseMoment(str(text), str(format))
  const first = dayNumber({ year: found.year, month: 1, day: 1 })
  const ofYear = (found as { ofYear?: number }).ofYear
  const days = ofYear === undefined ? checkedDay(found.year, found.month, found.day) : first + ofYear - 1
  const clock = checkedClock(found.hour, found.minute, found.second, found.microsecond)
  const zone = found.offset === undefined ? undefined : new TimeZone({ seconds: found.offset })
  return new PythonDateTime(days, clock, zone)
}

const optionalZone = (zone: unknown): TimeZone | undefined =>
  zone === undefined || zone === null ? undefined : zoneOf(zone)

const dateClass = pythonClass(
  'datetime.date',
  ({ args, kwargs }) => {
    const [year, month, day] = bind('date', ['year', 'month', 'day'], args, kwargs)
    return new PythonDate(checkedDay(year, month, day))
  },
  {
    today,
    fromisoformat: (text: unknown) => new PythonDate(isoDay(str(text))),
    fromordinal: (ordinal: unknown) => new PythonDate(indexOf(ordinal) - 719_163),
    fromtimestamp: (seconds: unknown) => new PythonDate(Math.floor(microsOf(seconds) / MICROS_PER_DAY)),
    min: new PythonDate(-719_162),
    max: new PythonDate(2_932_896),
  },
)

const dateTimeClass = pythonClass(
  'datetime.datetime',
  ({ args, kwargs }) => {
    const names = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond', 'tzinfo']
    const [year, month, day, hour, minute, second, microsecond, zone] = bind('datetime', names, args, kwargs)
    const clock = checkedClock(hour, minute, second, microsecond)
    return new PythonDateTime(checkedDay(year, month, day), clock, optionalZone(zone))
  },
  {
    now: params((zone?: unknown) => now(optionalZone(zone)), ['tz']),
    today: () => now(undefined),
    utcnow: () => now(undefined),
    fromtimestamp: params(
      (seconds: unknown, zone?: unknown) => PythonDateTime.at(microsOf(seconds), optionalZone(zone)),
      ['timestamp', 'tz'],
    ),
    utcfromtimestamp: (seconds: unknown) => PythonDateTime.at(microsOf(seconds), undefined),
    fromisoformat: isoMoment,
    strptime: parsed,
    combine: (day: unknown, time: unknown) => {
      if (day instanceof PythonDate && time instanceof PythonTime) return new PythonDateTime(day.days, time.micros)
      throw typeError('combine() takes a date and a time')
    },
    min: new PythonDateTime(-719_162, 0),
    max: new PythonDateTime(2_932_896, MICROS_PER_DAY - 1),
  },
)

const timeClass = pythonClass(
  'datetime.time',
  ({ args, kwargs }) => {
    const [hour, minute, second, micro] = bind('time', ['hour', 'minute', 'second', 'microsecond'], args, kwargs)
    return new PythonTime(checkedClock(hour, minute, second, micro))
  },
  { min: new PythonTime(0), max: new PythonTime(MICROS_PER_DAY - 1) },
)

const zoneClass = pythonClass(
  'datetime.timezone',
  ({ args: [offset, label] }) => {
    if (!(offset instanceof TimeDelta)) throw typeError('timezone() takes a timedelta')
    return new TimeZone({ seconds: offset.micros / 1e6, label: label === undefined ? undefined : str(label) })
  },
  { utc: UTC },
)

/** Python's module `datetime`. */
export const DATETIME_MODULE: Readonly<Record<string, unknown>> = {
  date: dateClass,
  datetime: dateTimeClass,
  time: timeClass,
  timedelta: pythonClass('datetime.timedelta', timeDelta, {}),
  timezone: zoneClass,
  UTC,
}

/** The module `pytz`: the time zones of IANA. */
export const PYTZ_MODULE: Readonly<Record<string, unknown>> = {
  timezone: native('timezone', ({ args: [name], kwargs }) => namedZone(name ?? kwargs['zone'])),
  utc: UTC,
  UTC,
  get all_timezones() {
    return [...Intl.supportedValuesOf('timeZone'), 'UTC']
  },
  get common_timezones() {
    return [...Intl.supportedValuesOf('timeZone'), 'UTC']
  },
}
