import { MillraceError } from '../../../../base/kernel/index.ts'
import type { Snapshot } from '../snapshot.ts'
import { ownTime, risingTimes } from './commit-times.ts'
import { type DeltaLog, listLog, loadSnapshot, readCommit } from './delta-log.ts'

/** The newest version of a table. @throws MillraceError what `loadSnapshot` throws */
export async function newestVersion(log: DeltaLog): Promise<number> {
  return (await loadSnapshot(log)).version
}

/**
 * The version that a table had at a moment: the newest whose commit is not younger. A commit's time is its
 * `inCommitTimestamp` where the table keeps one (Delta protocol, "In-Commit Timestamps"), otherwise that of its file;
 * of files that were copied out of order a later version is never older than the one before. A moment after the
 * newest commit gives the newest version.
 * @param moment milliseconds since 1970
 * @throws MillraceError DELTA_VERSION_NOT_FOUND before the oldest commit that is left, and what `loadSnapshot` throws
 */
export async function versionAt(log: DeltaLog, moment: number): Promise<number> {
  const { newest, commits, timeOf } = await timedCommits(log)
  // Times rise with the versions.
  let [low, high] = [0, commits.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((await timeOf(middle)) <= moment) low = middle + 1
    else high = middle
  }
  const found = commits[low - 1]
  if (found !== undefined) return found
  const oldest = commits[0] ?? newest.version
  throw new MillraceError('DELTA_VERSION_NOT_FOUND', `reading a Delta table as of ${textOf(moment)}`, {
    hint: `Its log holds versions ${oldest} to ${newest.version}, the oldest of ${textOf(await timeOf(0))}.`,
    data: { oldest, newest: newest.version },
  })
}

/**
 * The first version that was committed at a moment or after it.
 * @throws MillraceError DELTA_VERSION_NOT_FOUND after the newest commit, and what `loadSnapshot` throws
 */
export async function versionSince(log: DeltaLog, moment: number): Promise<number> {
  const { newest, commits, timeOf } = await timedCommits(log)
  let [low, high] = [0, commits.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((await timeOf(middle)) < moment) low = middle + 1
    else high = middle
  }
  const found = commits[low]
  if (found !== undefined) return found
  throw new MillraceError('DELTA_VERSION_NOT_FOUND', `reading a Delta table since ${textOf(moment)}`, {
    hint: `Its newest version is ${newest.version}, of ${textOf(await timeOf(commits.length - 1))}.`,
    data: { newest: newest.version },
  })
}

interface TimedCommits {
  readonly newest: Snapshot
  /** Versions whose commits are left, rising. */
  readonly commits: readonly number[]
  /** The time of one of them, by its place in the list. */
  timeOf(at: number): Promise<number>
}

async function timedCommits(log: DeltaLog): Promise<TimedCommits> {
  const newest = await loadSnapshot(log)
  const files = (await listLog(log))
    .filter(({ kind, version }) => kind === 'commit' && version <= newest.version)
    .sort((a, b) => a.version - b.version)
  const times = risingTimes(files)
  const keepsTimes = newest.properties['delta.enableInCommitTimestamps'] === 'true'
  return {
    newest,
    commits: files.map(({ version }) => version),
    async timeOf(at) {
      const entry = keepsTimes ? await readCommit(log, files[at]?.version ?? 0) : undefined
      return (entry && ownTime(entry)) ?? times[at] ?? Number.NaN
    },
  }
}

/** A date or time as text, in UTC unless it names a zone, in milliseconds since 1970; undefined for what is none. */
export function parseMoment(text: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(
    text.trim(),
  )
  if (!parts) return undefined
  const [, date, time = '00:00', zone = 'Z'] = parts
  const moment = Date.parse(`${date}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`)
  return Number.isNaN(moment) ? undefined : moment
}

function textOf(moment: number): string {
  const date = new Date(moment)
  return Number.isNaN(date.getTime()) ? String(moment) : date.toISOString()
}
