import { MillraceError } from '../../../base/kernel/index.ts'
import type { LogFile } from './log-files.ts'
import { corrupt } from './replay.ts'

/** The files of the log that make up one version: perhaps a checkpoint, then commits without a gap. */
export interface LogSegment {
  readonly version: number
  /** The parts of the checkpoint in order; empty when the commits start at version 0. */
  readonly checkpoint: readonly LogFile[]
  readonly commits: readonly LogFile[]
}

/**
 * Chooses what to read for a version (the newest by default). Pure.
 * @param canReadCheckpoints without, the commits from version 0 are used as long as they are all there
 * @throws MillraceError DELTA_VERSION_NOT_FOUND, DELTA_LOG_CORRUPT, and OPTION_MISSING when only a checkpoint helps and none can be read
 */
export function chooseSegment(
  files: readonly LogFile[],
  version: number | undefined,
  canReadCheckpoints: boolean,
): LogSegment {
  const commits = files.filter(({ kind }) => kind === 'commit').sort((a, b) => a.version - b.version)
  const checkpoints = completeCheckpoints(files)
  const newest = Math.max(...[...commits, ...checkpoints.flat()].map((file) => file.version))
  const wanted = version ?? newest
  const oldest = Math.min(...[...commits, ...checkpoints.flat()].map((file) => file.version))
  if (!(wanted <= newest && wanted >= 0)) throw versionNotFound(wanted, oldest, newest)

  const checkpoint = canReadCheckpoints ? checkpoints.findLast(([part]) => (part?.version ?? 0) <= wanted) : undefined
  const from = checkpoint?.[0] ? checkpoint[0].version + 1 : 0
  const needed = commits.filter((commit) => commit.version >= from && commit.version <= wanted)
  const missing = firstMissing(needed, from, wanted)
  if (missing === undefined) return { version: wanted, checkpoint: checkpoint ?? [], commits: needed }

  if (missing === 0 && !canReadCheckpoints && checkpoints.length > 0) {
    throw new MillraceError('OPTION_MISSING', 'opening a Delta table whose older commits are in a checkpoint only', {
      hint: "Give the engine's Parquet port: DeltaTable.open(store, path, { parquet: engine.files }).",
    })
  }
  // A log that starts later was cleaned up; a version before its first checkpoint is gone for good.
  if (missing === 0 && (checkpoints.length > 0 || version !== undefined)) throw versionNotFound(wanted, oldest, newest)
  throw corrupt(`version ${missing} is missing, though version ${newest} exists`)
}

function completeCheckpoints(files: readonly LogFile[]): LogFile[][] {
  const groups = new Map<string, LogFile[]>()
  for (const file of files) {
    if (file.kind === 'commit') continue
    if (file.kind === 'uuid-checkpoint') {
      groups.set(file.path, [file])
      continue
    }
    const key = `${file.version}/${file.parts}`
    groups.set(key, [...(groups.get(key) ?? []), file])
  }
  return [...groups.values()]
    .filter(([first, ...others]) => first?.kind !== 'checkpoint' || first.parts === 1 + others.length)
    .map((parts) => parts.sort((a, b) => (a.path < b.path ? -1 : 1)))
    .sort((a, b) => (a[0]?.version ?? 0) - (b[0]?.version ?? 0))
}

function firstMissing(commits: readonly LogFile[], from: number, to: number): number | undefined {
  for (let index = 0; from + index <= to; index += 1) {
    if (commits[index]?.version !== from + index) return from + index
  }
  return undefined
}

function versionNotFound(wanted: number, oldest: number, newest: number): MillraceError {
  return new MillraceError('DELTA_VERSION_NOT_FOUND', `reading version ${wanted} of a Delta table`, {
    hint: `Its log holds versions ${oldest} to ${newest}.`,
    data: { version: wanted, oldest, newest },
  })
}
