import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import { openStore } from '../../base/store/index.ts'
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
  'abfs',
  'abfss',
  'adl',
  'http',
  'https',
  'memory',
])

/**
 * Resolves addresses: `lake://raw/orders` by the storage named `lake`, anything else as a path or URL. Stores are
 * opened once.
 * @param base the folder that relative paths start from
 */
export function storagePlaces(storage: CatalogConfig['storage'], base: string): (address: string) => StorePlace {
  const opened = new Map<string, StorePlace['store']>()
  const store = (url: string) => {
    let known = opened.get(url)
    if (!known) {
      known = openStore(url, { base })
      opened.set(url, known)
    }
    return known
  }
  return (address) => {
    const named = /^([A-Za-z_][A-Za-z0-9_+.-]*):\/\/(.*)$/.exec(address)
    const [, name = '', rest = ''] = named ?? []
    const entry = storage?.[name]
    if (entry) return { store: store(entry.url), path: inside(rest, address) }
    if (named && !STORE_SCHEMES.has(name.toLowerCase())) {
      throw unknownName('STORE_UNSUPPORTED', 'storage', name, Object.keys(storage ?? {}))
    }
    const folder = address.replace(/(.)\/+$/, '$1')
    const [, parent = '.', file] = /^(.*\/)?([^/]+)$/.exec(folder) ?? []
    if (file !== undefined && formatOfFile(file)) return { store: store(parent), path: file }
    return { store: store(folder), path: '' }
  }
}

function inside(path: string, address: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.')
  if (segments.includes('..')) {
    throw new MillraceError('STORE_PATH_ESCAPE', `the address ${address} leads out of its storage`)
  }
  return segments.join('/')
}
