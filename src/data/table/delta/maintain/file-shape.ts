import { MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import { memberPath } from '../../parquet-port.ts'
import type { FileShape } from '../add-file.ts'
import { mappingMode } from '../schema/column-mapping.ts'
import { indexedColumns } from '../schema/indexed-columns.ts'
import type { Snapshot } from '../snapshot.ts'

/** What files that are written for a table depend on, with these columns (the table's own by default). */
export function fileShape(snapshot: Snapshot, schema: Schema = snapshot.schema): FileShape {
  const { protocol, metadata, partitionBy, properties } = snapshot
  const mode = mappingMode(protocol, metadata)
  const indexed = indexedColumns(schema, partitionBy, properties, mode)
  return { schema, partitionBy, mode, indexed: new Set([...indexed, ...clusteredBy(snapshot)]) }
}

/**
 * The columns that a table is clustered by, by their stored `memberPath`, of which each file must have statistics (Delta
 * protocol, "Clustered Table").
 * @throws MillraceError DELTA_LOG_CORRUPT
 */
function clusteredBy({ domains }: Snapshot): string[] {
  const domain = domains.get('delta.clustering')
  if (!domain) return []
  let columns: unknown
  try {
    columns = (JSON.parse(domain.configuration) as { clusteringColumns?: unknown }).clusteringColumns
  } catch (cause) {
    throw new MillraceError('DELTA_LOG_CORRUPT', 'reading what a Delta table is clustered by: it is not JSON', {
      cause,
    })
  }
  return (Array.isArray(columns) ? columns : []).map((path: unknown) => {
    const names: readonly unknown[] = Array.isArray(path) ? path : [path]
    if (names.every((name) => typeof name === 'string')) return memberPath(names)
    throw new MillraceError('DELTA_LOG_CORRUPT', `reading what a Delta table is clustered by: ${JSON.stringify(path)}`)
  })
}
