import { formatType, type Schema } from '../../../base/kernel/index.ts'
import type { AddFile, LogEntry, Metadata } from './actions.ts'
import { maxColumnId } from './alter/assign-mapping.ts'
import { fileKey } from './file-path.ts'
import { isolationOf } from './isolation.ts'
import { type Change, type Isolation, type Operation, replaces } from './operation.ts'
import { mappingMode, storedPartitions } from './schema/column-mapping.ts'
import { parseSchema } from './schema/schema-json.ts'
import { filesThatMayHold } from './skip-files.ts'
import type { DataFile, Snapshot } from './snapshot.ts'

/** Spark's names of the ways in which two commits stand against each other. */
export type ConflictKind =
  | 'ProtocolChanged'
  | 'MetadataChanged'
  | 'ConcurrentAppend'
  | 'ConcurrentDeleteRead'
  | 'ConcurrentDeleteDelete'
  | 'ConcurrentTransaction'
  | 'ConcurrentDomain'

/** Why a commit cannot be made after another one. */
export interface Conflict {
  readonly kind: ConflictKind
  /** The version that stands against it. */
  readonly version: number
  /** What that version says it was, such as `MERGE`. */
  readonly operation?: string
  readonly message: string
}

/**
 * Why an operation that was decided on `base` cannot be done after the commits that came since; undefined when it can.
 * The rules are those of Spark's conflict checker, by the isolation that the change or the table asks for; but an
 * overwrite does not survive rows that came to what it replaces, whoever appended them, and appends survive columns
 * that were added.
 */
export function conflictOf(operation: Operation, base: Snapshot, since: readonly LogEntry[]): Conflict | undefined {
  if (operation.kind === 'create') {
    return { kind: 'MetadataChanged', version: base.version, message: 'the table was created by another writer' }
  }
  const footprint = footprintOf(operation, base)
  for (const entry of since) {
    const conflict = between(footprint, base, entry)
    if (conflict) return conflict
  }
  return undefined
}

/** What of a table an operation depends on. */
interface Footprint {
  /** Keys of files whose rows it has read. */
  readonly read: ReadonlySet<string> | 'all'
  readonly removed: ReadonlySet<string>
  /** Of added files those that it would have read. */
  wouldRead(files: readonly AddFile[]): readonly AddFile[]
  readonly isolation: Isolation
  /** Whether it stands on the columns as they were: one that only adds rows or moves them survives new ones. */
  readonly needsColumns: boolean
  readonly changesMetadata: boolean
  readonly txn?: { readonly appId: string; readonly version: number }
  readonly domains: ReadonlySet<string>
}

function footprintOf(operation: Exclude<Operation, { kind: 'create' }>, base: Snapshot): Footprint {
  if (operation.kind === 'change') return footprintOfChange(operation, base)
  const isReplaced = replaces(operation, storedPartitions(base))
  const removed = operation.kind === 'append' ? new Set<string>() : keysOf(base.files.filter(isReplaced))
  const { txn } = operation
  return {
    read: removed,
    removed,
    wouldRead: (files) => files.filter(isReplaced),
    isolation: 'Serializable',
    needsColumns: operation.kind !== 'append' || operation.highWaterMarks !== undefined || addsMapped(operation, base),
    changesMetadata: false,
    ...(txn ? { txn } : {}),
    domains: new Set(),
  }
}

/** Whether an append brings columns with ids that another writer's new columns could have, too. */
function addsMapped({ schema }: { readonly schema: Schema }, base: Snapshot): boolean {
  return mappingMode(base.protocol, base.metadata) !== 'none' && maxColumnId(schema) > maxColumnId(base.schema)
}

