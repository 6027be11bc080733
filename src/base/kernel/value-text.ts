/** An unscaled integer as decimal text with exactly `scale` digits behind the point: `formatDecimal(1250n, 2)` is `12.50`. */
export function formatDecimal(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : ''
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const DATE_INFINITY = 2_147_483_647
const TIME_INFINITY = 9_223_372_036_854_775_807n
const DAY = 86_400_000_000n

/** Days since 1970-01-01 as `2024-01-31`; years before 1 as `0044-03-15 (BC)`, which DuckDB and PostgreSQL read back. */
export function formatDate(days: number): string {
  if (days === DATE_INFINITY) return 'infinity'
  if (days === -DATE_INFINITY) return '-infinity'
  const { year, month, day } = civil(days)
  const text = (shown: number) => `${String(shown).padStart(4, '0')}-${two(month)}-${two(day)}`
  return year > 0 ? text(year) : `${text(1 - year)} (BC)`
}

/** Microseconds of a day as `13:05:00.000250`. */
export function formatTime(microseconds: bigint): string {
  const seconds = Number(microseconds / 1_000_000n)
  const fraction = String(microseconds % 1_000_000n).padStart(6, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}`
}

/** Microseconds since 1970 as ISO 8601, `2024-01-31T13:05:00.000250`, with `Z` for an instant. */
export function formatTimestamp(microseconds: bigint, instant: boolean): string {
  if (microseconds === TIME_INFINITY) return 'infinity'
  if (microseconds === -TIME_INFINITY) return '-infinity'
  const inDay = ((microseconds % DAY) + DAY) % DAY
  const date = formatDate(Number((microseconds - inDay) / DAY))
  const between = date.endsWith(')') ? ' ' : 'T'
  return `${date}${between}${formatTime(inDay)}${instant ? 'Z' : ''}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
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
