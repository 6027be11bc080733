import { MillraceError } from '../../base/kernel/index.ts'
import { claim, keepLease, migrateLeases, type State, thisProcess } from '../../base/state/index.ts'
import { type SourceDefinition, sourceTables } from '../../data/connect/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { migrateLedger } from './ledger.ts'
import { type ConnectionLookup, type IngestResult, loadTable } from './load-table.ts'
import type { IngestTarget } from './target.ts'

/** What to load, and where to. */
export interface IngestOptions {
  /** `shop` for all tables of a source, `shop.orders` for one. */
  readonly source: string
  /** A schema (`raw`: each table gets its own name) or, for one table, a dataset (`raw.orders`). */
  readonly into: string
  readonly sources: ReadonlyMap<string, SourceDefinition>
  /** The project folder. */
  readonly dir: string
  readonly connection: EngineConnection
  readonly target: IngestTarget
  readonly state: State
  /** Forgets what was loaded and replaces the tables' rows by those of the source as they are. */
  readonly fullRefresh?: boolean
  /** The project's connections, for sources that are databases. */
  readonly connections?: ConnectionLookup
  /** Environment variables that database clients read (PGSSLMODE, PGPASSFILE), as far as the door passes them on. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** For lost connections: 5 tries without progress between them, 500 ms before the second, by default. */
  readonly retry?: { readonly attempts: number; readonly delayMs: number }
  readonly signal?: AbortSignal
  /** Called when the loading of a table begins and ends, and in between after each batch of a database. */
  readonly onProgress?: (progress: IngestProgress) => void
}

/** How far a load is. */
export interface IngestProgress {
  readonly text: string
  /** Between 0 and 1, of the tables. */
  readonly fraction: number
  /** Rows of the table so far. */
  readonly rows?: number
}

const LEASE_MS = 30_000

/**
 * Loads what is new of a source, table after table: new files, and beyond a cursor the new rows of changed ones.
 * Repeating it loads nothing twice, also after a crash at any moment.
 * @throws MillraceError SOURCE_*, INGEST_*, and those of the table and the engine; tables loaded before stay loaded
 */
export async function ingest(options: IngestOptions): Promise<IngestResult[]> {
  const { source, sources, state, onProgress, signal, ...rest } = options
  const tables = sourceTables(sources, source)
  const name = source.split('.')[0] ?? source
  await migrateLeases(state)
  await migrateLedger(state)
  const results: IngestResult[] = []
  for (const [index, table] of tables.entries()) {
    signal?.throwIfAborted()
    onProgress?.({ text: `${name}.${table.name}`, fraction: index / tables.length })
    const dataset = datasetOf(options.into, source, table.name)
    const asked = await claim(state, `ingest/${name}.${table.name} -> ${dataset}`, thisProcess(), LEASE_MS)
    if (!asked.granted) {
      throw new MillraceError('INGEST_BUSY', `loading ${dataset}: process ${asked.holder.pid} is loading it`, {
        retry: 'again',
        hint: 'Wait until it is done.',
      })
    }
    await using lease = keepLease(state, asked.lease, LEASE_MS)
    const both = signal ? AbortSignal.any([signal, lease.lost]) : lease.lost
    const told = onProgress && {
      onProgress: (progress: { readonly text: string; readonly rows: number }) =>
        onProgress({ ...progress, fraction: index / tables.length }),
    }
    results.push(await loadTable({ ...rest, state, source: name, table, dataset, signal: both, ...told }))
  }
  onProgress?.({ text: name, fraction: 1 })
  return results
}

/** The dataset that a table is loaded into. */
export function datasetOf(into: string, source: string, table: string): string {
  const one = source.includes('.')
  return one && into.includes('.') ? into : `${into}.${table}`
}
