import { randomUUID } from 'node:crypto'
import { failpoint, MillraceError } from '../../../base/kernel/index.ts'
import type { Action, LogEntry } from './actions.ts'
import { conflictOf } from './conflict.ts'
import { isCheckpointDue } from './log/checkpoint.ts'
import { formatCommit } from './log/commit-lines.ts'
import { ownTime } from './log/commit-times.ts'
import { type DeltaLog, logPath, readCommit, readCommitsAfter, tableAddress } from './log/delta-log.ts'
import { tellsTimes } from './log/in-commit-time.ts'
import { renewCheckpoint } from './log/keep-log.ts'
import { commitName } from './log/log-files.ts'
import { replay } from './log/replay.ts'
import type { Operation } from './operation.ts'
import { planCommit } from './plan-commit.ts'
import { Snapshot } from './snapshot.ts'

/** What a commit came to. */
export interface Committed {
  /** False when there was nothing to do: the `txn` is in the table already, or nothing would change. */
  readonly committed: boolean
  /** The table after it. */
  readonly snapshot: Snapshot
  /** What could not be done beside the commit, such as a checkpoint; the commit itself stands. */
  readonly warnings: readonly string[]
}

/** @throws MillraceError STORE_UNSUPPORTED when commits to the table's store could overwrite each other */
export async function requireConditionalPut(log: DeltaLog): Promise<void> {
  if (await log.store.conditionalPut()) return
  throw new MillraceError('STORE_UNSUPPORTED', `writing a Delta table to ${tableAddress(log)}`, {
    hint: 'This store cannot put a file only if it is absent (on S3: If-None-Match), without which two writers would lose commits.',
  })
}

/**
 * Commits an operation that was planned against `base`: one put-if-absent. When another writer took the version,
 * the operation is planned anew on top of it, or refused if it had read what has changed.
 * @throws MillraceError DELTA_COMMIT_CONFLICT, and what `planCommit` throws
 */
export async function commit(
  log: DeltaLog,
  base: Snapshot | undefined,
  operation: Operation,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Committed> {
  await requireConditionalPut(log)
  let snapshot = base
  const since: LogEntry[] = []
  for (;;) {
    if (options.signal?.aborted) {
      throw new MillraceError('CANCELLED', `committing to ${tableAddress(log)}: cancelled; nothing of it is visible`)
    }
    snapshot &&= await timed(log, snapshot)
    const plan = planCommit(snapshot, operation, Date.now())
    if (plan.kind === 'nothing') return { committed: false, snapshot: existing(snapshot), warnings: [] }
    failpoint('delta.before-commit')
    const actions = identified(plan.actions)
    if (await put(log, plan.version, actions)) {
      failpoint('delta.after-commit')
      const after = replay([{ version: plan.version, actions }], snapshot)
      return { committed: true, snapshot: after, warnings: await checkpoint(log, after) }
    }
    if (!snapshot) throw new MillraceError('TABLE_EXISTS', `creating a Delta table at ${tableAddress(log)}`)
    const newer = await readCommitsAfter(log, snapshot.version)
    since.push(...newer)
    const conflict = base && conflictOf(operation, base, since)
    if (conflict) {
      throw new MillraceError('DELTA_COMMIT_CONFLICT', `committing to ${tableAddress(log)}: ${conflict.message}`, {
        retry: 'after-reload',
        hint: 'Read the table again and repeat the write; nothing of this one is visible.',
        data: { ...conflict },
      })
    }
    snapshot = replay(newer, snapshot)
  }
}

/** A snapshot that knows its version's own time, after which the next one comes. */
async function timed(log: DeltaLog, snapshot: Snapshot): Promise<Snapshot> {
  if (snapshot.time !== undefined || !tellsTimes(snapshot.properties)) return snapshot
  const entry = await readCommit(log, snapshot.version)
  const time = entry && ownTime(entry)
  return time === undefined ? snapshot : new Snapshot({ ...snapshot, time })
}

/** The actions with an id of their own in the commit info, by which a commit is known again. */
function identified(actions: readonly Action[]): Action[] {
  const txnId = randomUUID()
  return actions.map((action) => (action.kind === 'commitInfo' ? { ...action, txnId } : action))
}

/**
 * Puts a version into the log; false when it is another writer's. A put that took effect although it was answered with
 * an error, or that the store's client sent twice, is known by its bytes.
 */
async function put(log: DeltaLog, version: number, actions: readonly Action[]): Promise<boolean> {
  const path = logPath(log, commitName(version))
  const bytes = new TextEncoder().encode(formatCommit(actions))
  const isOurs = async () => {
    const found = await log.store.get(path)
    return found !== undefined && Buffer.compare(found, bytes) === 0
  }
  let outcome: Awaited<ReturnType<DeltaLog['store']['putIfAbsent']>>
  try {
    outcome = await log.store.putIfAbsent(path, bytes)
  } catch (thrown) {
    if (await isOurs().catch(() => false)) return true
    throw thrown
  }
  return outcome === 'created' || isOurs()
}

function existing(snapshot: Snapshot | undefined): Snapshot {
  if (!snapshot) throw new MillraceError('INTERNAL', 'a table without versions cannot be up to date')
  return snapshot
}

async function checkpoint(log: DeltaLog, snapshot: Snapshot): Promise<string[]> {
  if (!isCheckpointDue(snapshot)) return []
  try {
    await renewCheckpoint(log, snapshot, Date.now())
    return []
  } catch (thrown) {
    // The commit is done; without a checkpoint reading is only slower.
    return [`the checkpoint of version ${snapshot.version} was not written: ${(thrown as Error).message}`]
  }
}
