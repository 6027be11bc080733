import { basename, dirname } from 'node:path'
import { type DataType, MillraceError, type Schema } from '../../../base/kernel/index.ts'
import { openStore, type Store, type StoreFile } from '../../../base/store/index.ts'
import { folderState, type StorePlace } from '../../catalog/index.ts'
import { lookingAgain, readableFiles } from '../../table/index.ts'
import type { FileFormat } from '../plan.ts'
import type { FrameSession } from '../session.ts'

/** A file to be read. */
export interface SourceFile {
  /** The engine's address. */
  readonly url: string
  /** Relative to the folder that was named, with hive partition folders. */
  readonly path: string
}

/** What an address holds. */
export interface SourceFiles {
  readonly files: readonly SourceFile[]
  /** Columns whose values stand in folder names (`date=2024-01-31/`), with their types. */
  readonly partitions: readonly { readonly name: string; readonly type: DataType }[]
  /** The columns of a folder that was written without rows. */
  readonly emptySchema?: Schema
}

const ENDINGS: Record<Exclude<FileFormat, 'delta'>, RegExp> = {
  parquet: /\.(parquet|parq)$/i,
  csv: /\.(csv|tsv|txt)(\.gz|\.zst)?$/i,
  json: /\.(json|jsonl|ndjson)(\.gz|\.zst)?$/i,
}

const GLOB = /[*?[\]{}]/

