/** The proleptic Gregorian calendar by day numbers from 1970-01-01, as Python's `datetime` counts it. */

export const MICROS_PER_DAY = 86_400_000_000

export interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** The number of a day (https://howardhinnant.github.io/date_algorithms.html#days_from_civil). */
export function dayNumber({ year, month, day }: Day): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

/** The day of a number. */
export function dayOf(number: number): Day {
  const shifted = number + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
  }
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** 0 for Monday. */
export function weekday(number: number): number {
  return (((number + 3) % 7) + 7) % 7
}

/** From 1. */
export function dayOfYear(number: number): number {
  return number - dayNumber({ year: dayOf(number).year, month: 1, day: 1 }) + 1
}

/** ISO 8601's year, week and day of the week (1 for Monday). */
export function isoCalendar(number: number): { year: number; week: number; day: number } {
  const day = weekday(number) + 1
  const thursday = number - day + 4
  const { year } = dayOf(thursday)
  return { year, week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1, day }
}
