import type { Schema } from '../../../../base/kernel/index.ts'
import { MAX_COLUMN_ID, maxColumnId } from '../alter/assign-mapping.ts'
import type { Change } from '../operation.ts'
import type { Snapshot } from '../snapshot.ts'
import { mappingMode } from './column-mapping.ts'
import { keptProperties, protocolFor } from './protocol.ts'
import { formatSchema } from './schema-json.ts'

/** What a table becomes with other columns or properties: its metadata, and its protocol when that no longer does. */
export function changedMetadata(
  { protocol: current, metadata, properties }: Pick<Snapshot, 'protocol' | 'metadata' | 'properties'>,
  schema: Schema,
  configuration: Readonly<Record<string, string>> = properties,
): Pick<Change, 'metadata' | 'protocol'> {
  const protocol = protocolFor(schema, configuration, current)
  const becomes = { ...metadata, schemaString: formatSchema(schema), configuration: keptProperties(configuration) }
  return {
    ...(protocol === current ? {} : { protocol }),
    metadata:
      mappingMode(protocol, becomes) === 'none'
        ? becomes
        : { ...becomes, configuration: withMaxId(becomes.configuration, schema) },
  }
}

/** Remembers the largest id that any column ever had, so that none is given twice. */
function withMaxId(properties: Readonly<Record<string, string>>, schema: Schema): Readonly<Record<string, string>> {
  const most = Math.max(Number(properties[MAX_COLUMN_ID] ?? 0), maxColumnId(schema))
  return { ...properties, [MAX_COLUMN_ID]: String(most) }
}
