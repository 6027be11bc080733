import type { StoreEntry } from '../../../../base/store/index.ts'

/** The folder of the log inside a table's folder. */
export const LOG_FOLDER = '_delta_log'

/** The folder inside the log's in which v2 checkpoints keep most of their actions (Delta protocol, "Sidecar Files"). */
export const SIDECAR_FOLDER = '_sidecars'

/** The name of a version's commit file inside the log folder (Delta protocol, "Delta Log Entries"). */
export function commitName(version: number): string {
  return `${padded(version)}.json`
}

/** The name of a version's classic single-file checkpoint (Delta protocol, "Checkpoints"). */
export function checkpointName(version: number): string {
  return `${padded(version)}.checkpoint.parquet`
}

/** Where the newest checkpoint is remembered (Delta protocol, "Last Checkpoint File"). */
export const LAST_CHECKPOINT = '_last_checkpoint'

function padded(version: number): string {
  return String(version).padStart(20, '0')
}

/** What a file of the log folder is. `part` counts from 1. */
export type LogFile = {
  readonly version: number
  readonly path: string
  readonly modified: number
  readonly tag?: string
} & (
  | { readonly kind: 'commit' }
  | { readonly kind: 'checkpoint'; readonly part: number; readonly parts: number }
  | { readonly kind: 'uuid-checkpoint' }
  /** Commits from `version` to `end` in one file (Delta protocol, "Log Compaction Files"). */
  | { readonly kind: 'compaction'; readonly end: number }
)

/** Tells the kind of a file by its name; undefined for files that are no part of a snapshot, such as checksums. */
export function logFile(entry: StoreEntry): LogFile | undefined {
  if (entry.path.includes(`${LOG_FOLDER}/${SIDECAR_FOLDER}/`)) return undefined
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1)
  const compaction = /^(\d{20})\.(\d{20})\.compacted\.json$/.exec(name)
  if (compaction) {
    const [version, end] = [Number(compaction[1]), Number(compaction[2])]
    return version <= end ? { version, end, kind: 'compaction', path: entry.path, modified: entry.modified } : undefined
  }
  const found = /^(\d{20})\.(json|checkpoint(?:\.([^.]+)(?:\.(\d{10}))?)?\.(?:parquet|json))$/.exec(name)
  if (!found) return undefined
  const [, digits, rest, first, second] = found
  const { path, modified, tag } = entry
  const file = { version: Number(digits), path, modified, ...(tag === undefined ? {} : { tag }) }
  if (rest === 'json') return { ...file, kind: 'commit' }
  if (first === undefined)
    return rest?.endsWith('.json') ? undefined : { ...file, kind: 'checkpoint', part: 1, parts: 1 }
  if (second === undefined) return { ...file, kind: 'uuid-checkpoint' }
  return { ...file, kind: 'checkpoint', part: Number(first), parts: Number(second) }
}

export function isCheckpoint({ kind }: LogFile): boolean {
  return kind === 'checkpoint' || kind === 'uuid-checkpoint'
}
