import { MillraceError } from '../../../../base/kernel/index.ts'
import { corrupt } from './corrupt-log.ts'
import type { LogFile } from './log-files.ts'

/** The files of the log that make up one version: perhaps a checkpoint, then commits without a gap. */
export interface LogSegment {
  readonly version: number
  /** The parts of the checkpoint in order; empty when the commits start at version 0. */
  readonly checkpoint: readonly LogFile[]
  /** Commits, and compactions of several, in order. */
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
  const compactions = files.filter((file) => file.kind === 'compaction')
  const checkpoints = completeCheckpoints(files)
  let [oldest, newest] = [Number.POSITIVE_INFINITY, 0]
  for (const file of [...commits, ...compactions, ...checkpoints.flat()]) {
    oldest = Math.min(oldest, file.version)
    newest = Math.max(newest, file.kind === 'compaction' ? file.end : file.version)
  }
  const wanted = version ?? newest
  if (!(wanted <= newest && wanted >= 0)) throw versionNotFound(wanted, oldest, newest)

  const checkpoint = canReadCheckpoints ? checkpoints.findLast(([part]) => (part?.version ?? 0) <= wanted) : undefined
  const from = checkpoint?.[0] ? checkpoint[0].version + 1 : 0
  const { files: needed, missing } = covering(commits, compactions, from, wanted)
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

/** The parts of each checkpoint of which all are there, in order of versions. */
export function completeCheckpoints(files: readonly LogFile[]): LogFile[][] {
  const groups = new Map<string, LogFile[]>()
  for (const file of files) {
    if (file.kind === 'commit' || file.kind === 'compaction') continue
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

/** The fewest files that hold the versions from one to another, and the first version that none holds. */
function covering(
  commits: readonly LogFile[],
  compactions: readonly Compaction[],
  from: number,
  to: number,
): { readonly files: readonly LogFile[]; readonly missing?: number } {
  const known = new Map(commits.map((file) => [file.version, file]))
  const longest = new Map<number, Compaction>()
  for (const file of compactions) {
    if (file.end <= to && file.end > (longest.get(file.version)?.end ?? -1)) longest.set(file.version, file)
  }
  const files: LogFile[] = []
  for (let version = from; version <= to; ) {
    const several = longest.get(version)
    const file = several ?? known.get(version)
    if (!file) return { files, missing: version }
    files.push(file)
    version = several ? several.end + 1 : version + 1
  }
  return { files }
}

type Compaction = Extract<LogFile, { kind: 'compaction' }>

function versionNotFound(wanted: number, oldest: number, newest: number): MillraceError {
  return new MillraceError('DELTA_VERSION_NOT_FOUND', `reading version ${wanted} of a Delta table`, {
    hint: `Its log holds versions ${oldest} to ${newest}.`,
    data: { version: wanted, oldest, newest },
  })
}
