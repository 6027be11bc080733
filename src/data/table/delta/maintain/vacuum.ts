import { failpoint, formatDuration, MillraceError } from '../../../../base/kernel/index.ts'
import type { StoreEntry } from '../../../../base/store/index.ts'
import type { RemoveFile } from '../actions.ts'
import type { DeltaTable } from '../delta-table.ts'
import { type DeltaLog, listLog, readCommit, tableAddress } from '../log/delta-log.ts'
import { LOG_FOLDER } from '../log/log-files.ts'
import { FEATURES } from '../schema/features.ts'
import type { Snapshot } from '../snapshot.ts'
import { planVacuum } from './plan-vacuum.ts'
import { retentionMs } from './retention.ts'

/** How a table is vacuumed. */
export interface VacuumOptions {
  /** Milliseconds for which files stay after they left the table; the table's own retention by default. */
  readonly retainMs?: number
  /** Allows less than the table's retention: readers of older versions and writers at work then lose their files. */
  readonly allowShortRetention?: boolean
  /** Says what would be removed, and removes nothing. */
  readonly dryRun?: boolean
  /** Told as files go. */
  readonly onProgress?: (deleted: number, of: number) => void
  readonly signal?: AbortSignal
}

/** What a vacuum removed, or would remove. */
export interface VacuumResult {
  readonly dryRun: boolean
  /** Below the table's folder. */
  readonly files: readonly StoreEntry[]
  /** Of the files together. */
  readonly bytes: number
  /** Files that there were, log and hidden ones left out. */
  readonly filesSeen: number
  readonly retainMs: number
  /** The version of which no file was removed. */
  readonly version: number
}

const DAY_MS = 86_400_000
/** Files deleted at a time. */
const AT_ONCE = 16

/**
 * Removes the files of a table's folder that no version of the last `retainMs` needs: data files, deletion vectors and
 * change files that left the table, and what writes left that never were committed. Files that are younger stay,
 * whoever they belong to, so that writers are not disturbed. Versions before then cannot be read any more.
 * @throws MillraceError OPTION_INVALID for a retention shorter than the table's (`delta.deletedFileRetentionDuration`, a
 *   week by default), DELTA_FEATURE_UNSUPPORTED when a feature might name files in a way that is not known
 */
export async function vacuum(table: DeltaTable, options: VacuumOptions = {}): Promise<VacuumResult> {
  const { log } = table
  const { dryRun = false, signal } = options
  // What is listed first and named later is kept: a file that was committed meanwhile is not removed.
  const entries = await listFiles(log, signal)
  const snapshot = await table.refresh()
  checkKnown(snapshot)
  const least = retentionMs(snapshot.properties, 'delta.deletedFileRetentionDuration')
  const retainMs = options.retainMs ?? least
  if (!(retainMs >= 0))
    throw new MillraceError('OPTION_INVALID', `vacuuming a Delta table with a retention of ${retainMs}`)
  if (retainMs < least && !options.allowShortRetention) throw tooShort(log, retainMs, least)

  const before = Date.now() - retainMs
  const files = planVacuum(entries, snapshot, {
    before,
    removed: await removedFiles(log, snapshot, before, retainMs > least),
    locate: (path) => log.store.locate(inTable(log, path)),
  })
  if (!dryRun) {
    await deleteFiles(log, files, options)
    // What is not shorter than a write can take.
    await log.store.sweep?.(log.path, Math.min(before, Date.now() - DAY_MS))
  }
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  return { dryRun, files, bytes, filesSeen: entries.length, retainMs, version: snapshot.version }
}

function inTable({ path: folder }: DeltaLog, path: string): string {
  return folder === '' ? path : path === '' ? folder : `${folder}/${path}`
}

/** Everything below the table's folder but its log, by paths below it. */
async function listFiles(log: DeltaLog, signal: AbortSignal | undefined): Promise<StoreEntry[]> {
  const above = log.path === '' ? '' : `${log.path}/`
  const entries: StoreEntry[] = []
  for await (const entry of log.store.list(above)) {
    stopIf(signal, log)
    const path = entry.path.slice(above.length)
    if (!path.startsWith(`${LOG_FOLDER}/`)) entries.push({ ...entry, path })
  }
  return entries
}

/** Checkpoints name the removed files of the table's retention; for a longer one the commits since are looked at. */
async function removedFiles(
  log: DeltaLog,
  snapshot: Snapshot,
  before: number,
  isLonger: boolean,
): Promise<readonly RemoveFile[]> {
  if (!isLonger) return snapshot.tombstones
  const removed = [...snapshot.tombstones]
  const commits = (await listLog(log)).filter(({ kind, modified }) => kind === 'commit' && modified > before)
  for (const { version } of commits) {
    const entry = await readCommit(log, version)
    for (const action of entry?.actions ?? []) if (action.kind === 'remove') removed.push(action)
  }
  return removed
}

async function deleteFiles(log: DeltaLog, files: readonly StoreEntry[], options: VacuumOptions): Promise<void> {
  const waiting = [...files].reverse()
  let deleted = 0
  const worker = async () => {
    for (let file = waiting.pop(); file; file = waiting.pop()) {
      stopIf(options.signal, log)
      await log.store.delete(inTable(log, file.path))
      deleted += 1
      failpoint('delta.vacuum-file-deleted')
      options.onProgress?.(deleted, files.length)
    }
  }
  const done = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, files.length) }, worker))
  for (const result of done) if (result.status === 'rejected') throw result.reason
}

/** What a table with a feature that is not known keeps where, nobody can say. */
function checkKnown({ protocol }: Snapshot): void {
  const unknown = (protocol.writerFeatures ?? []).filter((feature) => !FEATURES[feature])
  if (protocol.minWriterVersion > 7) unknown.push(`writer version ${protocol.minWriterVersion}`)
  if (unknown.length === 0) return
  throw new MillraceError('DELTA_FEATURE_UNSUPPORTED', `vacuuming a Delta table that needs ${unknown.join(', ')}`, {
    hint: 'Vacuum it with the tool that added the feature.',
    data: { features: unknown },
  })
}

function tooShort(log: DeltaLog, retainMs: number, least: number): MillraceError {
  return new MillraceError(
    'OPTION_INVALID',
    `vacuuming ${tableAddress(log)} with a retention of ${formatDuration(retainMs)}: the table keeps removed files for ${formatDuration(least)}`,
    {
      hint: 'A shorter retention breaks readers of older versions and writers at work. Lower delta.deletedFileRetentionDuration, or allow it (--allow-short-retention) when nobody else uses the table.',
      data: { retainMs, least },
    },
  )
}

function stopIf(signal: AbortSignal | undefined, log: DeltaLog): void {
  if (signal?.aborted) throw new MillraceError('CANCELLED', `vacuuming ${tableAddress(log)} was cancelled`)
}
