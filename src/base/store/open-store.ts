import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MillraceError } from '../kernel/index.ts'
import { type AzureStoreOptions, azureStore } from './azure.ts'
import type { Store } from './contract.ts'
import { type GcsStoreOptions, gcsStore } from './gcs.ts'
import { type LocalStoreOptions, localStore } from './local.ts'
import { type S3StoreOptions, s3Store } from './s3.ts'
import { objectAddress } from './store-kind.ts'

/** How a store's address is understood. */
export interface OpenStoreOptions extends LocalStoreOptions, S3StoreOptions, AzureStoreOptions, GcsStoreOptions {
  /** The folder that relative addresses start from, such as the project's; the current folder by default. */
  readonly base?: string
}

/**
 * The store at an address: `file:///data/lake`, `/data/lake`, `./lake`, `s3://bucket/prefix`, `gs://bucket/prefix`,
 * `abfss://container@account.dfs.core.windows.net/prefix` or `az://container/prefix`. Opens no connection.
 * @throws MillraceError STORE_UNSUPPORTED for other schemes
 */
export function openStore(url: string, options: OpenStoreOptions = {}): Store {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined || isAbsolute(url)) return localStore(resolve(options.base ?? '.', url), options)
  if (scheme === 'file') return localStore(fileUrlToPath(url), options)
  switch (objectAddress(url)?.kind) {
    case 's3':
      return s3Store(url, options)
    case 'gcs':
      return gcsStore(url, options)
    case 'azure':
      return azureStore(url, options)
  }
  throw new MillraceError('STORE_UNSUPPORTED', `the address ${withoutSecrets(url)} names the scheme "${scheme}"`, {
    hint: 'Stores can be opened at a path (./lake, /data/lake), at file:///data/lake, s3://bucket/lake, gs://bucket/lake or abfss://container@account.dfs.core.windows.net/lake.',
  })
}

function fileUrlToPath(url: string): string {
  try {
    return fileURLToPath(url)
  } catch (cause) {
    throw new MillraceError('STORE_UNSUPPORTED', `the address ${withoutSecrets(url)} is not that of a local folder`, {
      cause,
      hint: 'Write it with three slashes: file:///data/lake.',
    })
  }
}

/** An address for messages: user, password and query, which may hold keys, are left out. */
function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/, '')
}
