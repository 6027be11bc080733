import { Cron } from 'croner'
import { MillraceError } from '../../../base/kernel/index.ts'

/** Airflow's presets as cron. `@once` is missing on purpose: run such a pipeline by hand. */
const PRESETS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@quarterly': '0 0 1 */3 *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
}

/** @throws MillraceError OPTION_INVALID */
export function checkSchedule(schedule: string): void {
  clockOf(schedule, 'UTC')
}

/** @throws MillraceError OPTION_INVALID */
export function checkTimeZone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: timezone })
  } catch (cause) {
    throw new MillraceError('OPTION_INVALID', `"${timezone}" is not a time zone`, {
      cause,
      hint: 'Use a name of the IANA list, such as UTC or Europe/Berlin.',
    })
  }
}

/** The instants at which a schedule ticks, by the wall clock of a time zone. Ticks are whole seconds. */
export interface Clock {
  /** The last tick strictly before an instant. */
  before(instant: Date): Date | undefined
  atOrBefore(instant: Date): Date | undefined
  /** The first tick strictly after an instant. */
  after(instant: Date): Date | undefined
  atOrAfter(instant: Date): Date | undefined
}

/**
 * The clock of a schedule. When the wall clock jumps forward over a tick it ticks right after the gap; when an
 * hour comes twice, a daily tick in it comes once and an hourly one twice.
 * @throws MillraceError OPTION_INVALID
 */
export function clockOf(schedule: string, timezone: string): Clock {
  const pattern = PRESETS[schedule.trim().toLowerCase()] ?? schedule.trim()
  const refuse = (cause?: unknown): MillraceError =>
    new MillraceError('OPTION_INVALID', `"${schedule}" is not a schedule`, {
      cause,
      hint: `Write cron with five fields, such as "30 2 * * *", or one of ${Object.keys(PRESETS).join(', ')}.`,
    })
  if (pattern.split(/\s+/).length !== 5) throw refuse()
  let cron: Cron
  try {
    cron = new Cron(pattern, { timezone, paused: true })
  } catch (cause) {
    throw refuse(cause)
  }
  const up = (instant: Date, plus = 0): Date => new Date((Math.ceil(instant.getTime() / 1000) + plus) * 1000)
  const down = (instant: Date, plus = 0): Date => new Date((Math.floor(instant.getTime() / 1000) + plus) * 1000)
  return {
    before: (instant) => cron.previousRuns(1, up(instant))[0],
    atOrBefore: (instant) => cron.previousRuns(1, down(instant, 1))[0],
    after: (instant) => cron.nextRun(down(instant)) ?? undefined,
    atOrAfter: (instant) => cron.nextRun(up(instant, -1)) ?? undefined,
  }
}
