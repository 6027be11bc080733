import { MillraceError } from '../../../base/kernel/index.ts'
import type { Action, AddFile, Metadata, RemoveFile } from './actions.ts'
import { commitInfo } from './commit-info.ts'
import { nextTime, tellsTimes, withBeginning } from './log/in-commit-time.ts'
import { type Change, type Create, inPartition, type Operation, replaces } from './operation.ts'
import { checkPartitioning } from './partition-value.ts'
import { assignRowIds } from './row-tracking/assign-row-ids.ts'
import { withMarks } from './rules/high-water-mark.ts'
import { changedMetadata } from './schema/changed-metadata.ts'
import { storedPartitions } from './schema/column-mapping.ts'
import { mergeTable } from './schema/fit-table.ts'
import { checkWritable, keptProperties, protocolFor } from './schema/protocol.ts'
import { formatSchema, parseSchema } from './schema/schema-json.ts'
import type { DataFile, Snapshot } from './snapshot.ts'

/** What to write as the next version, or why there is nothing to write. */
export type CommitPlan =
  | { readonly kind: 'commit'; readonly version: number; readonly actions: readonly Action[] }
  | { readonly kind: 'nothing'; readonly reason: 'txn-present' | 'empty' }

/**
 * Decides what an operation puts into the log after a snapshot (undefined: there is no table yet). Pure: the same
 * operation is planned anew on the newer snapshot when another writer came first.
 * @param now milliseconds since 1970
 * @throws MillraceError TABLE_EXISTS, TABLE_NOT_FOUND, DELTA_SCHEMA_MISMATCH, DELTA_PARTITION_OUTSIDE,
 *   DELTA_APPEND_ONLY, DELTA_FEATURE_UNSUPPORTED
 */
export function planCommit(snapshot: Snapshot | undefined, operation: Operation, now: number): CommitPlan {
  if (operation.kind === 'create') {
    if (snapshot) throw new MillraceError('TABLE_EXISTS', 'creating a Delta table where there is one already')
    return { kind: 'commit', version: 0, actions: planCreate(operation, now) }
  }
  if (!snapshot) throw new MillraceError('TABLE_NOT_FOUND', 'writing to a Delta table that does not exist')
  const { txn } = operation
  if (txn && (snapshot.txns.get(txn.appId) ?? -1) >= txn.version) return { kind: 'nothing', reason: 'txn-present' }
  checkWritable(snapshot.protocol, snapshot.metadata)
  const change = operation.kind === 'change' ? operation : changeOf(snapshot, operation)
  if (isEmpty(change)) return { kind: 'nothing', reason: 'empty' }
  checkKept(snapshot, change)
  return { kind: 'commit', version: snapshot.version + 1, actions: actionsOf(snapshot, change, now) }
}

function planCreate(operation: Create, now: number): Action[] {
  const { schema, partitionBy, properties, id, files = [] } = operation
  checkPartitioning(schema, partitionBy)
  const metadata: Metadata = {
    id,
    format: { provider: 'parquet', options: {} },
    schemaString: formatSchema(schema),
    partitionColumns: partitionBy,
    configuration: keptProperties(properties),
    createdTime: now,
  }
  const protocol = operation.protocol ?? protocolFor(schema, properties)
  checkWritable(protocol, metadata)
  const tracked = assignRowIds(undefined, { protocol }, { add: files, remove: [], version: 0 })
  const { name, parameters, metrics } = operation.provenance ?? {
    name: 'CREATE TABLE',
    parameters: { isManaged: 'false', partitionBy: JSON.stringify(partitionBy) },
  }
  return [
    commitInfo(
      undefined,
      { name, ...(parameters ? { parameters } : {}), ...(metrics ? { metrics } : {}) },
      now,
      tellsTimes(properties) ? now : undefined,
    ),
    { kind: 'protocol', ...protocol },
    { kind: 'metaData', ...metadata },
    ...tracked.domains.map((domain): Action => ({ kind: 'domainMetadata', ...domain })),
    ...tracked.add.map((file): Action => ({ kind: 'add', ...file })),
  ]
}

/** A write of rows as the change that it makes to this version. */
function changeOf(snapshot: Snapshot, operation: Exclude<Operation, Create | Change>): Change {
  const { files, txn } = operation
  const merged = mergeTable(operation.schema, snapshot, operation.schemaMode)
  const schema = withMarks(merged, operation.highWaterMarks)
  if (operation.kind === 'overwrite-partitions' && operation.where !== 'dynamic') checkInside(files, operation.where)
  const isAppend = operation.kind === 'append'
  // The files of a large table are not looked at to append some.
  const remove = isAppend ? [] : snapshot.files.filter(replaces(operation, storedPartitions(snapshot)))
  return {
    kind: 'change',
    name: 'WRITE',
    parameters: {
      mode: isAppend ? 'Append' : 'Overwrite',
      partitionBy: JSON.stringify(snapshot.partitionBy),
      ...(operation.kind === 'overwrite-partitions'
        ? { predicate: operation.where === 'dynamic' ? 'dynamic' : JSON.stringify(operation.where) }
        : {}),
    },
    metrics: {
      numFiles: String(files.length),
      numRemovedFiles: String(remove.length),
      numOutputBytes: String(files.reduce((sum, { size }) => sum + size, 0)),
      ...(operation.rows === undefined ? {} : { numOutputRows: String(operation.rows) }),
    },
    remove,
    add: files,
    ...(schema === snapshot.schema ? {} : changedMetadata(snapshot, schema)),
    ...(txn ? { txn } : {}),
    read: isAppend ? { kind: 'nothing' } : { kind: 'files', files: remove },
  }
}

