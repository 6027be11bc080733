import { join } from 'node:path'
import { loadSources } from '../../data/connect/index.ts'
import { catalogTarget, type IngestResult, ingest } from '../../work/ingest/index.ts'
import type { Project } from './open-project.ts'

/** What to load. */
export interface IngestRequest {
  /** `shop` for all tables of a source, `shop.orders` for one. */
  readonly source: string
  /** A schema, or for one table a dataset. */
  readonly into: string
  /** Replaces the rows of the tables by those of the files as they are. */
  readonly fullRefresh?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly text: string; readonly fraction: number }) => void
}

/** Loads a source's new rows into the lake. @throws MillraceError SOURCE_UNKNOWN, SOURCE_INVALID, INGEST_… */
export async function ingestSource(project: Project, request: IngestRequest): Promise<IngestResult[]> {
  await using connection = await project.lake.connect()
  return await ingest({
    ...request,
    sources: await loadSources(join(project.dir, 'sources')),
    dir: project.dir,
    connection,
    environment: process.env,
    connections: (name) => project.connections.find(name),
    target: catalogTarget(project.catalog),
    state: project.state,
  })
}
