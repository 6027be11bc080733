import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { MillraceError, type Row, type Value } from '../../../base/kernel/index.ts'
import { readableFiles } from '../readable-files.ts'
import { type Action, actionOf, type LogEntry } from './actions.ts'
import { CHECKPOINT_SCHEMA, checkpointActions, checkpointRow } from './checkpoint-rows.ts'
import { type DeltaLog, logPath } from './delta-log.ts'
import { checkpointName, LAST_CHECKPOINT, type LogFile } from './log-files.ts'
import { corrupt } from './replay.ts'
import type { Snapshot } from './snapshot.ts'

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
 * Reads the parts of a classic checkpoint as one log entry.
 * @throws MillraceError DELTA_LOG_CORRUPT, DELTA_FEATURE_UNSUPPORTED for the contents of a v2 checkpoint
 */
export async function readCheckpoint(log: DeltaLog, parts: readonly LogFile[]): Promise<LogEntry> {
  const [first] = parts
  if (!log.parquet || !first) throw corrupt('no checkpoint can be read')
  const actions: Action[] = []
  for (const part of parts) {
    const { path } = part
    let rows: Row[]
    try {
      const [address = ''] = await readableFiles(log.store, [part], log.parquet)
      rows = await log.parquet.rows(address)
    } catch (cause) {
      throw corrupt(`checkpoint ${path} cannot be read`, cause)
    }
    for (const row of rows) {
      for (const [kind, body] of Object.entries(row)) {
        if (body === null || typeof body !== 'object') continue
        if (kind === 'sidecar') {
          throw new MillraceError('DELTA_FEATURE_UNSUPPORTED', 'reading a Delta table that needs v2Checkpoint', {
            data: { features: ['v2Checkpoint'] },
          })
        }
        const action = actionOf(kind, plain(body) as object, { file: path })
        if (action) actions.push(action)
      }
    }
  }
  return { version: first.version, actions }
}

/** A value of a row as the log's JSON would have it: longs as numbers, maps as objects. */
function plain(value: Value): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]))
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]))
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
  await log.store.rename(logPath(log, staged), logPath(log, checkpointName(snapshot.version)))
  const hint = { version: snapshot.version, size: rows.length, sizeInBytes, numOfAddFiles: snapshot.files.length }
  await log.store.put(logPath(log, LAST_CHECKPOINT), new TextEncoder().encode(JSON.stringify(hint)))
}
