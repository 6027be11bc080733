import { randomUUID } from 'node:crypto'
import { MillraceError } from '../kernel/index.ts'
import type { Store, StoreEntry } from './contract.ts'
import type { GcsOptions } from './gcs-options.ts'
import { signGcs, strictlyEncoded } from './gcs-sign.ts'
import { GcsTokens } from './gcs-token.ts'
import { type ObjectRequest, type ObjectServiceSpeech, saveBody, send, sizeOf } from './http-object.ts'
import { ObjectCache } from './object-cache.ts'
import type { ObjectBody, ObjectService } from './object-service.ts'
import { objectStore } from './object-store.ts'
import { checkStorePath, comparePaths } from './store-path.ts'
import { elements, elementText } from './xml-members.ts'

/** How a store over a bucket of Google Cloud Storage is opened. */
export interface GcsStoreOptions {
  readonly gcs?: GcsOptions
  /** The name of the connection, for messages. */
  readonly connection?: string
  readonly cache?: ObjectCache
}

/** Metadata by which a writer knows an object that it created itself, though the answer got lost. */
const WRITER = 'x-goog-meta-millrace-writer'

const CREDENTIALS =
  'Give the connection key_file, access_key_id and secret_access_key, or access_token; or set GOOGLE_APPLICATION_CREDENTIALS.'
const CAUSES: ObjectServiceSpeech['causes'] = {
  NoSuchBucket: ['STORE_NOT_FOUND', 'Create the bucket, or correct its name.'],
  AccessDenied: [
    'STORE_DENIED',
    'Give these credentials the rights to list, get, create and delete objects of the bucket.',
  ],
  AuthenticationRequired: ['STORE_DENIED', CREDENTIALS],
  InvalidSecurity: ['STORE_DENIED', CREDENTIALS],
  SignatureDoesNotMatch: ['STORE_DENIED', 'The secret access key is not that of the access key id.'],
  RequestTimeTooSkewed: ['STORE_DENIED', 'The clock of this machine is wrong; correct it.'],
}

/**
 * A store over a bucket of Google Cloud Storage, by its XML interface. A commit is a put with
 * `x-goog-if-generation-match: 0`, which is refused when there is an object (Cloud Storage, "Request preconditions").
 * @param address `gs://bucket/prefix`
 * @throws MillraceError STORE_UNSUPPORTED for an address without bucket, OPTION_MISSING without credentials
 */
export function gcsStore(address: string, options: GcsStoreOptions): Store {
  const { gcs = {}, connection, cache = new ObjectCache() } = options
  const [, bucket, rest = ''] = /^gc?s:\/\/([a-z0-9][a-z0-9._-]*)(?:\/(.*))?$/i.exec(address) ?? []
  if (bucket === undefined) {
    throw new MillraceError('STORE_UNSUPPORTED', 'the address of a Cloud Storage store names no bucket', {
      hint: 'Write gs://bucket/prefix.',
    })
  }
  const path = rest.replace(/\/+$/, '')
  const root = `gs://${bucket}`
  if (path !== '') checkStorePath(path, root)
  const speech: ObjectServiceSpeech = {
    sign: signer(gcs),
    codeOf: (_, body) => elementText(body, 'Code') ?? '',
    causes: CAUSES,
    from: connection === undefined ? '' : ` (connection ${connection})`,
  }
  const base = (gcs.endpoint ?? 'https://storage.googleapis.com').replace(/\/+$/, '')
  const place = (key: string, query: Readonly<Record<string, string>> = {}): URL => {
    const asked = Object.entries(query).map(([name, value]) => `${name}=${strictlyEncoded(value)}`)
    const path = key === '' ? '' : `/${encodedKey(key)}`
    return new URL(`${base}/${bucket}${path}${asked.length === 0 ? '' : `?${asked.join('&')}`}`)
  }
  const prefix = path === '' ? '' : `${path}/`
  return objectStore(gcsService(speech, place, bucket), { url: path === '' ? root : `${root}/${path}`, prefix, cache })
}

function encodedKey(key: string): string {
  return key.split('/').map(strictlyEncoded).join('/')
}

function signer({ access_key_id, secret_access_key, key_file, access_token }: GcsOptions): ObjectServiceSpeech['sign'] {
  if (access_key_id !== undefined && secret_access_key !== undefined) {
    const key = { accessKeyId: access_key_id, secretAccessKey: secret_access_key }
    return async (request) => signGcs(request, key, new Date())
  }
  const withToken = (token: string, request: ObjectRequest) => ({
    ...request.headers,
    ...(request.body === undefined ? {} : { 'content-length': String(sizeOf(request.body)) }),
    authorization: `Bearer ${token}`,
  })
  if (access_token !== undefined) return async (request) => withToken(access_token, request)
  const file = key_file ?? process.env.GOOGLE_APPLICATION_CREDENTIALS
  if (file === undefined) {
    throw new MillraceError('OPTION_MISSING', 'Cloud Storage is to be used without credentials', { hint: CREDENTIALS })
  }
  const tokens = new GcsTokens(file)
  return async (request) => withToken(await tokens.token(), request)
}

