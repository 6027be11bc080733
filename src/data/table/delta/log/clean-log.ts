import { failpoint } from '../../../../base/kernel/index.ts'
import { retentionMs } from '../maintain/retention.ts'
import type { Snapshot } from '../snapshot.ts'
import { type DeltaLog, listLog, logPath } from './delta-log.ts'
import { isCheckpoint, LOG_FOLDER, type LogFile, SIDECAR_FOLDER } from './log-files.ts'
import { planLogCleanup } from './plan-log-cleanup.ts'
import { sidecarsOf } from './read-checkpoint.ts'

/** Milliseconds for which a sidecar, or what is being written, stays though nothing names it: it may be about to be. */
const GRACE_MS = 86_400_000

/**
 * Removes the commits and checkpoints of a log that are older than `delta.logRetentionDuration` and stand behind a
 * checkpoint, and what checkpoints left. Whoever it dies under, what is left is a whole log. Nothing happens when the
 * table says `delta.enableExpiredLogCleanup = false`.
 * @param now milliseconds since 1970
 * @returns the names of the removed files
 */
export async function cleanLog(log: DeltaLog, snapshot: Snapshot, now = Date.now()): Promise<string[]> {
  if (snapshot.properties['delta.enableExpiredLogCleanup']?.toLowerCase() === 'false') return []
  // Such a table says itself which versions must stay (Delta protocol, "Checkpoint Protection").
  if (snapshot.protocol.writerFeatures?.includes('checkpointProtection')) return []
  const keptMs = retentionMs(snapshot.properties, 'delta.logRetentionDuration')
  if (!(await hasOldCommit(log, now - keptMs))) return []
  const files = await listLog(log)
  const expired = planLogCleanup(files, now, keptMs)
  if (expired.length === 0) return []
  const removed: string[] = []
  const remove = async (path: string) => {
    await log.store.delete(path)
    failpoint('delta.log-file-deleted')
    removed.push(path.slice(path.indexOf(`${LOG_FOLDER}/`) + LOG_FOLDER.length + 1))
  }
  // From the oldest on, so that what is left has no gap.
  for (const { path } of expired) await remove(path)
  const gone = new Set(expired.map(({ path }) => path))
  const checkpoints = files.filter((file) => isCheckpoint(file) && !gone.has(file.path))
  for (const path of await orphans(log, checkpoints, now)) await remove(path)
  return removed
}

/** Whether the log's first commit is older than a moment: saves listing all of a log in which nothing is. */
async function hasOldCommit(log: DeltaLog, moment: number): Promise<boolean> {
  for await (const { modified } of log.store.list(logPath(log, '0'))) return modified < moment
  return false
}

/** Sidecars that no checkpoint names, checksums of commits that are gone, and checkpoints that were never finished. */
async function orphans(log: DeltaLog, checkpoints: readonly LogFile[], now: number): Promise<string[]> {
  const oldest = Math.min(...checkpoints.map(({ version }) => version))
  const found: string[] = []
  const sidecars: string[] = []
  for await (const { path, modified } of log.store.list(logPath(log, ''))) {
    if (modified > now - GRACE_MS) continue
    const name = path.slice(logPath(log, '').length)
    const checksum = /^(\d{20})\.crc$/.exec(name)
    if (name.startsWith(`${SIDECAR_FOLDER}/`)) sidecars.push(path)
    else if (UNFINISHED.test(name) || (checksum && Number(checksum[1]) < oldest)) found.push(path)
  }
  if (sidecars.length === 0) return found
  const named = await sidecarsOf(log, checkpoints)
  return [...found, ...sidecars.filter((path) => !named.has(path))]
}

/** A checkpoint as it is written, before it has its name. */
const UNFINISHED = /^\.\d{20}\.checkpoint\.parquet\.[0-9a-f-]{36}\.tmp$/
