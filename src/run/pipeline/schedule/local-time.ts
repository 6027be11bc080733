/** The calendar day of an instant by the wall clock of a time zone: `2024-01-31`. */
export function localDay(instant: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(instant)
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** The first instant of a calendar day in a time zone. Where midnight does not exist, the first after it. */
export function startOfDay(day: string, timezone: string): Date {
  const guess = Date.parse(`${day}T00:00:00Z`)
  // Offsets lie between -12 and +14 hours: the day begins in that window; bisect for its first millisecond.
  let low = guess - 15 * 3_600_000
  let high = guess + 13 * 3_600_000
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (localDay(new Date(middle), timezone) < day) low = middle
    else high = middle
  }
  return new Date(high)
}

/** The calendar day after another. */
export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}
