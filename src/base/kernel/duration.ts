import { MillraceError } from './error.ts'

const UNITS: Record<string, number> = {
  ms: 1,
  millisecond: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
}

/** A length of time: milliseconds, or text such as `'10 minutes'`, `'1 hour 30 minutes'`, `'90s'`. */
export type Duration = number | string

/**
 * Milliseconds of a duration.
 * @throws MillraceError DURATION_INVALID
 */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') {
    if (Number.isFinite(duration) && duration >= 0) return duration
    throw invalid(duration)
  }
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)]
  if (parts.length === 0 || duration.replace(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi, '').trim() !== '') throw invalid(duration)
  let total = 0
  for (const [, amount, written] of parts) {
    const name = (written ?? '').toLowerCase()
    const unit = UNITS[name] ?? UNITS[name.replace(/s$/, '')]
    if (unit === undefined) throw invalid(duration)
    total += Number(amount) * unit
  }
  return total
}

function invalid(written: Duration): MillraceError {
  return new MillraceError('DURATION_INVALID', `"${written}" is not a duration`, {
    hint: 'Write a number and a unit: milliseconds, seconds, minutes, hours, days or weeks, such as "10 minutes".',
  })
}

/** A length of time for people: `830 ms`, `4.2 s`, `3 m 20 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`
}
