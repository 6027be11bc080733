export * from './ingest.ts'
export type { IngestResult } from './load-table.ts'
export type { IngestTarget } from './target.ts'
export { REJECT_SCHEMA } from './write-rejects.ts'
