import { ATTRIBUTE, native, REPR, STR, TYPE_NAME } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { str } from '../python/text.ts'
import { offsetText } from './time-format.ts'

/** A time zone of Python's: `timezone.utc`, a fixed offset, or one of `pytz`. */
export class TimeZone {
  /** An IANA name, or undefined for a fixed offset. */
  readonly name: string | undefined
  readonly #fixed: number
  readonly #label: string | undefined
  readonly #formats: Intl.DateTimeFormat | undefined

  /** @throws RangeError for a name that is no time zone */
  constructor(zone: { readonly name: string } | { readonly seconds: number; readonly label?: string | undefined }) {
    if ('name' in zone) {
      this.name = zone.name
      this.#fixed = 0
      this.#formats = new Intl.DateTimeFormat('en-US', {
        timeZone: zone.name,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
        timeZoneName: 'short',
      })
    } else {
      this.#fixed = zone.seconds
      this.#label = zone.label
    }
  }

  /** Seconds east of UTC at a moment given as seconds of UTC since 1970. */
  offsetAt(utcSeconds: number): number {
    if (!this.#formats) return this.#fixed
    const parts = Object.fromEntries(
      this.#formats.formatToParts(utcSeconds * 1000).map(({ type, value }) => [type, Number(value)]),
    )
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - Math.floor(utcSeconds)
  }

  /** Seconds east of UTC at a wall clock's time, given as if it were UTC; the earlier of two that are possible. */
  offsetOf(localSeconds: number): number {
    const guess = this.offsetAt(localSeconds - this.offsetAt(localSeconds - 86_400))
    return this.offsetAt(localSeconds - guess)
  }

  /** `CET`, `EST`, `UTC` and the like at a moment of UTC. */
  abbreviationAt(utcSeconds: number): string {
    if (!this.#formats) return this.#label ?? (this.#fixed === 0 ? 'UTC' : `UTC${offsetText(this.#fixed, ':')}`)
    const found = this.#formats.formatToParts(utcSeconds * 1000).find(({ type }) => type === 'timeZoneName')?.value
    return found && !/^GMT[+-]/.test(found) ? found : offsetText(this.offsetAt(utcSeconds), '').slice(0, 3)
  }

  [ATTRIBUTE](member: string): unknown {
    if (member === 'zone') return this.name ?? null
    // `localize` and `normalize` are of pytz: moments know how to do it.
    if (member === 'localize') return native('localize', ({ args: [moment] }) => inZone(moment, this))
    if (member === 'normalize') return native('normalize', ({ args: [moment] }) => moment)
    return undefined
  }

  [STR](): string {
    return this.name ?? this.abbreviationAt(0)
  }

  [REPR](): string {
    if (this.name) return `<DstTzInfo '${this.name}'>`
    return this.#fixed === 0 ? '<UTC>' : `<UTC${offsetText(this.#fixed, ':')}>`
  }

  get [TYPE_NAME](): string {
    return 'timezone'
  }
}

export const UTC: TimeZone = new TimeZone({ seconds: 0 })

/** A moment without a time zone, which `localize` gives one. */
export interface Placeable {
  placedIn(zone: TimeZone): unknown
}

function inZone(moment: unknown, zone: TimeZone): unknown {
  if (moment !== null && typeof moment === 'object' && 'placedIn' in moment) return (moment as Placeable).placedIn(zone)
  throw typeError('localize() takes a datetime')
}

/** The time zone of an IANA name, as `pytz.timezone` finds it. @throws PythonError for an unknown one */
export function namedZone(name: unknown): TimeZone {
  const text = str(name)
  if (/^(utc|gmt)$/i.test(text)) return UTC
  try {
    return new TimeZone({ name: text })
  } catch {
    throw new PythonError('KeyError', `UnknownTimeZoneError: '${text}'`)
  }
}
