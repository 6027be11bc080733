import { isCheckpoint, type LogFile } from './log-files.ts'
import { completeCheckpoints } from './log-segment.ts'

const DAY_MS = 86_400_000

/**
 * The files of a log that may go (Delta protocol, "Metadata Cleanup"): everything before the newest checkpoint that is
 * not younger than the last commit of the days that are over. The commit of that checkpoint's own version stays, for
 * what it says of itself. Pure.
 * @param now milliseconds since 1970
 * @param retentionMs how long commits are kept; the moment is moved back to the midnight (UTC) before
 */
export function planLogCleanup(files: readonly LogFile[], now: number, retentionMs: number): LogFile[] {
  const cutoff = Math.floor((now - retentionMs) / DAY_MS) * DAY_MS
  const commits = files.filter(({ kind }) => kind === 'commit').sort((a, b) => a.version - b.version)
  let last = -1
  for (const { version, modified } of commits) {
    // The first one that is younger ends it: a later commit is never older, whatever the times of files say.
    if (modified > cutoff) break
    last = version
  }
  const kept = completeCheckpoints(files)
    .map(([part]) => part?.version ?? 0)
    .filter((version) => version <= last)
    .at(-1)
  if (kept === undefined) return []
  return files
    .filter((file) =>
      file.kind === 'compaction'
        ? file.version <= kept
        : file.version < kept && (file.kind === 'commit' || isCheckpoint(file)),
    )
    .sort((a, b) => a.version - b.version)
}
