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
  /** Empty when it is missing, which only a later one can make good. */
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
  readonly deletionVector?: DeletionVector
  /** Number of the file's first row among the rows of the table (Delta protocol, "Row Tracking"). */
  readonly baseRowId?: number
  readonly defaultRowCommitVersion?: number
  readonly clusteringProvider?: string
}

/** Which rows of a data file are deleted (Delta protocol, "Deletion Vectors"); `DeletionVectors` reads them. */
export interface DeletionVector {
  /** `u`: a file in the table's folder; `p`: a file by its address; `i`: in the log itself. */
  readonly storageType: string
  readonly pathOrInlineDv: string
  /** Bytes from the start of the file. */
  readonly offset?: number
  /** Bytes. */
  readonly sizeInBytes?: number
  /** How many rows are deleted. */
  readonly cardinality: number
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
  readonly stats?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly deletionVector?: DeletionVector
  readonly baseRowId?: number
  readonly defaultRowCommitVersion?: number
}

/** A file of changed rows, with what became of each in `_change_type` (Delta protocol, "Add CDC File"). */
export interface CdcFile {
  readonly path: string
  readonly partitionValues: Readonly<Record<string, string | null>>
  readonly size?: number
  readonly dataChange?: boolean
  readonly tags?: Readonly<Record<string, string>>
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
  /** Tells a commit from every other. */
  readonly txnId?: string
  readonly isolationLevel?: string
  readonly isBlindAppend?: boolean
  readonly readVersion?: number
}

/** Configuration of a named domain, which writers must preserve (Delta protocol, "Domain Metadata"). */
export interface DomainMetadata {
  readonly domain: string
  readonly configuration: string
  readonly removed: boolean
}

/** One line of a commit file. Lines of other kinds (`checkpointMetadata`, `sidecar` …) stand in checkpoints only. */
export type Action =
  | ({ readonly kind: 'protocol' } & Protocol)
  | ({ readonly kind: 'metaData' } & Metadata)
  | ({ readonly kind: 'add' } & AddFile)
  | ({ readonly kind: 'remove' } & RemoveFile)
  | ({ readonly kind: 'txn' } & Txn)
  | ({ readonly kind: 'cdc' } & CdcFile)
  | ({ readonly kind: 'commitInfo' } & CommitInfo)
  | ({ readonly kind: 'domainMetadata' } & DomainMetadata)

/** One version of the log: what its commit file says. */
export interface LogEntry {
  readonly version: number
  /** The first version, when the entry holds several. */
  readonly from?: number
  readonly actions: readonly Action[]
}

/** What a member of an action must be. */
type Shape = 'string' | 'number' | 'boolean' | 'strings' | 'string map' | 'nullable map' | 'vector' | 'format'

const FILE: Readonly<Record<string, Shape>> = {
  partitionValues: 'nullable map',
  dataChange: 'boolean',
  stats: 'string',
  tags: 'nullable map',
  deletionVector: 'vector',
}

/** The members that readers make use of; those that end in `!` an action cannot do without. */
const MEMBERS: Record<Action['kind'], Readonly<Record<string, Shape>>> = {
  protocol: {
    'minReaderVersion!': 'number',
    'minWriterVersion!': 'number',
    readerFeatures: 'strings',
    writerFeatures: 'strings',
  },
  metaData: {
    'id!': 'string',
    // A later one may have it: see `replay`.
    schemaString: 'string',
    'partitionColumns!': 'strings',
    configuration: 'string map',
    format: 'format',
  },
  add: { 'path!': 'string', 'size!': 'number', ...FILE },
  remove: { 'path!': 'string', deletionTimestamp: 'number', ...FILE },
  txn: { 'appId!': 'string', 'version!': 'number' },
  cdc: { 'path!': 'string', ...FILE },
  commitInfo: {},
  domainMetadata: { 'domain!': 'string', configuration: 'string', removed: 'boolean' },
}
const KINDS = new Map(
  Object.entries(MEMBERS).map(([kind, members]) => [
    kind,
    Object.entries(members).map(([name, shape]) => ({
      name: name.replace('!', ''),
      shape,
      required: name.endsWith('!'),
    })),
  ]),
)

function isOf(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case 'string':
    case 'boolean':
      return typeof value === shape
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
    case 'string map':
      return isMap(value, false)
    case 'nullable map':
      return isMap(value, true)
    case 'format':
      return typeof (value as { provider?: unknown })?.provider === 'string'
    case 'vector': {
      const { storageType, pathOrInlineDv, cardinality, offset } = value as Record<string, unknown>
      const isPlaced = offset === undefined || offset === null || (Number.isSafeInteger(offset) && Number(offset) >= 0)
      return (
        isPlaced &&
        [storageType, pathOrInlineDv].every((text) => typeof text === 'string') &&
        isOf(cardinality, 'number')
      )
    }
  }
}

function isMap(value: unknown, nullable: boolean): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  for (const name in value) {
    const item = (value as Record<string, unknown>)[name]
    if (typeof item !== 'string' && !(nullable && item === null)) return false
  }
  return true
}

/**
 * The action that a line of the log or a row of a checkpoint holds under `kind`; undefined for kinds that do not
 * change a snapshot. Absent (null) members are dropped, defaults of the protocol are filled in.
 * @throws MillraceError DELTA_LOG_CORRUPT when a member is missing or of another type
 */
export function actionOf(kind: string, body: object, at: { file: string; line?: number }): Action | undefined {
  const expected = KINDS.get(kind)
  if (!expected) return undefined
  const action: Record<string, unknown> = { kind }
  for (const [name, value] of Object.entries(body)) {
    if (value !== null && value !== undefined && name !== 'kind') action[name] = value
  }
  for (const { name, shape, required } of expected) {
    const value = action[name]
    if (value === undefined ? !required : isOf(value, shape)) continue
    throw new MillraceError('DELTA_LOG_CORRUPT', `reading the Delta log: "${kind}" has no valid "${name}"`, {
      at,
      hint: 'The file was not written by the Delta protocol; restore it from a backup or remove the table.',
    })
  }
  if (kind === 'add' || kind === 'cdc') action.partitionValues ??= {}
  if (action.deletionVector) action.deletionVector = withoutNulls(action.deletionVector)
  if (kind === 'metaData') {
    action.schemaString ??= ''
    action.configuration ??= {}
    action.format ??= { provider: 'parquet', options: {} }
  }
  return action as unknown as Action
}

function withoutNulls(of: object): object {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== null))
}
