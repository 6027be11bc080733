import { DateNumbers, daysOf, wholeNumber } from './dateutil-days.ts'
import { clockUnit, dateutilTokens, halfOfDay, isJump, isWeekday, monthNamed } from './dateutil-words.ts'

/**
 * Whether `dateutil.parser.parse` reads a text as a moment (English, month first). Days that lack a month or year are
 * judged within the present ones, as there. Source: dateutil 2.9, parser/_parser.py.
 */
export function isDateutilMoment(text: string, now = new Date()): boolean {
  try {
    return new Reading(dateutilTokens(text)).isMoment(now)
  } catch (thrown) {
    if (thrown instanceof RangeError) return false
    throw thrown
  }
}

interface Clock {
  hour?: number
  minute?: number
  second?: number
  zone?: string
  offset?: number
  weekday?: true
  half?: number
}

class Reading {
  readonly #tokens: string[]
  readonly #date = new DateNumbers()
  readonly #clock: Clock = {}
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = [...tokens]
  }

  isMoment(now: Date): boolean {
    for (; this.#at < this.#tokens.length; this.#at += 1) this.#token(this.#tokens[this.#at] ?? '')
    const { year, month, day } = this.#date.resolved()
    const clock = this.#clock
    const parts = [year, month, day, clock.weekday, clock.hour, clock.minute, clock.second, clock.zone, clock.offset]
    if (parts.every((part) => part === undefined) && clock.half === undefined) return false
    return this.#exists(year, month, day, now)
  }

  #exists(year: number | undefined, month: number | undefined, day: number | undefined, now: Date): boolean {
    const { hour = 0, minute = 0, second = 0 } = this.#clock
    const present = now.getFullYear()
    const full =
      year === undefined ? present : year < 100 && !this.#date.centurySpecified ? century(year, present) : year
    if (full < 1 || full > 9999) return false
    const last = daysOf(full, month ?? now.getMonth() + 1)
    if (day !== undefined && (day < 1 || day > last)) return false
    return hour < 24 && minute < 60 && second < 60
  }

  #token(token: string): void {
    const clock = this.#clock
    const next = this.#peek(1)
    const month = monthNamed(token)
    const half = halfOfDay(token)
    if (isNumber(token)) this.#number(token)
    else if (isWeekday(token)) clock.weekday = true
    else if (month !== undefined) this.#month(month)
    else if (half !== undefined) {
      if (clock.hour === undefined || clock.hour > 12) throw new RangeError('am or pm without an hour')
      clock.hour = onClock(clock.hour, half)
      clock.half = half
    } else if (this.#couldBeZone(token, clock.offset)) {
      clock.zone = token
      if (isUtc(token)) clock.offset = 0
      if (next === '+' || next === '-') {
        this.#tokens[this.#at + 1] = next === '+' ? '-' : '+'
        delete clock.offset
        if (isUtc(token)) delete clock.zone
      }
    } else if (clock.hour !== undefined && (token === '+' || token === '-')) this.#offset(token)
    else if (!isJump(token)) throw new RangeError('an unknown word')
  }

  #month(month: number): void {
    const date = this.#date
    date.push(month, 'M')
    const separator = this.#peek(1)
    if (separator === '-' || separator === '/') {
      date.push(this.#need(2))
      if (this.#peek(3) === separator) {
        date.push(this.#need(4))
        this.#at += 2
      }
      this.#at += 2
    } else if (separator === ' ' && this.#peek(2)?.toLowerCase() === 'of' && this.#peek(3) === ' ' && this.#peek(4)) {
      const year = this.#peek(4) ?? ''
      if (/^\d+$/.test(year)) {
        const number = Number(year)
        date.push(String(number < 100 ? century(number, new Date().getFullYear()) : number), 'Y')
      }
      this.#at += 4
    }
  }

  #offset(sign: string): void {
    const digits = this.#need(1)
    let [hours, minutes] = [0, 0]
    if (digits.length === 4) [hours, minutes] = [wholeNumber(digits.slice(0, 2)), wholeNumber(digits.slice(2))]
    else if (this.#peek(2) === ':') {
      ;[hours, minutes] = [wholeNumber(digits), wholeNumber(this.#need(3))]
      this.#at += 2
    } else if (digits.length <= 2) hours = wholeNumber(digits)
    else throw new RangeError('an offset of odd length')
    this.#clock.offset = (sign === '+' ? 1 : -1) * (hours * 3600 + minutes * 60)
    const named = this.#peek(4) ?? ''
    const closed = this.#peek(3) === '(' && this.#peek(5) === ')' && isJump(this.#peek(2) ?? '')
    if (closed && named.length >= 3 && this.#couldBeZone(named, undefined)) {
      this.#clock.zone = named
      this.#at += 4
    }
    this.#at += 1
  }

  #number(token: string): void {
    if (!/^\d+(\.\d*)?$/.test(token)) throw new RangeError('no decimal number')
    const [clock, date, value, length] = [this.#clock, this.#date, Number(token), token.length]
    const next = this.#peek(1)
    const label = this.#unitPlace()
    if (
      date.values.length === 3 &&
      (length === 2 || length === 4) &&
      clock.hour === undefined &&
      (next === undefined || (next !== ':' && clockUnit(next) === undefined))
    ) {
      clock.hour = wholeNumber(token.slice(0, 2))
      if (length === 4) clock.minute = wholeNumber(token.slice(2))
    } else if (length === 6 || (length > 6 && token.indexOf('.') === 6)) {
      if (date.values.length === 0 && !token.includes('.')) {
        for (const from of [0, 2, 4]) date.push(token.slice(from, from + 2))
      } else {
        clock.hour = wholeNumber(token.slice(0, 2))
        clock.minute = wholeNumber(token.slice(2, 4))
        clock.second = seconds(token.slice(4))
      }
    } else if (length === 8 || length === 12 || length === 14) {
      date.push(token.slice(0, 4), 'Y')
      date.push(token.slice(4, 6))
      date.push(token.slice(6, 8))
      if (length > 8) [clock.hour, clock.minute] = [wholeNumber(token.slice(8, 10)), wholeNumber(token.slice(10, 12))]
      if (length > 12) clock.second = wholeNumber(token.slice(12))
    } else if (label !== undefined) this.#labelled(value, token, label)
    else if (next === ':' && this.#peek(2) !== undefined) this.#time(value)
    else if (next === '-' || next === '/' || next === '.') this.#separated(token, next)
    else if (next === undefined || isJump(next)) {
      const half = halfOfDay(this.#peek(2) ?? '')
      if (half !== undefined) {
        clock.hour = onClock(Math.trunc(value), half)
        this.#at += 1
      } else date.push(value)
      this.#at += 1
    } else if (halfOfDay(next) !== undefined && value < 24) {
      clock.hour = onClock(Math.trunc(value), halfOfDay(next) ?? 0)
      this.#at += 1
    } else if (date.couldBeDay(value)) date.push(value)
    else throw new RangeError('a number that is no part of a moment')
  }

  #time(hour: number): void {
    const clock = this.#clock
    clock.hour = Math.trunc(hour)
    const minutes = this.#need(2)
    if (!/^\d+(\.\d*)?$/.test(minutes)) throw new RangeError('no minutes')
    this.#minutes(Number(minutes))
    if (this.#peek(3) === ':' && this.#peek(4) !== undefined) {
      clock.second = seconds(this.#need(4))
      this.#at += 2
    }
    this.#at += 2
  }

  #separated(token: string, separator: string): void {
    const date = this.#date
    date.push(token)
    const second = this.#peek(2)
    if (second !== undefined && !isJump(second)) {
      this.#dayOrMonth(second)
      if (this.#peek(3) === separator) {
        this.#dayOrMonth(this.#need(4))
        this.#at += 2
      }
      this.#at += 1
    }
    this.#at += 1
  }

  #dayOrMonth(word: string): void {
    const month = monthNamed(word)
    if (month === undefined) this.#date.push(word)
    else this.#date.push(month, 'M')
  }

  /** Where the word `h`, `m` or `s` of this number stands, and which unit it means for it. */
  #unitPlace(): { readonly place: number; readonly unit: number } | undefined {
    const unit = (step: number) => clockUnit(this.#peek(step) ?? '')
    const [after, beyond, before, earlier] = [unit(1), unit(2), unit(-1), unit(-2)]
    if (after !== undefined) return { place: 1, unit: after }
    if (this.#peek(1) === ' ' && beyond !== undefined) return { place: 2, unit: beyond }
    if (before !== undefined) return { place: 0, unit: before + 1 }
    const last = this.#at > 1 && this.#at === this.#tokens.length - 1
    return last && this.#peek(-1) === ' ' && earlier !== undefined ? { place: 0, unit: earlier + 1 } : undefined
  }

  #labelled(value: number, token: string, { place, unit }: { place: number; unit: number }): void {
    if (unit === 0) {
      this.#clock.hour = Math.trunc(value)
      if (value % 1) this.#clock.minute = Math.trunc(60 * (value % 1))
    } else if (unit === 1) this.#minutes(value)
    else if (unit === 2) this.#clock.second = seconds(token)
    this.#at += place
  }

  #minutes(value: number): void {
    this.#clock.minute = Math.trunc(value)
    if (value % 1) this.#clock.second = Math.trunc(60 * (value % 1))
    else delete this.#clock.second
  }

  #couldBeZone(token: string, offset: number | undefined): boolean {
    const { hour, zone } = this.#clock
    return hour !== undefined && zone === undefined && offset === undefined && /^([A-Z]{1,5}|z)$/.test(token)
  }

  #peek(step: number): string | undefined {
    return this.#tokens[this.#at + step]
  }

  #need(step: number): string {
    const token = this.#peek(step)
    if (token === undefined) throw new RangeError('the text ends too early')
    return token
  }
}

/** What Python's float() reads, as tokens can be. */
function isNumber(token: string): boolean {
  return /^\d+(\.\d*)?$/.test(token) || /^(nan|inf|infinity)$/i.test(token)
}

function isUtc(token: string): boolean {
  return /^(utc|gmt|z)$/i.test(token)
}

function onClock(hour: number, half: number): number {
  if (half === 1 && hour < 12) return hour + 12
  return half === 0 && hour === 12 ? 0 : hour
}

function seconds(text: string): number {
  const [whole = '', fraction, more] = text.split('.')
  if (more !== undefined || (fraction !== undefined && !/^\d*$/.test(fraction))) throw new RangeError('no seconds')
  return wholeNumber(whole)
}

/** The year of two digits that lies within fifty years of the present. */
function century(year: number, present: number): number {
  const full = year + Math.floor(present / 100) * 100
  if (full >= present + 50) return full - 100
  return full < present - 50 ? full + 100 : full
}