function footprintOfChange(change: Change, base: Snapshot): Footprint {
  const { read, remove = [], dataChange = true, metadata, txn, domains = [] } = change
  const files = read.kind === 'files' ? read.files : read.kind === 'rows' ? filesThatMayHold(base, read.where) : []
  return {
    read: read.kind === 'table' ? 'all' : keysOf(files),
    removed: keysOf(remove),
    wouldRead: (added) =>
      read.kind === 'table' ? added : read.kind === 'rows' ? filesThatMayHold(base, read.where, added) : [],
    isolation: isolationOf(base, change),
    needsColumns: metadata !== undefined || (dataChange && read.kind !== 'nothing'),
    changesMetadata: metadata !== undefined,
    ...(txn ? { txn } : {}),
    domains: new Set(domains.map(({ domain }) => domain)),
  }
}

function keysOf(files: readonly DataFile[]): ReadonlySet<string> {
  return new Set(files.map(({ path }) => fileKey(path)))
}

function between(footprint: Footprint, base: Snapshot, { version, actions }: LogEntry): Conflict | undefined {
  const info = actions.find((action) => action.kind === 'commitInfo')
  const name = typeof info?.operation === 'string' ? info.operation : undefined
  const conflict = (kind: ConflictKind, what: string): Conflict => ({
    kind,
    version,
    ...(name === undefined ? {} : { operation: name }),
    message: `version ${version}${name === undefined ? '' : ` (${name})`} ${what}`,
  })
  const { read, removed, txn } = footprint
  for (const action of actions) {
    switch (action.kind) {
      case 'protocol':
        return conflict('ProtocolChanged', "changed the table's protocol")
      case 'metaData':
        if (footprint.needsColumns || !addsColumnsOnly(base.metadata, action)) {
          return conflict('MetadataChanged', "changed the table's metadata")
        }
        break
      case 'txn':
        // A version as new as ours is no conflict: then ours is there already.
        if (txn?.appId === action.appId && action.version < txn.version) {
          return conflict('ConcurrentTransaction', `is of the same application ${action.appId}`)
        }
        break
      case 'domainMetadata':
        if (footprint.domains.has(action.domain)) return conflict('ConcurrentDomain', `changed ${action.domain}`)
        break
      case 'remove': {
        const key = fileKey(action.path)
        if (removed.has(key)) return conflict('ConcurrentDeleteDelete', 'removed rows of what is replaced or removed')
        if (read === 'all' || read.has(key)) return conflict('ConcurrentDeleteRead', 'removed rows that were read')
        break
      }
    }
  }
  // Of a commit that has read nothing it can be said that it came later: its rows are none that we would have read.
  const cameLater =
    info?.isBlindAppend === true && footprint.isolation === 'WriteSerializable' && !footprint.changesMetadata
  if (cameLater) return undefined
  const added = actions.filter((action) => action.kind === 'add').filter(({ dataChange }) => dataChange !== false)
  return footprint.wouldRead(added).length > 0
    ? conflict('ConcurrentAppend', 'added rows to what was read or is overwritten')
    : undefined
}

/** Properties that change when columns are added. */
const OF_COLUMNS = new Set(['delta.columnMapping.maxColumnId'])

/** Whether all that a table has new are columns that may be null and have no rules of their own. */
function addsColumnsOnly(before: Metadata, after: Metadata): boolean {
  if (before.partitionColumns.join('\0') !== after.partitionColumns.join('\0')) return false
  const keys = new Set([...Object.keys(before.configuration), ...Object.keys(after.configuration)])
  for (const key of keys) {
    if (!OF_COLUMNS.has(key) && before.configuration[key] !== after.configuration[key]) return false
  }
  const old = new Map(parseSchema(before.schemaString).fields.map((field) => [field.name, field]))
  return (
    parseSchema(after.schemaString).fields.every((field) => {
      const known = old.get(field.name)
      old.delete(field.name)
      const notes = JSON.stringify(field.metadata ?? {})
      if (!known) return field.nullable && !/invariants|generationExpression|identity|DEFAULT/.test(notes)
      const isSame = formatType(known.type) === formatType(field.type) && known.nullable === field.nullable
      return isSame && notes === JSON.stringify(known.metadata ?? {})
    }) && old.size === 0
  )
}
