import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import type { Action, AddFile, CommitInfo, Metadata } from './actions.ts'
import { mergeWritten } from './fit-schema.ts'
import { inPartition, type Operation, replaces } from './operation.ts'
import { checkPartitioning } from './partition-value.ts'
import { checkWritable, protocolFor } from './protocol.ts'
import { formatSchema } from './schema-json.ts'
import type { Snapshot } from './snapshot.ts'

/** What to write as the next version, or why there is nothing to write. */
export type CommitPlan =
  | { readonly kind: 'commit'; readonly version: number; readonly actions: readonly Action[] }
  | { readonly kind: 'nothing'; readonly reason: 'txn-present' | 'empty' }

/** Written into each commit's provenance. */
const ENGINE_INFO = 'millrace'

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
  const { txn, files } = operation
  if (txn && (snapshot.txns.get(txn.appId) ?? -1) >= txn.version) return { kind: 'nothing', reason: 'txn-present' }
  checkWritable(snapshot.protocol, snapshot.metadata, snapshot.schema)

  const schema = mergeWritten(operation.schema, snapshot.schema, operation.schemaMode)
  const isReplaced = replaces(operation, snapshot.partitionBy)
  const removed = snapshot.files.filter(isReplaced)
  if (removed.length > 0 && snapshot.properties['delta.appendOnly'] === 'true') {
    throw new MillraceError('DELTA_APPEND_ONLY', 'overwriting rows of a Delta table that is append-only', {
      hint: 'Append to it, or set its property delta.appendOnly to false.',
    })
  }
  if (operation.kind === 'overwrite-partitions' && operation.where !== 'dynamic') checkInside(files, operation.where)
  if (files.length === 0 && removed.length === 0 && !txn && schema === snapshot.schema) {
    return { kind: 'nothing', reason: 'empty' }
  }

  const actions: Action[] = [provenance(operation, snapshot, removed, now)]
  if (schema !== snapshot.schema) actions.push(...changeSchema(snapshot, schema))
  if (txn) actions.push({ kind: 'txn', lastUpdated: now, ...txn })
  for (const file of removed) {
    actions.push({
      kind: 'remove',
      path: file.path,
      deletionTimestamp: now,
      dataChange: true,
      extendedFileMetadata: true,
      partitionValues: file.partitionValues,
      size: file.size,
    })
  }
  for (const file of files) actions.push({ kind: 'add', ...file })
  return { kind: 'commit', version: snapshot.version + 1, actions }
}

function planCreate(operation: Operation & { kind: 'create' }, now: number): Action[] {
  const { schema, partitionBy, properties, id } = operation
  checkPartitioning(schema, partitionBy)
  const metadata: Metadata = {
    id,
    format: { provider: 'parquet', options: {} },
    schemaString: formatSchema(schema),
    partitionColumns: partitionBy,
    configuration: properties,
    createdTime: now,
  }
  const protocol = protocolFor(schema)
  checkWritable(protocol, metadata, schema)
  const parameters = { isManaged: 'false', partitionBy: JSON.stringify(partitionBy) }
  return [
    {
      kind: 'commitInfo',
      timestamp: now,
      operation: 'CREATE TABLE',
      operationParameters: parameters,
      engineInfo: ENGINE_INFO,
    },
    { kind: 'protocol', ...protocol },
    { kind: 'metaData', ...metadata },
  ]
}

function changeSchema(snapshot: Snapshot, schema: Schema): Action[] {
  checkPartitioning(schema, snapshot.partitionBy)
  const protocol = protocolFor(schema, snapshot.protocol)
  return [
    ...(protocol === snapshot.protocol ? [] : [{ kind: 'protocol', ...protocol } as const]),
    { kind: 'metaData', ...snapshot.metadata, schemaString: formatSchema(schema) },
  ]
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

function provenance(
  operation: Exclude<Operation, { kind: 'create' }>,
  snapshot: Snapshot,
  removed: readonly AddFile[],
  now: number,
): Action & { kind: 'commitInfo' } {
  const info: CommitInfo = {
    timestamp: now,
    operation: 'WRITE',
    operationParameters: {
      mode: operation.kind === 'append' ? 'Append' : 'Overwrite',
      partitionBy: JSON.stringify(snapshot.partitionBy),
      ...(operation.kind === 'overwrite-partitions'
        ? { predicate: operation.where === 'dynamic' ? 'dynamic' : JSON.stringify(operation.where) }
        : {}),
    },
    operationMetrics: {
      numFiles: String(operation.files.length),
      numRemovedFiles: String(removed.length),
      numOutputBytes: String(operation.files.reduce((sum, { size }) => sum + size, 0)),
      ...(operation.rows === undefined ? {} : { numOutputRows: String(operation.rows) }),
    },
    engineInfo: ENGINE_INFO,
    readVersion: snapshot.version,
    isBlindAppend: operation.kind === 'append',
  }
  return { kind: 'commitInfo', ...info }
}