/** A place as a folder of a store and a path in it that is never empty, so that something can lie beside it. */
export function placeBeside(session: FrameSession, address: string): StorePlace {
  if (/^(gs|gcs|abfss?|az|adl|https?):/i.test(address)) {
    throw new MillraceError(
      'STORE_UNSUPPORTED',
      `frames cannot read or write ${address.split(':')[0]}: addresses yet`,
      {
        hint: 'Use a local path, s3://bucket/folder, or a storage of millrace.yml (lake://…).',
      },
    )
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
 * The files of addresses: files, folders (everything below them but what is hidden: a name that begins with `_`
 * or `.`) or patterns with `*`, `**`, `?`, `[…]`, `{a,b}`.
 * @throws MillraceError SOURCE_EMPTY when an address has none and no empty write left its columns
 */
export async function sourceFiles(
  session: FrameSession,
  addresses: readonly string[],
  format: Exclude<FileFormat, 'delta'>,
  optional: boolean,
): Promise<SourceFiles> {
  const files: SourceFile[] = []
  let emptySchema: Schema | undefined
  for (const address of addresses) {
    const found = await lookingAgain(() => oneAddress(session, address, format))
    files.push(...found.files)
    emptySchema ??= found.emptySchema
    if (found.files.length === 0 && !found.emptySchema && !optional) {
      throw new MillraceError('SOURCE_EMPTY', `reading ${format} from ${address}: there is no such file`, {
        hint: `Check the path; a folder must hold files that end in ${ENDINGS[format].source.replaceAll(/[\\$()?]/g, '')}.`,
      })
    }
  }
  return { files, partitions: partitionsOf(files), ...(emptySchema ? { emptySchema } : {}) }
}

async function oneAddress(
  session: FrameSession,
  address: string,
  format: Exclude<FileFormat, 'delta'>,
): Promise<{ files: SourceFile[]; emptySchema?: Schema }> {
  if (!GLOB.test(address.replace(/^\w+:\/\//, ''))) return folderOrFile(session, placeBeside(session, address), format)
  const segments = address.split('/')
  const first = segments.findIndex((segment) => GLOB.test(segment))
  const base = segments.slice(0, first).join('/')
  const pattern = globPattern(segments.slice(first).join('/'))
  const { store, path } = session.place(
    base === '' ? (address.startsWith('/') ? '/' : '.') : base.endsWith(':/') ? `${base}/` : base,
  )
  const prefix = path === '' ? '' : `${path}/`
  const files: Listed[] = []
  for await (const entry of store.list(prefix)) {
    const relative = entry.path.slice(prefix.length)
    const match = pattern.exec(relative)
    // A pattern that matches a folder stands for what is below it.
    const isData = match && (match[1] === undefined || (ENDINGS[format].test(relative) && !isHidden(match[1].slice(1))))
    if (isData && !isHidden(relative)) files.push({ ...entry, below: relative })
  }
  return { files: await readable(session, store, files, format) }
}

async function folderOrFile(
  session: FrameSession,
  { store, path }: StorePlace,
  format: Exclude<FileFormat, 'delta'>,
): Promise<{ files: SourceFile[]; emptySchema?: Schema }> {
  const file = await store.head(path)
  if (file) return { files: await readable(session, store, [{ ...file, below: basename(path) }], format) }
  const state = await folderState(store, path)
  const found = state.files.filter(({ below }) => ENDINGS[format].test(below))
  const files = await readable(session, store, found, format)
  return { files, ...known(files.length > 0 ? undefined : (state.schema ?? (await writtenSchema(store, path))), files) }
}

/** A file that was found; `below` is relative to the folder that was named. */
interface Listed extends StoreFile {
  readonly below: string
}

async function readable(
  { engine, lake = engine }: FrameSession,
  store: Store,
  files: readonly Listed[],
  format: Exclude<FileFormat, 'delta'>,
): Promise<SourceFile[]> {
  // The header of a CSV file is read here, not by the engine.
  const port = format === 'csv' ? undefined : lake.files
  const urls = await readableFiles(store, files, port)
  return files.map(({ below }, at) => ({ url: urls[at] ?? '', path: below }))
}

function known(schema: Schema | undefined, files: readonly unknown[]): { emptySchema?: Schema } {
  return schema && files.length === 0 ? { emptySchema: schema } : {}
}

/** The file in which a folder that was written by a frame keeps its columns, for when it holds no rows. */
export const SCHEMA_FILE = '_millrace_schema'

async function writtenSchema(store: Store, path: string): Promise<Schema | undefined> {
  const bytes = await store.get(`${path}/${SCHEMA_FILE}`)
  return bytes && (JSON.parse(Buffer.from(bytes).toString()) as Schema)
}

/** Whether a path leads through a hidden file or folder. */
export function isHidden(relative: string): boolean {
  return /(^|\/)[_.]/.test(relative)
}

function partitionsOf(files: readonly SourceFile[]): { name: string; type: DataType }[] {
  const values = new Map<string, string[]>()
  for (const { path } of files) {
    for (const folder of path.split('/').slice(0, -1)) {
      const [, name, value] = /^([^=]+)=(.*)$/.exec(folder) ?? []
      if (name === undefined || value === undefined) continue
      const decoded = decodeURIComponent(name)
      const known = values.get(decoded)
      if (known) known.push(decode(value))
      else values.set(decoded, [decode(value)])
    }
  }
  return [...values].map(([name, found]) => ({ name, type: partitionType(found) }))
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** As Spark infers: int, long, date, else string. */
function partitionType(values: readonly string[]): DataType {
  const present = values.filter((value) => value !== '__HIVE_DEFAULT_PARTITION__')
  const every = (pattern: RegExp) => present.length > 0 && present.every((value) => pattern.test(value))
  if (every(/^-?\d{1,9}$/)) return { kind: 'integer' }
  if (every(/^-?\d{1,18}$/)) return { kind: 'long' }
  return { kind: every(/^\d{4}-\d{2}-\d{2}$/) ? 'date' : 'string' }
}

/** A pattern as a regular expression; its first group is what follows a matched folder. */
export function globPattern(glob: string): RegExp {
  return new RegExp(`^${globText(glob)}(/.*)?$`)
}

function globText(glob: string): string {
  return glob.replaceAll(/\*\*\/?|\*|\?|\[!?[^\]]+\]|\{[^}]*\}|[.+^$()|\\{}[\]]/g, (token) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    if (token.length > 1 && token.startsWith('{')) return `(?:${token.slice(1, -1).split(',').map(globText).join('|')})`
    if (token.length > 2 && token.startsWith('[')) return token.replace(/^\[!/, '[^')
    return `\\${token}`
  })
}
