import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import {
  ObjectCache,
  type ObjectStoreKind,
  type OpenStoreOptions,
  objectAddress,
  openStore,
} from '../../base/store/index.ts'
import type { CatalogConfig } from './config.ts'
import type { StorePlace } from './contract.ts'
import { formatOfFile } from './file-relation.ts'

/** Schemes that name a kind of store rather than a storage of the project. */
const STORE_SCHEMES = new Set([
  'file',
  's3',
  's3a',
  'gs',
  'gcs',
  'az',
  'azure',
  'abfs',
  'abfss',
  'adl',
  'http',
  'https',
  'memory',
])

/** What places beyond this machine's disk need. */
export interface PlacesOptions {
  /** The options of the connection that a storage names. @throws MillraceError CONNECTION_UNKNOWN, SECRET_MISSING */
  readonly optionsOf?: (connection: string, kind: ObjectStoreKind) => object
  /** Where copies of objects are kept; a folder of the system's temporary one by default. */
  readonly cacheDir?: string
}

/**
 * Resolves addresses: `lake://raw/orders` by the storage named `lake`, anything else as a path or URL. An address
 * below the URL of a storage is reached as that storage is. Stores are opened once.
 * @param base the folder that relative paths start from
 */
export function storagePlaces(
  storage: CatalogConfig['storage'],
  base: string,
  options: PlacesOptions = {},
): (address: string) => StorePlace {
  const opened = new Map<string, StorePlace['store']>()
  const cache = new ObjectCache(options.cacheDir === undefined ? {} : { dir: options.cacheDir })
  const store = (url: string, connection?: string) => {
    const key = JSON.stringify([url, connection])
    let known = opened.get(key)
    if (!known) {
      known = openStore(url, { base, cache, ...(connection === undefined ? {} : access(url, connection, options)) })
      opened.set(key, known)
    }
    return known
  }
  return (address) => {
    const named = /^([A-Za-z_][A-Za-z0-9_+.-]*):\/\/(.*)$/.exec(address)
    const [, name = '', rest = ''] = named ?? []
    const entry = storage?.[name]
    if (entry) return { store: store(entry.url, entry.connection), path: inside(rest, address) }
    if (named && !STORE_SCHEMES.has(name.toLowerCase())) {
      throw unknownName('STORE_UNSUPPORTED', 'storage', name, Object.keys(storage ?? {}))
    }
    if (objectAddress(address)) return inBucket(address, storage, store)
    const folder = address.replace(/(.)\/+$/, '$1')
    const [, parent = '.', file] = /^(.*\/)?([^/]+)$/.exec(folder) ?? []
    if (file !== undefined && formatOfFile(file)) return { store: store(parent), path: file }
    return { store: store(folder), path: '' }
  }
}

/** The storage that an object lies in, else its bucket or container. */
function inBucket(
  address: string,
  storage: CatalogConfig['storage'],
  store: (url: string, connection?: string) => StorePlace['store'],
): StorePlace {
  const target = plain(address)
  const holding = Object.values(storage ?? {})
    .map((entry) => ({ ...entry, root: plain(entry.url) }))
    .filter(({ root }) => target === root || target.startsWith(`${root}/`))
    .sort((a, b) => b.root.length - a.root.length)[0]
  if (holding) {
    return { store: store(holding.url, holding.connection), path: inside(target.slice(holding.root.length), address) }
  }
  const [scheme = '', , bucket = '', ...path] = target.split('/')
  return { store: store(`${scheme}//${bucket}`), path: inside(path.join('/'), address) }
}

/** An address by the one name that its scheme has for all of its kind, without closing slashes. */
function plain(address: string): string {
  const found = objectAddress(address)
  return found ? `${found.scheme}://${found.rest}` : address.replace(/\/+$/, '')
}

function access(url: string, connection: string, { optionsOf }: PlacesOptions): OpenStoreOptions {
  const kind = objectAddress(url)?.kind ?? 's3'
  if (!optionsOf) throw unknownName('CONNECTION_UNKNOWN', 'connection', connection, [])
  return { [kind]: optionsOf(connection, kind), connection }
}

function inside(path: string, address: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.')
  if (segments.includes('..')) {
    throw new MillraceError('STORE_PATH_ESCAPE', `the address ${address} leads out of its storage`)
  }
  return segments.join('/')
}
