import { MillraceError, unreachable } from '../../../base/kernel/index.ts'
import type { Action, DomainMetadata, LogEntry, Metadata, Protocol, RemoveFile } from './actions.ts'
import { fileKey } from './file-path.ts'
import { checkReadable } from './protocol.ts'
import { parseSchema } from './schema-json.ts'
import type { DataFile, Snapshot } from './snapshot.ts'

/**
 * The snapshot that log entries lead to (Delta protocol, "Action Reconciliation"). Entries follow one another
 * without a gap: from version 0, from a checkpoint given as an entry holding all its actions, or from `base`.
 * @throws MillraceError DELTA_LOG_CORRUPT for gaps and for a log without protocol or metadata,
 *   DELTA_FEATURE_UNSUPPORTED for a table that cannot be read right
 */
export function replay(entries: readonly LogEntry[], base?: Snapshot): Snapshot {
  const state = new Replay(base)
  let version = base?.version
  for (const entry of entries) {
    if (version !== undefined && entry.version !== version + 1) {
      throw corrupt(`version ${version + 1} is missing between ${version} and ${entry.version}`)
    }
    version = entry.version
    for (const action of entry.actions) state.apply(action)
  }
  if (version === undefined) throw corrupt('it is empty')
  return state.snapshot(version, base)
}

/** An error about a log that cannot be trusted. */
export function corrupt(what: string, cause?: unknown): MillraceError {
  return new MillraceError('DELTA_LOG_CORRUPT', `reading a Delta log: ${what}`, {
    hint: 'Restore the missing or damaged files of _delta_log from a backup.',
    ...(cause === undefined ? {} : { cause }),
  })
}

class Replay {
  #protocol: Protocol | undefined
  #metadata: Metadata | undefined
  readonly #files: Map<string, DataFile>
  readonly #tombstones: Map<string, RemoveFile>
  readonly #txns: Map<string, number>
  readonly #domains: Map<string, DomainMetadata>

  constructor(base?: Snapshot) {
    this.#protocol = base?.protocol
    this.#metadata = base?.metadata
    this.#files = new Map(base?.files.map((file) => [fileKey(file.path), file]))
    this.#tombstones = new Map(base?.tombstones)
    this.#txns = new Map(base?.txns)
    this.#domains = new Map(base?.domains)
  }

  apply(action: Action): void {
    switch (action.kind) {
      case 'protocol':
        this.#protocol = withoutKind(action)
        return
      case 'metaData':
        this.#metadata = withoutKind(action)
        return
      case 'add': {
        const key = fileKey(action.path)
        // Removed first, so that a file that is added anew takes its place at the end.
        this.#files.delete(key)
        this.#files.set(key, withoutKind(action))
        this.#tombstones.delete(key)
        return
      }
      case 'remove': {
        const key = fileKey(action.path)
        this.#files.delete(key)
        this.#tombstones.set(key, withoutKind(action))
        return
      }
      case 'txn':
        this.#txns.set(action.appId, action.version)
        return
      case 'domainMetadata':
        if (action.removed) this.#domains.delete(action.domain)
        else this.#domains.set(action.domain, withoutKind(action))
        return
      case 'commitInfo':
        return
      default:
        unreachable(action)
    }
  }

  snapshot(version: number, base: Snapshot | undefined): Snapshot {
    const protocol = this.#protocol
    const metadata = this.#metadata
    if (!protocol) throw corrupt('it names no protocol')
    if (!metadata) throw corrupt('it names no schema (metaData)')
    checkReadable(protocol, metadata)
    const files = [...this.#files.values()]
    if (files.some((file) => file.deletionVector)) {
      throw new MillraceError('DELTA_FEATURE_UNSUPPORTED', 'reading a Delta table that needs deletionVectors', {
        data: { features: ['deletionVectors'] },
      })
    }
    return {
      version,
      protocol,
      metadata,
      schema: base?.metadata === metadata ? base.schema : parseSchema(metadata.schemaString),
      partitionBy: metadata.partitionColumns,
      files,
      txns: this.#txns,
      properties: metadata.configuration,
      domains: this.#domains,
      tombstones: this.#tombstones,
    }
  }
}

function withoutKind<T extends Action>(action: T): Omit<T, 'kind'> {
  const { kind: _, ...body } = action
  return body
}
