import { MillraceError, milliseconds } from '../../../../base/kernel/index.ts'

/** How long what is no part of the table any more is kept, by the properties that say so, in milliseconds. */
const KEPT_MS = {
  /** Removed data files and their tombstones: a week. */
  'delta.deletedFileRetentionDuration': 7 * 86_400_000,
  /** Commits and checkpoints behind a newer checkpoint: 30 days. */
  'delta.logRetentionDuration': 30 * 86_400_000,
} as const

/**
 * Milliseconds that a property of a table gives, such as `interval 1 week` or `168 hours`; Delta's default where the
 * table says nothing.
 * @throws MillraceError OPTION_INVALID for a text that is no interval: what is kept for how long must not be guessed
 */
export function retentionMs(properties: Readonly<Record<string, string>>, name: keyof typeof KEPT_MS): number {
  const text = properties[name]
  if (text === undefined) return KEPT_MS[name]
  try {
    return milliseconds(text.trim().replace(/^interval\s+/i, ''))
  } catch (cause) {
    throw new MillraceError('OPTION_INVALID', `the property ${name} of a Delta table is "${text}"`, {
      cause,
      hint: 'Set it to an interval of weeks, days, hours, minutes or seconds, such as "interval 7 days".',
    })
  }
}
