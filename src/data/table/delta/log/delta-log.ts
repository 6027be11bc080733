import { MillraceError } from '../../../../base/kernel/index.ts'
import type { Store } from '../../../../base/store/index.ts'
import type { ParquetPort } from '../../parquet-port.ts'
import type { LogEntry } from '../actions.ts'
import type { Snapshot } from '../snapshot.ts'
import { lastCheckpoint } from './checkpoint.ts'
import { parseCommit } from './commit-lines.ts'
import { compacted } from './compaction.ts'
import { corrupt } from './corrupt-log.ts'
import { commitName, isCheckpoint, LOG_FOLDER, type LogFile, logFile } from './log-files.ts'
import { chooseSegment } from './log-segment.ts'
import { readCheckpoint } from './read-checkpoint.ts'
import { type CheckpointEntry, replay } from './replay.ts'

/** Where a table's log is, and what reads its checkpoints. */
export interface DeltaLog {
  readonly store: Store
  /** The table's folder inside the store, without a closing slash; empty for the store itself. */
  readonly path: string
  readonly parquet?: ParquetPort<never>
}

/** The path of a file of the log inside the store. */
export function logPath(log: DeltaLog, name: string): string {
  return `${log.path === '' ? '' : `${log.path}/`}${LOG_FOLDER}/${name}`
}

/** The address of the table, for messages. */
export function tableAddress(log: DeltaLog): string {
  return log.store.locate(log.path)
}

/** The files of the log that belong to snapshots, those of versions before `from` left out. */
export async function listLog(log: DeltaLog, from = 0): Promise<LogFile[]> {
  const files: LogFile[] = []
  // A name that sorts before every file of the version.
  const startAfter = logPath(log, commitName(from).replace(/\.json$/, ''))
  for await (const entry of log.store.list(logPath(log, ''), { startAfter })) {
    const file = logFile(entry)
    if (file) files.push(file)
  }
  return files
}

/** The commit of a version; undefined when there is none (yet). */
export async function readCommit(log: DeltaLog, version: number): Promise<LogEntry | undefined> {
  const path = logPath(log, commitName(version))
  const bytes = await log.store.get(path)
  if (!bytes) return undefined
  return { version, actions: parseCommit(new TextDecoder().decode(bytes), path) }
}

/**
 * Reads a version of a table, the newest by default.
 * @throws MillraceError TABLE_NOT_FOUND, DELTA_VERSION_NOT_FOUND, DELTA_LOG_CORRUPT, DELTA_FEATURE_UNSUPPORTED
 */
export async function loadSnapshot(log: DeltaLog, version?: number): Promise<Snapshot> {
  const canReadCheckpoints = log.parquet !== undefined
  const hint = canReadCheckpoints && version === undefined ? await lastCheckpoint(log) : undefined
  let files = await listLog(log, hint)
  // The hint may be wrong; then everything is listed.
  if (hint !== undefined && !files.some(isCheckpoint)) files = await listLog(log)
  if (files.length === 0) {
    throw new MillraceError('TABLE_NOT_FOUND', `there is no Delta table at ${tableAddress(log)}`, {
      hint: 'Check the path; a Delta table is a folder that holds a folder _delta_log.',
    })
  }
  const segment = chooseSegment(files, version, canReadCheckpoints)
  const entries: CheckpointEntry[] = []
  if (segment.checkpoint.length > 0) entries.push(await readCheckpoint(log, segment.checkpoint))
  entries.push(...(await readCommits(log, segment.commits)))
  const snapshot = replay(entries)
  if (version !== undefined) return snapshot
  const newer = await readCommitsAfter(log, snapshot.version, { isListed: true })
  return newer.length === 0 ? snapshot : replay(newer, snapshot)
}

/** A commit, or several in one file. */
async function readEntry(log: DeltaLog, file: LogFile): Promise<LogEntry | undefined> {
  if (file.kind !== 'compaction') return readCommit(log, file.version)
  const bytes = await log.store.get(file.path)
  if (!bytes) return undefined
  const actions = parseCommit(new TextDecoder().decode(bytes), file.path)
  return { version: file.end, from: file.version, actions: compacted(actions) }
}

async function readCommits(log: DeltaLog, files: readonly LogFile[]): Promise<LogEntry[]> {
  const entries: LogEntry[] = []
  const AT_ONCE = 16
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const batch = files.slice(start, start + AT_ONCE).map((file) => readEntry(log, file))
    for (const entry of await Promise.all(batch)) {
      if (!entry) throw corrupt('a commit file vanished while it was read')
      entries.push(entry)
    }
  }
  return entries
}

/**
 * The commits after a version, by name, up to the newest. Listing can lag a put on some object stores, so
 * commits are read by name; a listing then shows whether the log goes on behind a gap.
 * @param isListed when just now the listing showed nothing behind the version
 * @throws MillraceError DELTA_LOG_CORRUPT
 */
export async function readCommitsAfter(
  log: DeltaLog,
  version: number,
  { isListed = false }: { readonly isListed?: boolean } = {},
): Promise<LogEntry[]> {
  const entries: LogEntry[] = []
  for (;;) {
    const entry = await readCommit(log, version + entries.length + 1)
    if (entry) {
      entries.push(entry)
      continue
    }
    if (isListed && entries.length === 0) return entries
    const missing = version + entries.length + 1
    const later = await listLog(log, missing)
    // The next commit may have arrived since it was looked for.
    if (later.some((file) => file.kind === 'commit' && file.version === missing)) continue
    if (later.length > 0) throw corrupt(`version ${missing} is missing, though version ${later.at(-1)?.version} exists`)
    return entries
  }
}

/** The newest snapshot, from an older one and the commits since; the same object when nothing has changed. */
export async function refreshSnapshot(log: DeltaLog, snapshot: Snapshot): Promise<Snapshot> {
  const entries = await readCommitsAfter(log, snapshot.version)
  return entries.length === 0 ? snapshot : replay(entries, snapshot)
}
