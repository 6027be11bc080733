import type { LogEntry } from '../actions.ts'
import { type DeltaLog, listLog } from './delta-log.ts'

/**
 * When versions were committed, in milliseconds since 1970: their `inCommitTimestamp` where the table keeps one,
 * otherwise the time of the file, of which a later version's is never older.
 */
export async function commitTimes(
  log: DeltaLog,
  properties: Readonly<Record<string, string>>,
  to: number,
): Promise<(entry: LogEntry) => number> {
  // From the first one that is left: a later time may be raised by an earlier one.
  const files = (await listLog(log)).filter(({ kind, version }) => kind === 'commit' && version <= to)
  const ordered = files.sort((a, b) => a.version - b.version)
  const times = risingTimes(ordered)
  const known = new Map(ordered.map(({ version }, at) => [version, times[at] ?? 0]))
  const keeps = properties['delta.enableInCommitTimestamps'] === 'true'
  return (entry) => (keeps ? ownTime(entry) : undefined) ?? known.get(entry.version) ?? 0
}

/** The times of commit files in order of their versions, each at least a millisecond after the one before. */
export function risingTimes(commits: readonly { readonly modified: number }[]): number[] {
  const times: number[] = []
  for (const { modified } of commits) {
    times.push(Math.max(Math.floor(modified), (times.at(-1) ?? Number.NEGATIVE_INFINITY) + 1))
  }
  return times
}

/** The time that a commit states of itself (Delta protocol, "In-Commit Timestamps"). */
export function ownTime({ actions }: LogEntry): number | undefined {
  const time = actions.find((action) => action.kind === 'commitInfo')?.inCommitTimestamp
  return typeof time === 'number' && Number.isFinite(time) ? time : undefined
}
