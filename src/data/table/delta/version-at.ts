import { MillraceError } from '../../../base/kernel/index.ts'
import { type DeltaLog, listLog, loadSnapshot, readCommit } from './delta-log.ts'
import type { LogFile } from './log-files.ts'

/**
 * The version that a table had at a moment: the newest whose commit is not younger. A commit's time is its
 * `inCommitTimestamp` where the table keeps one (Delta protocol, "In-Commit Timestamps"), otherwise that of its file;
 * of files that were copied out of order a later version is never older than the one before. A moment after the
 * newest commit gives the newest version.
 * @param moment milliseconds since 1970
 * @throws MillraceError DELTA_VERSION_NOT_FOUND before the oldest commit that is left, and what `loadSnapshot` throws
 */
export async function versionAt(log: DeltaLog, moment: number): Promise<number> {
  const { properties, version: newest } = await loadSnapshot(log)
  const commits = (await listLog(log))
    .filter(({ kind, version }) => kind === 'commit' && version <= newest)
    .sort((a, b) => a.version - b.version)
  const times = fileTimes(commits)
  const keepsTimes = properties['delta.enableInCommitTimestamps'] === 'true'
  let oldestTime = Number.NaN
  for (const [at, { version }] of [...commits.entries()].reverse()) {
    const time = (keepsTimes ? await commitTime(log, version) : undefined) ?? times[at] ?? Number.NaN
    if (time <= moment) return version
    oldestTime = time
  }
  const oldest = commits[0]?.version ?? newest
  throw new MillraceError('DELTA_VERSION_NOT_FOUND', `reading a Delta table as of ${textOf(moment)}`, {
    hint: `Its log holds versions ${oldest} to ${newest}, the oldest of ${textOf(oldestTime)}.`,
    data: { oldest, newest },
  })
}

/** The times of commit files in order of their versions, each at least a millisecond after the one before. */
function fileTimes(commits: readonly LogFile[]): number[] {
  const times: number[] = []
  for (const { modified } of commits) times.push(Math.max(modified, (times.at(-1) ?? Number.NEGATIVE_INFINITY) + 1))
  return times
}

async function commitTime(log: DeltaLog, version: number): Promise<number | undefined> {
  const commit = await readCommit(log, version)
  return commit?.actions.find((action) => action.kind === 'commitInfo')?.inCommitTimestamp
}

function textOf(moment: number): string {
  const date = new Date(moment)
  return Number.isNaN(date.getTime()) ? String(moment) : date.toISOString()
}
