import { MillraceError } from '../../base/kernel/index.ts'
import { claim, keepLease, migrateLeases, type State, thisProcess } from '../../base/state/index.ts'
import { type SourceDefinition, sourceTables } from '../../data/connect/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { migrateLedger } from './ledger.ts'
import { type IngestResult, loadTable } from './load-table.ts'
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
  /** Forgets what was loaded and replaces the tables' rows by those of the files as they are. */
  readonly fullRefresh?: boolean
  readonly signal?: AbortSignal
  /** Called when the loading of a table begins and ends. */
  readonly onProgress?: (progress: { readonly text: string; readonly fraction: number }) => void
}

const LEASE_MS = 30_000

/**
 * Loads what is new of a source, table after table: new files, and beyond a cursor the new rows of changed ones.
 * Repeating it loads nothing twice, also after a crash at any moment.
 * @throws MillraceError SOURCE_*, INGEST_*, and those of the table and the engine; tables loaded before stay loaded
 */
export async function ingest(options: IngestOptions): Promise<IngestResult[]> {
  const { source, sources, state, onProgress, signal } = options
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
    results.push(await loadTable({ ...options, source: name, table, dataset, signal: both }))
  }
  onProgress?.({ text: name, fraction: 1 })
  return results
}

/** The dataset that a table is loaded into. */
export function datasetOf(into: string, source: string, table: string): string {
  const one = source.includes('.')
  return one && into.includes('.') ? into : `${into}.${table}`
}
