import { randomUUID } from 'node:crypto'
import { MillraceError } from '../kernel/index.ts'
import type { AzureOptions } from './azure-options.ts'
import { type AzureKey, signAzure } from './azure-sign.ts'
import type { Store, StoreEntry } from './contract.ts'
import { type ObjectRequest, type ObjectServiceSpeech, saveBody, send } from './http-object.ts'
import { ObjectCache } from './object-cache.ts'
import type { ObjectBody, ObjectService } from './object-service.ts'
import { objectStore } from './object-store.ts'
import { checkStorePath, comparePaths } from './store-path.ts'
import { elements, elementText } from './xml-members.ts'

/** How a store over a container of Azure Storage is opened. */
export interface AzureStoreOptions {
  readonly azure?: AzureOptions
  /** The name of the connection, for messages. */
  readonly connection?: string
  readonly cache?: ObjectCache
}

/** The most that one request puts (Azure Storage, "Put Blob"). */
const MOST_BYTES = 5000 * 1024 ** 2
/** Metadata by which a writer knows an object that it created itself, though the answer got lost. */
const WRITER = 'x-ms-meta-millracewriter'

const CREDENTIALS = 'Set account_key or sas_token of the connection, or AZURE_STORAGE_KEY.'
const CAUSES: ObjectServiceSpeech['causes'] = {
  ContainerNotFound: ['STORE_NOT_FOUND', 'Create the container, or correct its name.'],
  AuthenticationFailed: ['STORE_DENIED', CREDENTIALS],
  NoAuthenticationInformation: ['STORE_DENIED', CREDENTIALS],
  AuthorizationFailure: ['STORE_DENIED', 'The account’s network rules or roles do not allow this.'],
  AuthorizationPermissionMismatch: [
    'STORE_DENIED',
    'The signature does not allow this: it must allow to list, read, write, create and delete.',
  ],
}

/**
 * A store over a container of Azure Storage (ADLS Gen2 or blobs), by the blob service's requests. A commit is a Put Blob
 * with `If-None-Match: *`.
 * @param address `abfss://container@account.dfs.core.windows.net/prefix` or `az://container/prefix`
 * @throws MillraceError STORE_UNSUPPORTED for an address without container, OPTION_MISSING without account or credentials
 */
export function azureStore(address: string, options: AzureStoreOptions): Store {
  const { azure = {}, connection, cache = new ObjectCache() } = options
  const { container, account, prefix, root } = parseAddress(address, azure)
  const url = prefix === '' ? root : `${root}/${prefix.slice(0, -1)}`
  const key = keyOf(azure, account)
  const speech: ObjectServiceSpeech = {
    sign: async (request) => signAzure(request, key, new Date()),
    codeOf: (response, body) => response.headers.get('x-ms-error-code') ?? elementText(body, 'Code') ?? '',
    causes: CAUSES,
    from: connection === undefined ? '' : ` (connection ${connection})`,
  }
  const base = (azure.endpoint ?? `https://${account}.blob.core.windows.net`).replace(/\/+$/, '')
  const place = (blob: string, query: Readonly<Record<string, string>> = {}): URL => {
    const path = blob === '' ? '' : `/${blob.split('/').map(encodeURIComponent).join('/')}`
    const found = new URL(`${base}/${container}${path}`)
    for (const [name, value] of Object.entries(query)) found.searchParams.set(name, value)
    if ('sas' in key) for (const [name, value] of new URLSearchParams(key.sas)) found.searchParams.set(name, value)
    return found
  }
  return objectStore(azureService(speech, place), { url, prefix, cache })
}

