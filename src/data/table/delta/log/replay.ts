import { type Schema, unreachable } from '../../../../base/kernel/index.ts'
import type { Action, AddFile, DomainMetadata, LogEntry, Metadata, Protocol } from '../actions.ts'
import { mappingMode, storedColumns } from '../schema/column-mapping.ts'
import { checkReadable } from '../schema/protocol.ts'
import { parseSchema } from '../schema/schema-json.ts'
import { Snapshot } from '../snapshot.ts'
import type { CheckpointFiles } from './checkpoint-files.ts'
import { corrupt } from './corrupt-log.ts'
import { FileLayers, type Layer, logicalKey, Tombstone } from './file-layers.ts'

/** A checkpoint as the entry that a log begins with. */
export interface CheckpointEntry extends LogEntry {
  /** The files that it names, but for those among the actions. */
  readonly files?: CheckpointFiles
}

/**
 * The snapshot that log entries lead to (Delta protocol, "Action Reconciliation"). Entries follow one another
 * without a gap: from version 0, from a checkpoint given as an entry holding all its actions, or from `base`.
 * @throws MillraceError DELTA_LOG_CORRUPT for gaps and for a log without protocol or metadata,
 *   DELTA_FEATURE_UNSUPPORTED for a table that cannot be read right
 */
export function replay(entries: readonly (LogEntry | CheckpointEntry)[], base?: Snapshot): Snapshot {
  const state = new Replay(base)
  let version = base?.version
  for (const entry of entries) {
    if (version !== undefined && (entry.from ?? entry.version) !== version + 1) {
      throw corrupt(`version ${version + 1} is missing between ${version} and ${entry.version}`)
    }
    version = entry.version
    if ('files' in entry && entry.files) state.begin(entry.files)
    state.next()
    for (const action of entry.actions) state.apply(action)
  }
  if (version === undefined) throw corrupt('it is empty')
  return state.snapshot(version, base)
}

class Replay {
  #protocol: Protocol | undefined
  #metadata: Metadata | undefined
  readonly #layer: Layer = new Map()
  #time: number | undefined
  #begun: FileLayers | undefined
  readonly #txns: Map<string, number>
  readonly #domains: Map<string, DomainMetadata>

  constructor(base?: Snapshot) {
    this.#time = base?.time
    this.#protocol = base?.protocol
    this.#metadata = base?.metadata
    this.#txns = new Map(base?.txns)
    this.#domains = new Map(base?.domains)
  }

  /** Takes the files of a checkpoint, before which there is nothing. */
  begin(files: CheckpointFiles): void {
    this.#begun = FileLayers.over(files)
  }

  /** The next version: nothing is known of its time yet. */
  next(): void {
    this.#time = undefined
  }

  apply(action: Action): void {
    switch (action.kind) {
      case 'protocol':
        this.#protocol = withoutKind(action)
        return
      case 'metaData':
        this.#metadata = withoutKind(action)
        return
      case 'add':
        this.#put(logicalKey(action), action)
        return
      case 'remove':
        this.#put(logicalKey(action), new Tombstone(withoutKind(action)))
        return
      case 'txn':
        this.#txns.set(action.appId, action.version)
        return
      case 'domainMetadata':
        if (action.removed) this.#domains.delete(action.domain)
        else this.#domains.set(action.domain, withoutKind(action))
        return
      case 'commitInfo':
        if (typeof action.inCommitTimestamp === 'number') this.#time = action.inCommitTimestamp
        return
      case 'cdc':
        return
      default:
        unreachable(action)
    }
  }

  #put(key: string, state: (AddFile & { kind: 'add' }) | Tombstone): void {
    // Removed first, so that a file that is added anew takes its place at the end.
    this.#layer.delete(key)
    this.#layer.set(key, state instanceof Tombstone ? state : withoutKind(state))
  }

  snapshot(version: number, base: Snapshot | undefined): Snapshot {
    const protocol = this.#protocol
    const metadata = this.#metadata
    if (!protocol) throw corrupt('it names no protocol')
    if (!metadata) throw corrupt('it names no schema (metaData)')
    if (metadata.schemaString === '') throw corrupt('"metaData" has no valid "schemaString"')
    checkReadable(protocol, metadata)
    const isSame = base?.metadata === metadata && base.protocol === protocol
    return new Snapshot({
      version,
      protocol,
      metadata,
      schema: isSame ? base.schema : readableSchema(protocol, metadata),
      txns: this.#txns,
      domains: this.#domains,
      layers: (this.#begun ?? base?.layers ?? FileLayers.empty).with(this.#layer),
    })
  }
}

/** @throws MillraceError DELTA_LOG_CORRUPT, DELTA_FEATURE_UNSUPPORTED */
function readableSchema(protocol: Protocol, metadata: Metadata): Schema {
  const schema = parseSchema(metadata.schemaString)
  // Refuses columns without what maps them.
  storedColumns(schema, mappingMode(protocol, metadata))
  for (const column of metadata.partitionColumns) {
    if (schema.fields.some(({ name }) => name === column)) continue
    throw corrupt(`it is partitioned by "${column}", which is no column of its schema`)
  }
  return schema
}

function withoutKind<T extends Action>(action: T): Omit<T, 'kind'> {
  const { kind: _, ...body } = action
  return body
}
