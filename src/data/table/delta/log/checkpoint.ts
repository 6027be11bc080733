import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { failpoint } from '../../../../base/kernel/index.ts'
import type { Snapshot } from '../snapshot.ts'
import { CHECKPOINT_SCHEMA, checkpointActions, checkpointRow } from './checkpoint-rows.ts'
import { type DeltaLog, logPath } from './delta-log.ts'
import { checkpointName, LAST_CHECKPOINT } from './log-files.ts'

/** Commits between two checkpoints when the table does not say (`delta.checkpointInterval`). */
const INTERVAL = 10

/** Whether a version is one that gets a checkpoint. */
export function isCheckpointDue(snapshot: Snapshot): boolean {
  const interval = Number(snapshot.properties['delta.checkpointInterval'] ?? INTERVAL)
  return snapshot.version > 0 && interval > 0 && snapshot.version % interval === 0
}

/** The version that `_last_checkpoint` names; undefined when it is missing or damaged (it is only a hint). */
export async function lastCheckpoint(log: DeltaLog): Promise<number | undefined> {
  const bytes = await log.store.get(logPath(log, LAST_CHECKPOINT))
  if (!bytes) return undefined
  try {
    const { version } = JSON.parse(new TextDecoder().decode(bytes)) as { version?: unknown }
    return typeof version === 'number' && Number.isSafeInteger(version) && version >= 0 ? version : undefined
  } catch {
    return undefined
  }
}

/**
 * Writes the checkpoint of a snapshot, so that readers need not replay the commits before it. A crash leaves no
 * half of one: the file is written under a name of its own, then renamed, then pointed to.
 * @param now milliseconds since 1970
 */
export async function writeCheckpoint(log: DeltaLog, snapshot: Snapshot, now: number): Promise<void> {
  if (!log.parquet) return
  const rows = checkpointActions(snapshot, now).map(checkpointRow)
  const staged = `.${checkpointName(snapshot.version)}.${randomUUID()}.tmp`
  await using stage = await log.store.stage(logPath(log, '').replace(/\/$/, ''))
  const sizeInBytes = await log.parquet.writeRows(join(stage.dir, staged), CHECKPOINT_SCHEMA, rows)
  await stage.publish([staged])
  failpoint('delta.checkpoint-staged')
  await log.store.rename(logPath(log, staged), logPath(log, checkpointName(snapshot.version)))
  failpoint('delta.checkpoint-written')
  const hint = { version: snapshot.version, size: rows.length, sizeInBytes, numOfAddFiles: snapshot.files.length }
  // Another writer may have been quicker with a later one.
  if (((await lastCheckpoint(log)) ?? -1) > snapshot.version) return
  await log.store.put(logPath(log, LAST_CHECKPOINT), new TextEncoder().encode(JSON.stringify(hint)))
}
