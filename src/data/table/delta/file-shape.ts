import type { Schema } from '../../../base/kernel/index.ts'
import type { FileShape } from './add-file.ts'
import { mappingMode } from './column-mapping.ts'
import { indexedColumns } from './indexed-columns.ts'
import type { Snapshot } from './snapshot.ts'

/** What files that are written for a table depend on, with these columns (the table's own by default). */
export function fileShape(snapshot: Snapshot, schema: Schema = snapshot.schema): FileShape {
  const { protocol, metadata, partitionBy, properties } = snapshot
  const mode = mappingMode(protocol, metadata)
  return { schema, partitionBy, mode, indexed: indexedColumns(schema, partitionBy, properties, mode) }
}
