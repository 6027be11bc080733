import { type DataType, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import type { Metadata, Protocol } from './actions.ts'
import { mappingMode } from './column-mapping.ts'
import { FEATURES, legacyWriterFeatures } from './features.ts'

/**
 * Refuses a table that cannot be read right.
 * @throws MillraceError DELTA_FEATURE_UNSUPPORTED naming the features
 */
export function checkReadable(protocol: Protocol, metadata: Metadata): void {
  const unknown =
    protocol.minReaderVersion > 3
      ? [`reader version ${protocol.minReaderVersion}`]
      : protocol.minReaderVersion === 3
        ? (protocol.readerFeatures ?? []).filter((feature) => !FEATURES[feature]?.canRead)
        : []
  if (metadata.format.provider !== 'parquet') unknown.push(`files of format ${metadata.format.provider}`)
  refuse('reading', unknown)
}

/**
 * Refuses a table to which a commit of ours could break a rule of its own.
 * @throws MillraceError DELTA_FEATURE_UNSUPPORTED naming the features
 */
export function checkWritable(protocol: Protocol, metadata: Metadata, schema: Schema): void {
  const unknown =
    protocol.minWriterVersion > 7
      ? [`writer version ${protocol.minWriterVersion}`]
      : protocol.minWriterVersion === 7
        ? (protocol.writerFeatures ?? []).filter((feature) => !FEATURES[feature]?.canWrite)
        : []
  const mode = mappingMode(protocol, metadata)
  if (mode !== 'none') unknown.push(`columnMapping (mode ${mode})`)
  refuse('writing to', [...unknown, ...usedRules(metadata, schema)])
}

/** Rules about rows that the table really holds, of features that we accept only while they are unused. */
function usedRules(metadata: Metadata, schema: Schema): string[] {
  const used: string[] = []
  for (const name of Object.keys(metadata.configuration)) {
    if (name.startsWith('delta.constraints.')) used.push(`checkConstraints (${name})`)
  }
  for (const { name, metadata: notes } of schema.fields) {
    for (const key of Object.keys(notes ?? {})) {
      if (key === 'delta.invariants') used.push(`invariants (column ${name})`)
      if (key === 'delta.generationExpression') used.push(`generatedColumns (column ${name})`)
      if (key.startsWith('delta.identity.')) used.push(`identityColumns (column ${name})`)
    }
  }
  return [...new Set(used)]
}

function refuse(act: string, features: readonly string[]): void {
  if (features.length === 0) return
  throw new MillraceError('DELTA_FEATURE_UNSUPPORTED', `${act} a Delta table that needs ${features.join(', ')}`, {
    hint: 'Drop the feature with the tool that added it, or use that tool for this table.',
    data: { features: [...features] },
  })
}

/**
 * The protocol that a table with this schema needs: the current one where it suffices, never a lower one.
 * A `timestamp_ntz` column needs the table feature `timestampNtz` (Delta protocol, "Timestamp without timezone").
 */
export function protocolFor(
  schema: Schema,
  current: Protocol = { minReaderVersion: 1, minWriterVersion: 2 },
): Protocol {
  const feature = 'timestampNtz'
  if (!schema.fields.some(({ type }) => holds(type, 'timestamp_ntz'))) return current
  if (current.minReaderVersion === 3 && current.readerFeatures?.includes(feature)) return current
  const legacyReader = current.minReaderVersion === 2 ? ['columnMapping'] : []
  return {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: [...(current.minReaderVersion === 3 ? (current.readerFeatures ?? []) : legacyReader), feature],
    writerFeatures: [
      ...new Set([
        ...(current.minWriterVersion === 7
          ? (current.writerFeatures ?? [])
          : legacyWriterFeatures(current.minWriterVersion)),
        feature,
      ]),
    ],
  }
}

function holds(type: DataType, kind: DataType['kind']): boolean {
  switch (type.kind) {
    case 'array':
      return holds(type.element, kind)
    case 'map':
      return holds(type.key, kind) || holds(type.value, kind)
    case 'struct':
      return type.fields.some((field) => holds(field.type, kind))
    default:
      return type.kind === kind
  }
}
