import { type DataType, type Field, type Row, type Schema, unreachable } from '../../../base/kernel/index.ts'
import type { Action } from './actions.ts'
import type { Snapshot } from './snapshot.ts'

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

const VECTOR = struct({
  storageType: STRING,
  pathOrInlineDv: STRING,
  offset: INTEGER,
  sizeInBytes: INTEGER,
  cardinality: LONG,
})

const FILE_FIELDS: readonly Field[] = [
  nullable('deletionVector', VECTOR),
  nullable('baseRowId', LONG),
  nullable('defaultRowCommitVersion', LONG),
]

/** The columns that are read of a checkpoint or a sidecar, whoever wrote it. */
export const READ_SCHEMA: Schema = {
  fields: [
    ...CHECKPOINT_SCHEMA.fields.map(({ name, type }) => {
      const isFile = type.kind === 'struct' && (name === 'add' || name === 'remove')
      return isFile
        ? nullable(name, { kind: 'struct', fields: [...type.fields, ...FILE_FIELDS] })
        : nullable(name, type)
    }),
    nullable('sidecar', struct({ path: STRING, sizeInBytes: LONG, modificationTime: LONG })),
  ],
}

/** Milliseconds that a removed file stays on record when the table says nothing: a week. */
const RETENTION_MS = 7 * 86_400_000

/**
 * What a checkpoint of a snapshot holds: its actions, and the removed files that readers of older versions may
 * still need (for `delta.deletedFileRetentionDuration`; files are not marked as changing data, they are state).
 * @param now milliseconds since 1970
 */
export function checkpointActions(snapshot: Snapshot, now: number): Action[] {
  const oldest = now - retentionMs(snapshot.properties['delta.deletedFileRetentionDuration'])
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

function retentionMs(property: string | undefined): number {
  const found = /^(?:interval\s+)?(\d+)\s+(minute|hour|day|week)s?$/i.exec(property?.trim() ?? '')
  if (!found) return RETENTION_MS
  const unit = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 }[String(found[2]).toLowerCase()]
  return Number(found[1]) * (unit ?? 0)
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

function long(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value)
}

function map(values: Readonly<Record<string, string | null>> | undefined): Map<string, string | null> | null {
  return values === undefined ? null : new Map(Object.entries(values))
}
