import { type DataType, MillraceError, type Schema } from '../../../../base/kernel/index.ts'
import type { Metadata, Protocol } from '../actions.ts'
import { CONSTRAINT, computedColumn, DEFAULT, INVARIANTS } from '../rules/column-rules.ts'
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
export function checkWritable(protocol: Protocol, metadata: Metadata): void {
  const unknown =
    protocol.minWriterVersion > 7
      ? [`writer version ${protocol.minWriterVersion}`]
      : protocol.minWriterVersion === 7
        ? (protocol.writerFeatures ?? []).filter((feature) => !FEATURES[feature]?.canWrite)
        : []
  mappingMode(protocol, metadata)
  refuse('writing to', unknown)
}

function refuse(act: string, features: readonly string[]): void {
  if (features.length === 0) return
  throw new MillraceError('DELTA_FEATURE_UNSUPPORTED', `${act} a Delta table that needs ${features.join(', ')}`, {
    hint: 'Drop the feature with the tool that added it, or use that tool for this table.',
    data: { features: [...features] },
  })
}

/**
 * The protocol that a table with this schema and these properties needs: the current one where it suffices, never a
 * lower one. A table without lists of features keeps to versions as long as these can say what it needs.
 */
export function protocolFor(
  schema: Schema,
  properties: Readonly<Record<string, string>> = {},
  current: Protocol = { minReaderVersion: 1, minWriterVersion: 2 },
): Protocol {
  return withFeatures(current, neededFeatures(schema, properties))
}

/** A protocol that stands for one more feature. @throws MillraceError DELTA_FEATURE_UNSUPPORTED for one that is not known */
export function addFeature(current: Protocol, feature: string): Protocol {
  if (!FEATURES[feature]?.canWrite) refuse('writing to', [feature])
  return withFeatures(current, feature === 'rowTracking' ? [feature, 'domainMetadata'] : [feature])
}

function withFeatures(current: Protocol, features: readonly string[]): Protocol {
  const needed = features.filter((name) => !supports(current, name))
  if (needed.length === 0) return current
  const asVersions = needed.every((name) => FEATURES[name]?.legacy)
  if (asVersions && current.minWriterVersion < 7) {
    const legacies = needed.flatMap((name) => FEATURES[name]?.legacy ?? [])
    return {
      minReaderVersion: Math.max(current.minReaderVersion, ...legacies.map(({ reader }) => reader ?? 1)),
      minWriterVersion: Math.max(current.minWriterVersion, ...legacies.map(({ writer }) => writer)),
    }
  }
  const writerFeatures = [
    ...(current.minWriterVersion === 7
      ? (current.writerFeatures ?? [])
      : legacyWriterFeatures(current.minWriterVersion)),
    ...needed,
  ]
  const forReaders = needed.filter((name) => FEATURES[name]?.isForReaders)
  const readerFeatures = [
    ...(current.minReaderVersion === 3
      ? (current.readerFeatures ?? [])
      : current.minReaderVersion === 2
        ? ['columnMapping']
        : []),
    ...forReaders,
  ]
  if (forReaders.length === 0 && current.minReaderVersion < 3) {
    return { minReaderVersion: current.minReaderVersion, minWriterVersion: 7, writerFeatures: unique(writerFeatures) }
  }
  return {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: unique(readerFeatures),
    writerFeatures: unique(writerFeatures),
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** Whether a protocol already stands for a feature. */
export function supports(protocol: Protocol, feature: string): boolean {
  const { legacy, isForReaders } = FEATURES[feature] ?? {}
  const forWriters =
    protocol.minWriterVersion >= 7
      ? (protocol.writerFeatures ?? []).includes(feature)
      : legacy !== undefined && protocol.minWriterVersion >= legacy.writer
  const forReaders =
    !isForReaders ||
    (protocol.minReaderVersion >= 3
      ? (protocol.readerFeatures ?? []).includes(feature)
      : legacy?.reader !== undefined && protocol.minReaderVersion >= legacy.reader)
  return forWriters && forReaders
}

const FEATURE_KEY = /^delta\.feature\.(.+)$/

/** Properties without those that only ask for a feature, which a table does not keep. */
export function keptProperties(properties: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (!Object.keys(properties).some((key) => FEATURE_KEY.test(key))) return properties
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !FEATURE_KEY.test(key)))
}

const SWITCHES: Readonly<Record<string, string>> = {
  'delta.enableDeletionVectors': 'deletionVectors',
  'delta.enableChangeDataFeed': 'changeDataFeed',
  'delta.enableTypeWidening': 'typeWidening',
  'delta.enableInCommitTimestamps': 'inCommitTimestamp',
  'delta.enableRowTracking': 'rowTracking',
  'delta.appendOnly': 'appendOnly',
  'delta.enableIcebergCompatV1': 'icebergCompatV1',
  'delta.enableIcebergCompatV2': 'icebergCompatV2',
  'delta.enableIcebergCompatV3': 'icebergCompatV3',
  'delta.enableVariantShredding': 'variantShredding',
}

/** The features that columns and properties make use of (Delta protocol, "Valid Feature Names in Table Features"). */
function neededFeatures(schema: Schema, properties: Readonly<Record<string, string>>): string[] {
  const needed = new Set<string>()
  if (schema.fields.some(({ type }) => holds(type, 'timestamp_ntz'))) needed.add('timestampNtz')
  for (const [key, value] of Object.entries(properties)) {
    const feature = SWITCHES[key]
    if (feature && value.toLowerCase() === 'true') needed.add(feature)
    if (key.startsWith(CONSTRAINT)) needed.add('checkConstraints')
    const named = FEATURE_KEY.exec(key)?.[1]
    if (named !== undefined) needed.add(named)
  }
  if ((properties['delta.columnMapping.mode'] ?? 'none') !== 'none') needed.add('columnMapping')
  for (const field of schema.fields) {
    const kind = computedColumn(field)?.kind
    if (kind === 'generated') needed.add('generatedColumns')
    if (kind === 'identity') needed.add('identityColumns')
    if (field.metadata?.[DEFAULT] !== undefined) needed.add('allowColumnDefaults')
    if (field.metadata?.[INVARIANTS] !== undefined) needed.add('invariants')
  }
  // Row tracking keeps its last number in a domain (Delta protocol, "Row Tracking").
  if (needed.has('rowTracking')) needed.add('domainMetadata')
  return [...needed]
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