type Place = (key: string, query?: Readonly<Record<string, string>>) => URL

function gcsService(speech: ObjectServiceSpeech, place: Place, bucket: string): ObjectService {
  const ask = (act: string, request: ObjectRequest, expected: readonly number[] = []) =>
    send(speech, act, request, expected)
  let isBucketThere = false
  /** An answer to HEAD does not say whether the object or the bucket is missing: asked once. */
  const checkBucket = async (act: string) => {
    if (isBucketThere) return
    const query = { 'list-type': '2', 'max-keys': '1' }
    const { response } = await ask(act, { method: 'GET', url: place('', query), headers: {} }, [403])
    await response.text()
    isBucketThere = true
  }
  const ifThere = async (act: string, request: ObjectRequest): Promise<Response | undefined> => {
    const { response } = await ask(act, request, [404])
    if (response.status !== 404) return response
    await response.text()
    await checkBucket(act)
    return undefined
  }
  const put = (
    act: string,
    key: string,
    body: ObjectBody,
    headers: Record<string, string> = {},
    expected: number[] = [],
  ) =>
    ask(
      act,
      { method: 'PUT', url: place(key), headers: { 'content-type': 'application/octet-stream', ...headers }, body },
      expected,
    )
  const head = (act: string, key: string) => ifThere(act, { method: 'HEAD', url: place(key), headers: {} })

  return {
    async head(act, key) {
      const found = await head(act, key)
      const tag = found?.headers.get('etag')
      return (
        found && {
          size: Number(found.headers.get('x-goog-stored-content-length') ?? found.headers.get('content-length') ?? 0),
          modified: Date.parse(found.headers.get('last-modified') ?? ''),
          ...(tag ? { tag } : {}),
        }
      )
    },

    async get(act, key, { signal } = {}) {
      const found = await ifThere(act, { method: 'GET', url: place(key), headers: {}, ...(signal ? { signal } : {}) })
      return found && new Uint8Array(await found.arrayBuffer())
    },

    async download(act, key, file, { tag, signal }) {
      const headers: Record<string, string> = tag === undefined ? {} : { 'if-match': tag }
      const { response } = await ask(act, { method: 'GET', url: place(key), headers, ...(signal ? { signal } : {}) })
      await saveBody(response, file)
    },

    async *list(act, prefix, startAfter) {
      let token: string | undefined
      do {
        const query = {
          'list-type': '2',
          prefix,
          ...(token === undefined ? {} : { 'continuation-token': token }),
          ...(startAfter === '' || token !== undefined ? {} : { 'start-after': startAfter }),
        }
        const { response } = await ask(act, { method: 'GET', url: place('', query), headers: {} })
        const page = await response.text()
        isBucketThere = true
        for (const object of elements(page, 'Contents')) {
          const entry = listed(object)
          if (comparePaths(entry.path, startAfter) > 0) yield entry
        }
        token = elementText(page, 'NextContinuationToken')
      } while (token)
    },

    async put(act, key, body) {
      await put(act, key, body)
    },

    async create(act, key, bytes) {
      const writer = randomUUID()
      const headers = { 'x-goog-if-generation-match': '0', [WRITER]: writer }
      const { response, tries } = await put(act, key, bytes, headers, [412])
      await response.text()
      if (response.status < 400) return 'created'
      // Tried before, it may have been put by that try.
      return tries > 1 && (await head(act, key))?.headers.get(WRITER) === writer ? 'created' : 'exists'
    },

    async copy(act, from, to) {
      const headers = { 'x-goog-copy-source': `${bucket}/${encodedKey(from)}` }
      const { response } = await ask(act, { method: 'PUT', url: place(to), headers })
      await response.text()
    },

    async delete(act, key) {
      await ifThere(act, { method: 'DELETE', url: place(key), headers: {} })
    },
  }
}

function listed(object: string): StoreEntry {
  const tag = elementText(object, 'ETag')
  return {
    path: elementText(object, 'Key') ?? '',
    size: Number(elementText(object, 'Size') ?? 0),
    modified: Date.parse(elementText(object, 'LastModified') ?? ''),
    ...(tag === undefined ? {} : { tag }),
  }
}
