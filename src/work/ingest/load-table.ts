import type { State } from '../../base/state/index.ts'
import type { SourceTable } from '../../data/connect/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { loadDatabase } from './load-database.ts'
import { loadFiles } from './load-files.ts'
import type { IngestTarget } from './target.ts'

/** What a load did. */
export interface IngestResult {
  /** The table of the source, such as `shop.orders`. */
  readonly source: string
  readonly dataset: string
  readonly rows: number
  readonly bytes: number
  /** Source files that were read. */
  readonly files: number
  /** Versions of the table that the load made. */
  readonly batches?: number
  readonly rejected: number
  /** The dataset that holds the rejected rows, when there are some. */
  readonly rejects?: string
  /** The table's version after the load; absent when there is no table yet. */
  readonly version?: number
  /** Sentences: what was skipped, and why. */
  readonly skipped: readonly string[]
  /** Sentences about changes of the source. */
  readonly notes: readonly string[]
}

/** One table to load, and all that it takes. */
export interface LoadOptions<T extends SourceTable = SourceTable> {
  /** The source's name. */
  readonly source: string
  readonly table: T
  readonly dataset: string
  /** The project folder. */
  readonly dir: string
  readonly connection: EngineConnection
  readonly target: IngestTarget
  readonly state: State
  /** Forgets what was loaded and replaces the table's rows by those of the source as they are. */
  readonly fullRefresh?: boolean
  /** The database connections of the project; a source of files needs none. */
  readonly connections?: ConnectionLookup
  /** For what the usual variables of a database client state. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** How often a lost connection is made anew without a batch in between, and how long the first wait is. */
  readonly retry?: { readonly attempts: number; readonly delayMs: number }
  readonly signal?: AbortSignal
  /** Called with a sentence and the rows so far, after each batch and before each retry. */
  readonly onProgress?: (progress: { readonly text: string; readonly rows: number }) => void
}

/**
 * A connection of the project by its name, with its options checked and its secrets resolved.
 * @throws MillraceError CONNECTION_UNKNOWN, SECRET_MISSING
 */
export type ConnectionLookup = (name: string) => { readonly kind: string; readonly options: unknown }

/**
 * Loads what is new of one table. Each batch is written down, committed to the table together with its number, and
 * then acknowledged: a crash anywhere leaves a batch that is either in the table, and is acknowledged by the next
 * load, or is not, and is loaded anew.
 */
export function loadTable(options: LoadOptions): Promise<IngestResult> {
  const { table } = options
  return table.reads === 'rows' ? loadDatabase({ ...options, table }) : loadFiles({ ...options, table })
}
