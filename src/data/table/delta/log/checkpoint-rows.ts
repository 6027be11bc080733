import { type DataType, type Field, type Row, type Schema, unreachable } from '../../../../base/kernel/index.ts'
import type { Action, DeletionVector } from '../actions.ts'
import { retentionMs } from '../maintain/retention.ts'
import type { Snapshot } from '../snapshot.ts'

const STRING: DataType = { kind: 'string' }
const LONG: DataType = { kind: 'long' }
const INTEGER: DataType = { kind: 'integer' }
const BOOLEAN: DataType = { kind: 'boolean' }
const STRINGS: DataType = { kind: 'array', element: STRING, containsNull: true }
const STRING_MAP: DataType = { kind: 'map', key: STRING, value: STRING, valueContainsNull: true }

function struct(members: Record<string, DataType>): DataType {
  return { kind: 'struct', fields: Object.entries(members).map(([name, type]) => nullable(name, type)) }
}

function nullable(name: string, type: DataType): Field {
  return { name, type, nullable: true }
}

const VECTOR = struct({
  storageType: STRING,
  pathOrInlineDv: STRING,
  offset: INTEGER,
  sizeInBytes: INTEGER,
  cardinality: LONG,
})

/** What files have of features of a table. */
const FEATURE_FIELDS = { deletionVector: VECTOR, baseRowId: LONG, defaultRowCommitVersion: LONG }

/** The columns of a classic checkpoint (Delta protocol, "Checkpoint Schema"). */
export const CHECKPOINT_SCHEMA: Schema = {
  fields: [
    nullable('txn', struct({ appId: STRING, version: LONG, lastUpdated: LONG })),
    nullable(
      'add',
      struct({
        path: STRING,
        partitionValues: STRING_MAP,
        size: LONG,
        modificationTime: LONG,
        dataChange: BOOLEAN,
        stats: STRING,
        tags: STRING_MAP,
        ...FEATURE_FIELDS,
        clusteringProvider: STRING,
      }),
    ),
    nullable(
      'remove',
      struct({
        path: STRING,
        deletionTimestamp: LONG,
        dataChange: BOOLEAN,
        extendedFileMetadata: BOOLEAN,
        partitionValues: STRING_MAP,
        size: LONG,
        tags: STRING_MAP,
        ...FEATURE_FIELDS,
      }),
    ),
    nullable(
      'metaData',
      struct({
        id: STRING,
        name: STRING,
        description: STRING,
        format: struct({ provider: STRING, options: STRING_MAP }),
        schemaString: STRING,
        partitionColumns: STRINGS,
        configuration: STRING_MAP,
        createdTime: LONG,
      }),
    ),
    nullable(
      'protocol',
      struct({
        minReaderVersion: INTEGER,
        minWriterVersion: INTEGER,
        readerFeatures: STRINGS,
        writerFeatures: STRINGS,
      }),
    ),
    nullable('domainMetadata', struct({ domain: STRING, configuration: STRING, removed: BOOLEAN })),
  ],
}

/** The columns that are read of a checkpoint or a sidecar, whoever wrote it. */
export const READ_SCHEMA: Schema = {
  fields: [
    ...CHECKPOINT_SCHEMA.fields,
    nullable('sidecar', struct({ path: STRING, sizeInBytes: LONG, modificationTime: LONG })),
  ],
}

/**
 * What a checkpoint of a snapshot holds: its actions, and the removed files that readers of older versions may
 * still need (for `delta.deletedFileRetentionDuration`; files are not marked as changing data, they are state).
 * @param now milliseconds since 1970
 */
export function checkpointActions(snapshot: Snapshot, now: number): Action[] {
  const oldest = now - retentionMs(snapshot.properties, 'delta.deletedFileRetentionDuration')
  return [
    { kind: 'protocol', ...snapshot.protocol },
    { kind: 'metaData', ...snapshot.metadata },
    ...[...snapshot.txns].map(([appId, version]): Action => ({ kind: 'txn', appId, version })),
    ...[...snapshot.domains.values()].map((domain): Action => ({ kind: 'domainMetadata', ...domain })),
    ...snapshot.tombstones
      .filter((file) => (file.deletionTimestamp ?? 0) > oldest)
      .map((file): Action => ({ kind: 'remove', ...file, dataChange: false })),
    ...snapshot.files.map((file): Action => ({ kind: 'add', ...file, dataChange: false })),
  ]
}

/** An action as a row of `CHECKPOINT_SCHEMA`: one column is set, the others are null. */
export function checkpointRow(action: Action): Row {
  const row: Row = { txn: null, add: null, remove: null, metaData: null, protocol: null, domainMetadata: null }
  switch (action.kind) {
    case 'txn':
      row.txn = { appId: action.appId, version: long(action.version), lastUpdated: long(action.lastUpdated) }
      return row
    case 'add':
      row.add = {
        path: action.path,
        partitionValues: map(action.partitionValues),
        size: long(action.size),
        modificationTime: long(action.modificationTime),
        dataChange: action.dataChange,
        stats: action.stats ?? null,
        tags: map(action.tags),
        ...ofFeatures(action),
        clusteringProvider: action.clusteringProvider ?? null,
      }
      return row
    case 'remove':
      row.remove = {
        path: action.path,
        deletionTimestamp: long(action.deletionTimestamp),
        dataChange: action.dataChange,
        extendedFileMetadata: action.extendedFileMetadata ?? null,
        partitionValues: map(action.partitionValues),
        size: long(action.size),
        tags: map(action.tags),
        ...ofFeatures(action),
      }
      return row
    case 'metaData':
      row.metaData = {
        id: action.id,
        name: action.name ?? null,
        description: action.description ?? null,
        format: { provider: action.format.provider, options: map(action.format.options) ?? new Map() },
        schemaString: action.schemaString,
        partitionColumns: [...action.partitionColumns],
        configuration: map(action.configuration) ?? new Map(),
        createdTime: long(action.createdTime),
      }
      return row
    case 'protocol':
      row.protocol = {
        minReaderVersion: action.minReaderVersion,
        minWriterVersion: action.minWriterVersion,
        readerFeatures: action.readerFeatures ? [...action.readerFeatures] : null,
        writerFeatures: action.writerFeatures ? [...action.writerFeatures] : null,
      }
      return row
    case 'domainMetadata':
      row.domainMetadata = { domain: action.domain, configuration: action.configuration, removed: action.removed }
      return row
    case 'cdc':
    case 'commitInfo':
      return row
    default:
      return unreachable(action)
  }
}

function ofFeatures(file: {
  readonly deletionVector?: DeletionVector
  readonly baseRowId?: number
  readonly defaultRowCommitVersion?: number
}): Row {
  const vector = file.deletionVector
  return {
    deletionVector: vector
      ? {
          storageType: vector.storageType,
          pathOrInlineDv: vector.pathOrInlineDv,
          offset: vector.offset ?? null,
          sizeInBytes: vector.sizeInBytes ?? null,
          cardinality: long(vector.cardinality),
        }
      : null,
    baseRowId: long(file.baseRowId),
    defaultRowCommitVersion: long(file.defaultRowCommitVersion),
  }
}

function long(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value)
}

function map(values: Readonly<Record<string, string | null>> | undefined): Map<string, string | null> | null {
  return values === undefined ? null : new Map(Object.entries(values))
}
