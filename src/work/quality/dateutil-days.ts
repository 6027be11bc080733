/** Numbers of a date as dateutil collects them before it knows which is the day. Source: dateutil 2.9, class _ymd. */
export class DateNumbers {
  readonly values: number[] = []
  readonly labels: { Y?: number; M?: number; D?: number } = {}
  centurySpecified = false

  /** Throws when a text is no whole number, or a label is given twice. */
  push(value: number | string, label?: 'Y' | 'M'): void {
    let named: 'Y' | 'M' | undefined = label
    const long = typeof value === 'string' ? /^\d{3,}$/.test(value) : value > 100
    if (long) {
      this.centurySpecified = true
      if (label === 'M') throw new RangeError('a month of three digits')
      named = 'Y'
    }
    this.values.push(wholeNumber(value))
    if (named === undefined) return
    if (this.labels[named] !== undefined) throw new RangeError(`${named} is given twice`)
    this.labels[named] = this.values.length - 1
  }

  couldBeDay(value: number): boolean {
    const month = this.labels.M === undefined ? undefined : this.values[this.labels.M]
    if (month === undefined) return value >= 1 && value <= 31
    const year = this.labels.Y === undefined ? 2000 : (this.values[this.labels.Y] ?? 2000)
    return value >= 1 && value <= daysOf(year, month)
  }

  /** Which number is which, with the month first where nothing tells (dateutil's defaults). */
  resolved(): {
    readonly year?: number | undefined
    readonly month?: number | undefined
    readonly day?: number | undefined
  } {
    const { values, labels } = this
    const { Y, M } = labels
    const known = Object.keys(labels).length
    const [a = 0, b = 0, c = 0] = values
    if (values.length > 0 && values.length === known) return { year: of(values, Y), month: of(values, M) }
    if (values.length === 3 && known === 2 && Y !== undefined && M !== undefined) {
      return { year: values[Y], month: values[M], day: values[3 - Y - M] }
    }
    if (values.length > 3) throw new RangeError('more than three numbers of a date')
    if (values.length === 0) return {}
    if (values.length === 1 || (M !== undefined && values.length === 2)) {
      const month = of(values, M)
      if (values.length === 1 && M !== undefined) return { month }
      const other = M === undefined || M === 1 ? a : b
      return other > 31 ? { month, year: other } : { month, day: other }
    }
    if (values.length === 2) {
      if (a > 31) return { year: a, month: b }
      return b > 31 ? { month: a, year: b } : { month: a, day: b }
    }
    if (M === 0) return b > 31 ? { month: a, year: b, day: c } : { month: a, day: b, year: c }
    if (M === 1) return a > 31 ? { year: a, month: b, day: c } : { day: a, month: b, year: c }
    if (M === 2) return b > 31 ? { day: a, year: b, month: c } : { year: a, day: b, month: c }
    if (a > 31 || Y === 0) return { year: a, month: b, day: c }
    return a > 12 ? { day: a, month: b, year: c } : { month: a, day: b, year: c }
  }
}

/** Python's int() of a text of digits, or of a number. */
export function wholeNumber(value: number | string | undefined): number {
  if (typeof value === 'number') return Math.trunc(value)
  if (value !== undefined && /^\d+$/.test(value)) return Number(value)
  throw new RangeError('no whole number')
}

/** Days of a month of the Gregorian calendar. Throws when there is no such month. */
export function daysOf(year: number, month: number): number {
  if (month < 1 || month > 12) throw new RangeError('no such month')
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function of(values: readonly number[], index: number | undefined): number | undefined {
  return index === undefined ? undefined : values[index]
}
