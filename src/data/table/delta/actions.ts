import { MillraceError } from '../../../base/kernel/index.ts'

/** What readers and writers of the table must understand (Delta protocol, "Protocol Evolution"). */
export interface Protocol {
  readonly minReaderVersion: number
  readonly minWriterVersion: number
  readonly readerFeatures?: readonly string[]
  readonly writerFeatures?: readonly string[]
}

/** The table's identity, schema and properties (Delta protocol, "Change Metadata"). */
export interface Metadata {
  readonly id: string
  readonly name?: string
  readonly description?: string
  readonly format: { readonly provider: string; readonly options: Readonly<Record<string, string>> }
  readonly schemaString: string
  readonly partitionColumns: readonly string[]
  readonly configuration: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  readonly createdTime?: number
}

/** A data file that becomes part of the table (Delta protocol, "Add File and Remove File"). */
export interface AddFile {
  /** Percent-encoded; relative to the table's folder, or an absolute URL. */
  readonly path: string
  readonly partitionValues: Readonly<Record<string, string | null>>
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modificationTime: number
  readonly dataChange: boolean
  /** Statistics in Delta's JSON form; `parseStats` reads it. */
  readonly stats?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly deletionVector?: { readonly storageType: string; readonly pathOrInlineDv: string; readonly offset?: number }
}

/** A data file that leaves the table; kept as a tombstone until readers of older versions are gone. */
export interface RemoveFile {
  readonly path: string
  /** Milliseconds since 1970. */
  readonly deletionTimestamp?: number
  readonly dataChange: boolean
  readonly extendedFileMetadata?: boolean
  readonly partitionValues?: Readonly<Record<string, string | null>>
  readonly size?: number
  readonly deletionVector?: AddFile['deletionVector']
}

/** The last version of its own that an application has written (Delta protocol, "Transaction Identifiers"). */
export interface Txn {
  readonly appId: string
  readonly version: number
  readonly lastUpdated?: number
}

/** Who committed what; free-form (Delta protocol, "Commit Provenance Information"). */
export interface CommitInfo {
  readonly timestamp?: number
  /** Milliseconds since 1970, rising from version to version (Delta protocol, "In-Commit Timestamps"). */
  readonly inCommitTimestamp?: number
  readonly operation?: string
  readonly operationParameters?: Readonly<Record<string, unknown>>
  readonly operationMetrics?: Readonly<Record<string, string>>
  readonly engineInfo?: string
  readonly isBlindAppend?: boolean
  readonly readVersion?: number
}

/** Configuration of a named domain, which writers must preserve (Delta protocol, "Domain Metadata"). */
export interface DomainMetadata {
  readonly domain: string
  readonly configuration: string
  readonly removed: boolean
}

/** One line of a commit file. Lines of other kinds (`cdc`, `checkpointMetadata` …) do not change a snapshot. */
export type Action =
  | ({ readonly kind: 'protocol' } & Protocol)
  | ({ readonly kind: 'metaData' } & Metadata)
  | ({ readonly kind: 'add' } & AddFile)
  | ({ readonly kind: 'remove' } & RemoveFile)
  | ({ readonly kind: 'txn' } & Txn)
  | ({ readonly kind: 'commitInfo' } & CommitInfo)
  | ({ readonly kind: 'domainMetadata' } & DomainMetadata)

/** One version of the log: what its commit file says. */
export interface LogEntry {
  readonly version: number
  readonly actions: readonly Action[]
}

/** The fields without which an action means nothing, with their types. */
const REQUIRED: Record<Action['kind'], Record<string, 'string' | 'number' | 'object'>> = {
  protocol: { minReaderVersion: 'number', minWriterVersion: 'number' },
  metaData: { id: 'string', schemaString: 'string', partitionColumns: 'object' },
  add: { path: 'string', size: 'number' },
  remove: { path: 'string' },
  txn: { appId: 'string', version: 'number' },
  commitInfo: {},
  domainMetadata: { domain: 'string' },
}

/**
 * The action that a line of the log or a row of a checkpoint holds under `kind`; undefined for kinds that do not
 * change a snapshot. Absent (null) members are dropped, defaults of the protocol are filled in.
 * @throws MillraceError DELTA_LOG_CORRUPT when a required member is missing
 */
export function actionOf(kind: string, body: object, at: { file: string; line?: number }): Action | undefined {
  if (!(kind in REQUIRED)) return undefined
  const members = Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== null && value !== undefined),
  ) as Record<string, unknown>
  for (const [name, type] of Object.entries(REQUIRED[kind as Action['kind']])) {
    if (typeof members[name] !== type) {
      throw new MillraceError('DELTA_LOG_CORRUPT', `reading the Delta log: "${kind}" has no valid "${name}"`, {
        at,
        hint: 'The file was not written by the Delta protocol; restore it from a backup or remove the table.',
      })
    }
  }
  if (kind === 'add') members.partitionValues ??= {}
  if (kind === 'metaData') {
    members.configuration ??= {}
    members.format ??= { provider: 'parquet', options: {} }
  }
  return { kind, ...members } as unknown as Action
}

/**
 * The actions of a commit file (newline-delimited JSON).
 * @throws MillraceError DELTA_LOG_CORRUPT with file and line
 */
export function parseCommit(text: string, file: string): Action[] {
  const actions: Action[] = []
  for (const { kind, body, at } of commitMembers(text, file)) {
    const action = actionOf(kind, body, at)
    if (action) actions.push(action)
  }
  return actions
}

/**
 * The lines of a commit file, or of a v2 checkpoint in JSON, as they stand: those too that change no snapshot.
 * @throws MillraceError DELTA_LOG_CORRUPT with file and line
 */
export function* commitMembers(
  text: string,
  file: string,
): Generator<{ readonly kind: string; readonly body: object; readonly at: { file: string; line: number } }> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const at = { file, line: index + 1 }
    let parsed: unknown
    try {
      parsed = JSON.parse(line)
    } catch (cause) {
      throw new MillraceError('DELTA_LOG_CORRUPT', 'reading the Delta log: a line is not JSON', {
        cause,
        at,
        hint: 'The commit file is damaged; restore it from a backup.',
      })
    }
    for (const [kind, body] of Object.entries(parsed ?? {})) {
      if (body && typeof body === 'object') yield { kind, body, at }
    }
  }
}

/** The text of a commit file; the inverse of `parseCommit`. */
export function formatCommit(actions: readonly Action[]): string {
  return actions.map(({ kind, ...body }) => `${JSON.stringify({ [kind]: body })}\n`).join('')
}