function isEmpty({ add, remove, changeFiles, domains, metadata, protocol, txn }: Change): boolean {
  return (
    !metadata && !protocol && !txn && [add, remove, changeFiles, domains].every((some) => (some ?? []).length === 0)
  )
}

/** Refuses to change or lose rows of a table that is append-only. @throws MillraceError DELTA_APPEND_ONLY */
export function checkRemovable({ properties }: Snapshot): void {
  if (properties['delta.appendOnly'] !== 'true') return
  throw new MillraceError('DELTA_APPEND_ONLY', 'changing or removing rows of a Delta table that is append-only', {
    hint: 'Append to it, or set its property delta.appendOnly to false.',
  })
}

/** Refuses what the table forbids: losing rows of one that is append-only, and becoming one that cannot be written. */
function checkKept(snapshot: Snapshot, { remove = [], dataChange = true, metadata, protocol }: Change): void {
  if (dataChange && remove.length > 0) checkRemovable(snapshot)
  if (!metadata && !protocol) return
  const schema = metadata ? parseSchema(metadata.schemaString) : snapshot.schema
  checkPartitioning(schema, (metadata ?? snapshot.metadata).partitionColumns)
  checkWritable(protocol ?? snapshot.protocol, metadata ?? snapshot.metadata)
}

function actionsOf(snapshot: Snapshot, change: Change, now: number): Action[] {
  const { add = [], remove = [], changeFiles = [], domains = [], metadata, protocol, txn, dataChange = true } = change
  const becoming = { protocol: protocol ?? snapshot.protocol }
  const tracked = assignRowIds(snapshot, becoming, { add, remove, version: snapshot.version + 1 })
  const time = tellsTimes((metadata ?? snapshot.metadata).configuration) ? nextTime(snapshot, now) : undefined
  const becomes = metadata && time !== undefined ? withBeginning(metadata, snapshot, time) : metadata
  return [
    commitInfo(snapshot, change, now, time),
    ...(protocol ? [{ kind: 'protocol', ...protocol } as const] : []),
    ...(becomes ? [{ kind: 'metaData', ...becomes } as const] : []),
    ...(txn ? [{ kind: 'txn', lastUpdated: now, ...txn } as const] : []),
    ...[...domains, ...tracked.domains].map((domain): Action => ({ kind: 'domainMetadata', ...domain })),
    ...remove.map((file): Action => ({ kind: 'remove', ...tombstone(file, dataChange, now) })),
    ...tracked.begun.map((file): Action => ({ kind: 'add', ...file, dataChange: false })),
    ...tracked.add.map((file): Action => ({ kind: 'add', ...file, dataChange })),
    // Change files tell of the change, they are none (Delta protocol, "Add CDC File").
    ...changeFiles.map((file): Action => ({ kind: 'cdc', ...file, dataChange: false })),
  ]
}

function tombstone(file: DataFile, dataChange: boolean, now: number): RemoveFile {
  const { path, partitionValues, size, tags, deletionVector, baseRowId, defaultRowCommitVersion } = file
  return {
    path,
    deletionTimestamp: now,
    dataChange,
    extendedFileMetadata: true,
    partitionValues,
    size,
    ...(tags ? { tags } : {}),
    ...(deletionVector ? { deletionVector } : {}),
    ...(baseRowId === undefined ? {} : { baseRowId }),
    ...(defaultRowCommitVersion === undefined ? {} : { defaultRowCommitVersion }),
  }
}

function checkInside(files: readonly AddFile[], where: Readonly<Record<string, string | null>>): void {
  const outside = files.filter((file) => !inPartition(file, where))
  if (outside.length === 0) return
  const show = (values: object) =>
    Object.entries(values)
      .map(([column, value]) => `${column}=${value}`)
      .join('/')
  const found = [...new Set(outside.map((file) => show(file.partitionValues)))]
  throw new MillraceError(
    'DELTA_PARTITION_OUTSIDE',
    `overwriting partition ${show(where)} with rows of ${found.slice(0, 5).join(', ')}`,
    {
      hint: "Filter the rows to the partition that is overwritten, or overwrite dynamically (where: 'dynamic').",
      data: { where, found },
    },
  )
}
