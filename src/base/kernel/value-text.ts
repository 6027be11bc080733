/** An unscaled integer as decimal text with exactly `scale` digits behind the point: `formatDecimal(1250n, 2)` is `12.50`. */
export function formatDecimal(unscaled: bigint, scale: number): string {
  const text = String(unscaled)
  if (scale === 0) return text
  const isNegative = unscaled < 0n
  const point = text.length - scale
  if (point > (isNegative ? 1 : 0)) return `${text.slice(0, point)}.${text.slice(point)}`
  const digits = (isNegative ? text.slice(1) : text).padStart(scale, '0')
  return `${isNegative ? '-' : ''}0.${digits}`
}

const DATE_INFINITY = 2_147_483_647
const TIME_INFINITY = 9_223_372_036_854_775_807n
const DAY = 86_400_000_000

/** Texts of days, which come again and again in a column of dates; so many at most. */
const DAYS = new Map<number, string>()
const MOST_DAYS = 50_000

/** Days since 1970-01-01 as `2024-01-31`; years before 1 as `0044-03-15 (BC)`, which DuckDB and PostgreSQL read back. */
export function formatDate(days: number): string {
  const known = DAYS.get(days)
  if (known !== undefined) return known
  if (DAYS.size >= MOST_DAYS) DAYS.clear()
  const text = dateText(days)
  DAYS.set(days, text)
  return text
}

function dateText(days: number): string {
  if (days === DATE_INFINITY) return 'infinity'
  if (days === -DATE_INFINITY) return '-infinity'
  const { year, month, day } = civil(days)
  const text = (shown: number) => `${String(shown).padStart(4, '0')}-${two(month)}-${two(day)}`
  return year > 0 ? text(year) : `${text(1 - year)} (BC)`
}

/** Microseconds of a day as `13:05:00.000250`. */
export function formatTime(microseconds: bigint): string {
  return timeText(Number(microseconds))
}

function timeText(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1_000_000)
  const fraction = String(microseconds % 1_000_000).padStart(6, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`
}

/** Microseconds since 1970 as ISO 8601, `2024-01-31T13:05:00.000250`, with `Z` for an instant. */
export function formatTimestamp(microseconds: bigint, instant: boolean): string {
  if (microseconds === TIME_INFINITY) return 'infinity'
  if (microseconds === -TIME_INFINITY) return '-infinity'
  const [days, inDay] = dayOf(microseconds)
  const date = formatDate(days)
  const between = date.endsWith(')') ? ' ' : 'T'
  return `${date}${between}${timeText(inDay)}${instant ? 'Z' : ''}`
}

/** The day of a moment, and its microseconds in it. Numbers are exact for 285 years around 1970, and quicker. */
function dayOf(microseconds: bigint): [days: number, inDay: number] {
  const number = Number(microseconds)
  if (Number.isSafeInteger(number)) {
    const days = Math.floor(number / DAY)
    return [days, number - days * DAY]
  }
  const day = BigInt(DAY)
  const inDay = ((microseconds % day) + day) % day
  return [Number((microseconds - inDay) / day), Number(inDay)]
}

const TWO = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))

function two(number: number): string {
  return TWO[number] ?? String(number)
}

/** Proleptic Gregorian date of a day number (Howard Hinnant's `civil_from_days`), which JavaScript's `Date` cannot do for all years. */
function civil(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}
