import { isCalendarDay, MillraceError } from '../../../base/kernel/index.ts'
import type { PipelineOptions } from '../options.ts'
import { clockOf } from './cron.ts'
import { localDay, nextDay, startOfDay } from './local-time.ts'

/**
 * The stretch of time a run works on: from one tick of the schedule up to, not including, the next. Airflow's
 * data interval.
 */
export interface Interval {
  /** Instant, ISO 8601 in UTC. */
  readonly start: string
  readonly end: string
  /** The day on which it starts by the pipeline's wall clock: `2024-01-31`. */
  readonly ds: string
}

type Times = Pick<PipelineOptions, 'schedule' | 'timezone' | 'startDate' | 'endDate'>

/**
 * The latest interval that is over and whose day lies within the start and end dates. Without a schedule an
 * interval is a calendar day.
 * @throws MillraceError INTERVAL_INVALID when none is over yet
 */
export function defaultInterval(options: Times, now: Date): Interval {
  const { startDate, endDate } = options
  let interval = latestComplete(options, now)
  if (interval && endDate !== undefined && interval.ds > endDate) {
    interval = lastStartedBefore(options, startOfDay(nextDay(endDate), options.timezone))
  }
  if (interval && (startDate === undefined || interval.ds >= startDate)) return interval
  throw new MillraceError('INTERVAL_INVALID', 'choosing the latest complete interval: none is over yet', {
    hint: startDate === undefined ? 'Name a day with --ds.' : `The pipeline starts on ${startDate}.`,
  })
}

function latestComplete({ schedule, timezone }: Times, now: Date): Interval | undefined {
  if (schedule === null) {
    const today = startOfDay(localDay(now, timezone), timezone)
    return calendarDay(localDay(new Date(today.getTime() - 1), timezone), timezone)
  }
  const clock = clockOf(schedule, timezone)
  const end = clock.atOrBefore(now)
  const start = end && clock.before(end)
  return start && end ? made(start, end, timezone) : undefined
}

function lastStartedBefore({ schedule, timezone }: Times, instant: Date): Interval | undefined {
  if (schedule === null) return calendarDay(localDay(new Date(instant.getTime() - 1), timezone), timezone)
  const clock = clockOf(schedule, timezone)
  const start = clock.before(instant)
  const end = start && clock.after(start)
  return start && end ? made(start, end, timezone) : undefined
}

/**
 * The interval of a day, `2024-01-31`, or of an instant, `2024-01-31T05:00:00Z`: for a day the first that
 * starts on it, for an instant the one that contains it.
 * @throws MillraceError INTERVAL_INVALID
 */
export function intervalOf(options: Times, ds: string): Interval {
  const { schedule, timezone } = options
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(ds)
  const instant = isDay ? undefined : new Date(ds)
  const wellFormed = isDay ? isCalendarDay(ds) : !Number.isNaN(instant?.getTime())
  if (!wellFormed) {
    throw new MillraceError('INTERVAL_INVALID', `"${ds}" is neither a day nor an instant`, {
      hint: 'Write 2024-01-31 or 2024-01-31T05:00:00Z.',
    })
  }
  if (schedule === null) {
    return within(options, calendarDay(instant ? localDay(instant, timezone) : ds, timezone))
  }
  const clock = clockOf(schedule, timezone)
  const start = instant ? clock.atOrBefore(instant) : clock.atOrAfter(startOfDay(ds, timezone))
  const end = start && clock.after(start)
  if (!start || !end || (isDay && localDay(start, timezone) !== ds)) {
    const earlier = start && clock.before(start)
    const near = [earlier, start].flatMap((tick) => (tick ? [localDay(tick, timezone)] : []))
    throw new MillraceError('INTERVAL_INVALID', `the schedule "${schedule}" starts no interval on ${ds}`, {
      hint: `Intervals start on ${near.join(' and ')}.`,
    })
  }
  return within(options, made(start, end, timezone))
}

/** The intervals whose days lie between two days, both included, oldest first. For backfills. */
export function* intervalsBetween(options: Times, firstDay: string, lastDay: string): Generator<Interval> {
  const { schedule, timezone, startDate, endDate } = options
  const first = startDate !== undefined && startDate > firstDay ? startDate : firstDay
  const last = endDate !== undefined && endDate < lastDay ? endDate : lastDay
  if (schedule === null) {
    for (let day = first; day <= last; day = nextDay(day)) yield calendarDay(day, timezone)
    return
  }
  const clock = clockOf(schedule, timezone)
  let start = clock.atOrAfter(startOfDay(first, timezone))
  while (start && localDay(start, timezone) <= last) {
    const end = clock.after(start)
    if (!end) return
    yield made(start, end, timezone)
    start = end
  }
}

function within({ startDate, endDate }: Times, interval: Interval): Interval {
  const early = startDate !== undefined && interval.ds < startDate
  if (!early && !(endDate !== undefined && interval.ds > endDate)) return interval
  throw new MillraceError('INTERVAL_INVALID', `${interval.ds} lies outside the days of the pipeline`, {
    hint: early ? `It starts on ${startDate}.` : `It ends on ${endDate}.`,
  })
}

function made(start: Date, end: Date, timezone: string): Interval {
  return { start: start.toISOString(), end: end.toISOString(), ds: localDay(start, timezone) }
}

function calendarDay(day: string, timezone: string): Interval {
  return made(startOfDay(day, timezone), startOfDay(nextDay(day), timezone), timezone)
}
