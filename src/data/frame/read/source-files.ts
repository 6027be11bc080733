import { stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { openStore, type Store, type StoreFile } from '../../../base/store/index.ts'
import { folderState, isHidden, type StorePlace } from '../../catalog/index.ts'
import { lookingAgain, readableFiles } from '../../table/index.ts'
import type { FileFormat, ReadFormat } from '../plan.ts'
import type { FrameSession } from '../session.ts'
import type { FileChoice } from './file-options.ts'
import { globPattern, isGlob } from './glob.ts'
import { type PartitionColumn, partitionPath, partitionsOf } from './partition-values.ts'

/** A file to be read. */
export interface SourceFile {
  /** The engine's address. */
  readonly url: string
  /** Where it lies; `url` may be of a copy. */
  readonly address?: string
  /** The values of the partition columns, in their order; null stands for null. */
  readonly values: readonly (string | null)[]
  /** What changes when the file does, where its store says. */
  readonly state?: FileState
}

/** The address of a file as Spark writes it: `file:///data/orders.csv`, `s3://bucket/orders.csv`. */
export function addressOf({ url, address = url }: Pick<SourceFile, 'url' | 'address'>): string {
  // Java escapes what is ASCII alone.
  return isAbsolute(address)
    ? pathToFileURL(address).href.replace(/(?:%[89A-F][0-9A-F])+/g, decodeURIComponent)
    : address
}

/** A file as its store lists it. */
export interface FileState {
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modified: number
  readonly tag?: string
}

/** What addresses hold. */
export interface SourceFiles {
  /** In the order of their paths. */
  readonly files: readonly SourceFile[]
  /** Columns whose values stand in folder names (`date=2024-01-31/`). */
  readonly partitions: readonly PartitionColumn[]
  /** The files lie in a store elsewhere. */
  readonly isRemote: boolean
  /** The columns of a folder that was written without rows. */
  readonly emptySchema?: Schema
  /** One of the files that lie in folders below, which are not looked into. */
  readonly passedOver?: string
}

/** Formats that are files. */
export type PlainFormat = Exclude<FileFormat, 'delta'>
type FoundFormat = Exclude<ReadFormat, 'delta'>

/** A place as a folder of a store and a path in it that is never empty, so that something can lie beside it. */
export function placeBeside(session: FrameSession, address: string): StorePlace {
  if (/^(adl|https?):/i.test(address)) {
    throw new MillraceError('STORE_UNSUPPORTED', `frames cannot read or write ${address.split(':', 1)[0]}: addresses`, {
      hint: 'Use a local path, s3://bucket/folder, gs://bucket/folder, abfss://container@account.dfs.core.windows.net/folder, or a storage of millrace.yml (lake://…).',
    })
  }
  const { store, path } = session.place(address)
  const clean = path.replace(/\/+$/, '')
  if (clean !== '') return { store, path: clean }
  if (store.remote) {
    throw new MillraceError('STORE_UNSUPPORTED', `the address ${address} names all of ${store.url}`, {
      hint: 'Name a folder in it: what is being written lies beside the folder for a while.',
    })
  }
  const folder = store.locate('').replace(/(.)\/+$/, '$1')
  return { store: openStore(dirname(folder)), path: basename(folder) }
}

/**
 * The files of addresses: files, folders or patterns with `*`, `**`, `?`, `[…]`, `{a,b}`. A folder's files are those in
 * it and in its folders of partitions (`date=2024-01-31/`); with `recursive` all below it. What is hidden (a name that
 * begins with `_` or `.`) is not seen.
 * @throws MillraceError SOURCE_EMPTY when an address has none and no empty write left its columns
 */
export async function sourceFiles(
  session: FrameSession,
  addresses: readonly string[],
  format: FoundFormat,
  choice: FileChoice = { recursive: false, missing: false },
): Promise<SourceFiles> {
  const found: FoundFile[] = []
  let emptySchema: Schema | undefined
  let isRemote = false
  let passedOver: string | undefined
  for (const address of addresses) {
    const one = await lookingAgain(() => oneAddress(session, address, format, choice))
    found.push(...one.files)
    emptySchema ??= one.emptySchema
    isRemote ||= one.isRemote
    passedOver ??= one.passedOver
    const isNothing = one.files.length === 0 && !one.emptySchema && !one.isThere
    if (isNothing && !choice.missing) throw noFiles(address, format, one.passedOver)
  }
  const columns = choice.recursive ? undefined : partitionsOf(found.map(({ below }) => below))
  const files = found.flatMap(({ url, address, state }, i) => {
    const values = columns ? columns.values[i] : []
    return values === undefined ? [] : [{ url, address, values, ...(state ? { state } : {}) }]
  })
  return {
    files,
    partitions: columns?.columns ?? [],
    isRemote,
    ...(emptySchema ? { emptySchema } : {}),
    ...(passedOver === undefined ? {} : { passedOver }),
  }
}

function noFiles(address: string, format: string, passedOver: string | undefined): MillraceError {
  return new MillraceError('SOURCE_EMPTY', `reading ${format} from ${address}: there is no such file`, {
    hint: passedOver
      ? `There are files in folders below, such as ${passedOver}: set recursiveFileLookup: true, or name the folder.`
      : 'Check the path. A folder must hold files whose names begin with neither "_" nor ".".',
  })
}

/** A file and its path relative to the folder in which its partitions begin. */
interface FoundFile {
  readonly url: string
  readonly address: string
  readonly below: string
  readonly state?: FileState
}

interface Found {
  readonly files: readonly FoundFile[]
  readonly isRemote: boolean
  readonly emptySchema?: Schema
  /** A folder is there, though nothing is in it that could be read. */
  readonly isThere?: boolean
  /** One of the files that lie in folders below, which are not looked into. */
  readonly passedOver?: string
}

async function oneAddress(
  session: FrameSession,
  address: string,
  format: FoundFormat,
  choice: FileChoice,
): Promise<Found> {
  if (!isGlob(address)) return folderOrFile(session, placeBeside(session, address), format, choice)
  const segments = address.split('/')
  const first = segments.findIndex((segment) => isGlob(segment))
  const base = segments.slice(0, first).join('/')
  const pattern = globPattern(segments.slice(first).join('/').replace(/\/+$/, ''))
  const { store, path } = session.place(
    base === '' ? (address.startsWith('/') ? '/' : '.') : base.endsWith(':/') ? `${base}/` : base,
  )
  const prefix = path === '' ? '' : `${path}/`
  const files: Listed[] = []
  for await (const entry of store.list(prefix)) {
    const relative = entry.path.slice(prefix.length)
    const [, root, below] = pattern.exec(relative) ?? []
    // A pattern that matches a folder stands for what is in it.
    if (root !== undefined && !isHidden(relative))
      files.push({ ...entry, below: below?.slice(1) ?? basename(relative) })
  }
  return chosen(session, store, files, format, choice)
}

async function folderOrFile(
  session: FrameSession,
  { store, path }: StorePlace,
  format: FoundFormat,
  choice: FileChoice,
): Promise<Found> {
  const file = await store.head(path)
  if (file) return chosen(session, store, [{ ...file, below: basename(path) }], format, choice)
  const state = await folderState(store, path)
  const found = await chosen(session, store, state.files, format, choice)
  if (found.files.length > 0) return found
  const emptySchema = state.files.length === 0 ? (state.schema ?? (await writtenSchema(store, path))) : undefined
  return { ...found, ...(emptySchema ? { emptySchema } : {}), isThere: await isFolder(store, path) }
}

async function isFolder(store: Store, path: string): Promise<boolean> {
  if (!store.url.startsWith('file:')) return false
  return stat(store.locate(path)).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/** A file that was found; `below` is relative to the folder that was named or matched. */
interface Listed extends Omit<StoreFile, 'size' | 'modified'> {
  readonly below: string
  readonly size?: number
  readonly modified?: number
}

/** Of the files that were found those that are wanted, where the engine can read them. */
async function chosen(
  session: FrameSession,
  store: Store,
  listed: readonly Listed[],
  format: FoundFormat,
  choice: FileChoice,
): Promise<Found> {
  const { name, before, after, recursive } = choice
  const fitting = listed.filter(
    ({ below, modified = 0 }) =>
      (name === undefined || name.test(basename(below))) &&
      (before === undefined || modified < before) &&
      (after === undefined || modified > after),
  )
  // A folder that names no partition is not looked into, unless it lies in one that does.
  const wanted = recursive
    ? fitting
    : fitting.filter(({ below }) => !below.includes('/') || partitionPath(below).length > 0)
  const files = await readable(session, store, wanted, format)
  const base = choice.basePath === undefined ? undefined : baseOf(session, choice.basePath, store)
  const passedOver = wanted.length === 0 ? fitting[0]?.below : undefined
  return {
    files: files.map((file, i) => ({ ...file, below: base?.(wanted[i]?.path ?? '') ?? file.below })),
    isRemote: store.remote !== undefined,
    ...(passedOver === undefined ? {} : { passedOver }),
  }
}

/** Paths of a store relative to the folder in which partitions begin. @throws MillraceError OPTION_INVALID */
function baseOf(session: FrameSession, basePath: string, store: Store): (path: string) => string {
  const base = session.place(basePath.replace(/(.)\/+$/, '$1'))
  const root = `${base.store.locate(base.path).replace(/\/+$/, '')}/`
  return (path) => {
    const whole = store.locate(path)
    if (whole.startsWith(root)) return whole.slice(root.length)
    throw new MillraceError('OPTION_INVALID', `the basePath "${basePath}" is not a folder above ${whole}`, {
      hint: 'Name the folder in which the folders of partitions begin.',
    })
  }
}

function stateOf({ size, modified, tag }: Listed): { state?: FileState } {
  if (size === undefined || modified === undefined) return {}
  return { state: { size, modified, ...(tag === undefined ? {} : { tag }) } }
}

const PACKED = /\.(bz2|lz4|snappy|deflate|br|xz|zip)$/i

async function readable(
  { engine, lake = engine }: FrameSession,
  store: Store,
  files: readonly Listed[],
  format: FoundFormat,
): Promise<FoundFile[]> {
  const packed = format === 'parquet' ? undefined : files.find(({ below }) => PACKED.test(below))
  if (packed) {
    throw new MillraceError(
      'STORE_UNSUPPORTED',
      `reading ${format}: ${packed.below} is packed in a way that is not read`,
      {
        hint: 'Files may be packed with gzip (.gz) or zstd (.zst).',
      },
    )
  }
  // The header of a CSV file is read here, not by the engine, and so is Arrow; and texts are unpacked here.
  const isPacked = format !== 'parquet' && files.some(({ below }) => /\.(gz|zst)$/i.test(below))
  const port = format === 'csv' || format === 'arrow' || isPacked ? undefined : lake.files
  const urls = await readableFiles(store, files as readonly StoreFile[], port)
  return files.map((file, at) => ({
    url: urls[at] ?? '',
    address: store.locate(file.path),
    below: file.below,
    ...stateOf(file),
  }))
}

/** The file in which a folder that was written by a frame keeps its columns, for when it holds no rows. */
export const SCHEMA_FILE = '_millrace_schema'

async function writtenSchema(store: Store, path: string): Promise<Schema | undefined> {
  const bytes = await store.get(`${path}/${SCHEMA_FILE}`)
  return bytes && (JSON.parse(Buffer.from(bytes).toString()) as Schema)
}