function azureService(
  speech: ObjectServiceSpeech,
  place: (blob: string, query?: Record<string, string>) => URL,
): ObjectService {
  const ask = (act: string, request: ObjectRequest, expected: readonly number[] = []) =>
    send(speech, act, request, expected)
  /** 404 is both a missing blob and a missing container; the service says which. */
  const ifThere = async (act: string, request: ObjectRequest): Promise<Response | undefined> => {
    const { response } = await ask(act, request, [404])
    if (response.status !== 404) return response
    const code = speech.codeOf(response, await response.text())
    if (code !== 'ContainerNotFound') return undefined
    throw new MillraceError('STORE_NOT_FOUND', `${act}${speech.from}: ${code}`, {
      hint: CAUSES.ContainerNotFound?.[1] ?? '',
    })
  }
  const put = async (
    act: string,
    key: string,
    body: ObjectBody,
    headers: Record<string, string> = {},
    expected: number[] = [],
  ) => {
    const size = body instanceof Uint8Array ? body.length : body.size
    if (size > MOST_BYTES) {
      throw new MillraceError('STORE_UNSUPPORTED', `${act}: it has ${size} bytes`, {
        hint: 'Write files of less than 5 GB.',
      })
    }
    return ask(
      act,
      {
        method: 'PUT',
        url: place(key),
        headers: { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'application/octet-stream', ...headers },
        body,
      },
      expected,
    )
  }
  const head = (act: string, key: string) => ifThere(act, { method: 'HEAD', url: place(key), headers: {} })

  return {
    async head(act, key) {
      const found = await head(act, key)
      return found && !isFolder(found) ? entryOf(found) : undefined
    },

    async get(act, key, { signal } = {}) {
      const found = await ifThere(act, { method: 'GET', url: place(key), headers: {}, ...(signal ? { signal } : {}) })
      return found && !isFolder(found) ? new Uint8Array(await found.arrayBuffer()) : undefined
    },

    async download(act, key, file, { tag, signal }) {
      const headers: Record<string, string> = tag === undefined ? {} : { 'if-match': tag }
      const { response } = await ask(act, { method: 'GET', url: place(key), headers, ...(signal ? { signal } : {}) })
      await saveBody(response, file)
    },

    async *list(act, prefix, startAfter) {
      const found: StoreEntry[] = []
      let marker: string | undefined
      do {
        const query = { restype: 'container', comp: 'list', include: 'metadata', prefix, ...(marker ? { marker } : {}) }
        const { response } = await ask(act, { method: 'GET', url: place('', query), headers: {} })
        const page = await response.text()
        for (const blob of elements(page, 'Blob')) {
          const entry = listed(blob)
          if (entry && comparePaths(entry.path, startAfter) > 0) found.push(entry)
        }
        marker = elementText(page, 'NextMarker')
      } while (marker)
      // Accounts with folders list these in an order of their own.
      yield* found.sort((a, b) => comparePaths(a.path, b.path))
    },

    async put(act, key, body) {
      await put(act, key, body)
    },

    async create(act, key, bytes) {
      const writer = randomUUID()
      const { response, tries } = await put(act, key, bytes, { 'if-none-match': '*', [WRITER]: writer }, [409, 412])
      if (response.status < 400) return 'created'
      const code = speech.codeOf(response, await response.text())
      if (response.status === 409 && code !== 'BlobAlreadyExists') {
        throw new MillraceError('STORE_FAILED', `${act}${speech.from}: ${code}`, { retry: 'again' })
      }
      // Tried before, it may have been put by that try.
      return tries > 1 && (await head(act, key))?.headers.get(WRITER) === writer ? 'created' : 'exists'
    },

    async copy(act, from, to) {
      const { response } = await ask(act, {
        method: 'PUT',
        url: place(to),
        headers: { 'x-ms-copy-source': place(from).href },
      })
      if (response.headers.get('x-ms-copy-status') === 'success') return
      throw new MillraceError('STORE_FAILED', `${act}: the copy goes on in the background`, { retry: 'again' })
    },

    async delete(act, key) {
      await ifThere(act, { method: 'DELETE', url: place(key), headers: {} })
    },
  }
}

function isFolder({ headers }: Response): boolean {
  return headers.get('x-ms-meta-hdi_isfolder') === 'true' || headers.get('x-ms-resource-type') === 'directory'
}

function entryOf({ headers }: Response): Omit<StoreEntry, 'path'> {
  const tag = headers.get('etag')
  return {
    size: Number(headers.get('content-length') ?? 0),
    modified: Date.parse(headers.get('last-modified') ?? ''),
    ...(tag === null ? {} : { tag }),
  }
}

function listed(blob: string): StoreEntry | undefined {
  const name = elementText(blob, 'Name') ?? ''
  const isEncoded = /<Name\s[^>]*Encoded="true"/i.test(blob)
  if (elementText(blob, 'ResourceType') === 'directory' || elementText(blob, 'hdi_isfolder') === 'true')
    return undefined
  const tag = elementText(blob, 'Etag')
  return {
    path: isEncoded ? decodeURIComponent(name) : name,
    size: Number(elementText(blob, 'Content-Length') ?? 0),
    modified: Date.parse(elementText(blob, 'Last-Modified') ?? ''),
    // In headers it stands in quotes, in lists without.
    ...(tag === undefined ? {} : { tag: tag.startsWith('"') ? tag : `"${tag}"` }),
  }
}

function parseAddress(address: string, { account: given }: AzureOptions) {
  const [, scheme = '', container, host, rest = ''] =
    /^(abfss?|az|azure):\/\/([a-z0-9$-]+)(?:@([a-z0-9.-]+))?(?:\/(.*))?$/i.exec(address) ?? []
  const account = given ?? host?.split('.')[0] ?? process.env.AZURE_STORAGE_ACCOUNT
  if (container === undefined) {
    throw new MillraceError('STORE_UNSUPPORTED', 'the address of an Azure store names no container', {
      hint: 'Write abfss://container@account.dfs.core.windows.net/path, or az://container/path.',
    })
  }
  if (account === undefined) {
    throw new MillraceError('OPTION_MISSING', `which account ${scheme}://${container} is of is not said`, {
      hint: 'Give account to the connection, or set AZURE_STORAGE_ACCOUNT.',
    })
  }
  const root = `${scheme.toLowerCase()}://${container}${host === undefined ? '' : `@${host}`}`
  const path = rest.replace(/\/+$/, '')
  if (path !== '') checkStorePath(path, root)
  return { container, account, root, prefix: path === '' ? '' : `${path}/` }
}

function keyOf({ account_key, sas_token }: AzureOptions, account: string): AzureKey {
  const { AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN } = process.env
  const sas = sas_token ?? (account_key === undefined ? AZURE_STORAGE_SAS_TOKEN : undefined)
  if (sas !== undefined) return { sas: sas.replace(/^\?/, '') }
  const key = account_key ?? AZURE_STORAGE_KEY
  if (key !== undefined) return { account, key }
  throw new MillraceError(
    'OPTION_MISSING',
    `the account ${account} of Azure Storage is to be used without credentials`,
    {
      hint: CREDENTIALS,
    },
  )
}
