import type { DatabaseTable } from '../../data/connect/index.ts'
import type { IngestResult, LoadOptions } from './load-table.ts'
export async function loadDatabase(_options: LoadOptions<DatabaseTable>): Promise<IngestResult> {
  throw new Error()
}
