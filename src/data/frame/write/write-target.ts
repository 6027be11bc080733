import { MillraceError } from '../../../base/kernel/index.ts'
import type { QueryProgress } from '../../engine/index.ts'
import type { FileFormat, ReadOptions } from '../plan.ts'

/** What happens to data that is there already. */
export type WriteMode = 'overwrite' | 'append' | 'ignore' | 'error' | 'errorIfExists' | 'errorifexists'
export const WRITE_MODES: readonly WriteMode[] = [
  'overwrite',
  'append',
  'ignore',
  'error',
  'errorIfExists',
  'errorifexists',
]

/** The run a write belongs to. */
export interface WriteRun {
  /** The run's day, `2024-01-31`: an overwrite with partitions by date replaces this one only. */
  readonly ds: string
  /** What the write is called in every attempt (`pipeline/task/interval`): an append of the same key happens once. */
  readonly key?: string
}

/** Where and how a frame is written: files or a Delta table at a `path`, or a `dataset` of the catalog or engine. */
export interface WriteTarget {
  readonly format?: FileFormat
  /** An address: a path, or `lake://…`. */
  readonly path?: string
  /** `schema.table`; its format and place are the catalog's. */
  readonly dataset?: string
  /** `error` when left out. */
  readonly mode?: WriteMode
  readonly partitionBy?: readonly string[]
  readonly options?: ReadOptions
  readonly run?: WriteRun
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: QueryProgress) => void
}

/** What was written. */
export interface WriteOutcome {
  readonly rows: number
  readonly bytes: number
  readonly files: number
  /** Of a table that has versions. */
  readonly version?: number
  /** Why nothing was written, when nothing was. */
  readonly skipped?: string
}

/** @throws MillraceError OPTION_INVALID */
export function checkMode(mode: string): WriteMode {
  if ((WRITE_MODES as readonly string[]).includes(mode)) return mode as WriteMode
  throw new MillraceError('OPTION_INVALID', `the write mode "${mode}" does not exist`, {
    hint: 'Use overwrite, append, ignore or error (the default).',
  })
}

/** Whether a mode is one of those that write nothing, or fail, when there is data. */
export function refusal(mode: WriteMode, where: string): { readonly skipped: string } | undefined {
  if (mode === 'ignore') return { skipped: `${where} holds data already, and the mode is ignore` }
  if (mode === 'append' || mode === 'overwrite') return undefined
  throw new MillraceError('WRITE_EXISTS', `writing to ${where}: it holds data already`, {
    hint: 'Say what shall happen: .mode("overwrite"), .mode("append") or .mode("ignore").',
  })
}

export const DAY = /^\d{4}-\d{2}-\d{2}$/

/** @throws MillraceError WRITE_PARTITION_OUTSIDE */
export function outside(where: string, column: string, values: readonly (string | null)[], ds: string): MillraceError {
  const few = values
    .slice(0, 3)
    .map((value) => value ?? 'null')
    .join(', ')
  return new MillraceError(
    'WRITE_PARTITION_OUTSIDE',
    `writing to ${where} in the run of ${ds}: there are rows with ${column} = ${few}`,
    {
      hint: `A run replaces its own day only. Filter by col('${column}').eq(ds), or partition by another column first.`,
      data: { column, ds },
    },
  )
}
