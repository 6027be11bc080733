import { join } from 'node:path'
import type { Row } from '../../../src/base/kernel/index.ts'
import { sql } from '../../../src/base/sql/index.ts'
import { openState } from '../../../src/base/state/index.ts'
import { openCatalog } from '../../../src/data/catalog/index.ts'
import { loadSources } from '../../../src/data/connect/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'
import { catalogTarget, type IngestOptions, type IngestResult, ingest } from '../../../src/work/ingest/index.ts'

/** A project folder with an engine, a lake and a metadata database, for loads. */
export interface Lake extends AsyncDisposable {
  load(more?: Partial<IngestOptions>): Promise<IngestResult[]>
  /** The rows of a dataset, in an order of their own. */
  rows(dataset: string): Promise<Row[]>
  readonly ingest: IngestOptions
}

/** Opens the project in `dir`: sources in `sources/`, tables of `raw` below `lake/raw`. */
export async function openLake(dir: string, config: Parameters<typeof openDuckDb>[0] = {}): Promise<Lake> {
  const engine = await openDuckDb(config)
  const connection = await engine.connect()
  const state = await openState(join(dir, 'state.db'))
  const storage = { lake: { url: join(dir, 'lake') } }
  const zones = { raw: { format: 'delta' as const, location: 'lake://raw' } }
  const catalog = openCatalog({ engine, dir, config: { storage, zones } })
  const options = async (): Promise<IngestOptions> => ({
    source: 'shop',
    into: 'raw',
    sources: await loadSources(join(dir, 'sources')),
    dir,
    connection,
    target: catalogTarget(catalog),
    state,
  })
  return {
    ingest: await options(),
    load: async (more = {}) => ingest({ ...(await options()), ...more }),
    rows: async (dataset) =>
      connection.rows(sql`select * from ${(await catalog.relation({ dataset })).sql} as t order by all`),
    async [Symbol.asyncDispose]() {
      await state[Symbol.asyncDispose]()
      await connection[Symbol.asyncDispose]()
      await engine[Symbol.asyncDispose]()
    },
  }
}
