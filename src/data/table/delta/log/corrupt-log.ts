import { MillraceError } from '../../../../base/kernel/index.ts'

/** An error about a log that cannot be trusted. */
export function corrupt(what: string, cause?: unknown): MillraceError {
  return new MillraceError('DELTA_LOG_CORRUPT', `reading a Delta log: ${what}`, {
    hint: 'Restore the missing or damaged files of _delta_log from a backup.',
    ...(cause === undefined ? {} : { cause }),
  })
}
