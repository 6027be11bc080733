import type { Schema } from '../../../base/kernel/index.ts'
import type { Change } from './operation.ts'
import { protocolFor } from './protocol.ts'
import { formatSchema } from './schema-json.ts'
import type { Snapshot } from './snapshot.ts'

/** What a table becomes with other columns or properties: its metadata, and its protocol when that no longer does. */
export function changedMetadata(
  { protocol: current, metadata, properties }: Pick<Snapshot, 'protocol' | 'metadata' | 'properties'>,
  schema: Schema,
  configuration: Readonly<Record<string, string>> = properties,
): Pick<Change, 'metadata' | 'protocol'> {
  const protocol = protocolFor(schema, configuration, current)
  return {
    ...(protocol === current ? {} : { protocol }),
    metadata: { ...metadata, schemaString: formatSchema(schema), configuration },
  }
}
