import { createHmac } from 'node:crypto'
import { type ObjectRequest, sizeOf } from './http-object.ts'

/** The version of the service that is spoken to. */
const VERSION = '2021-12-02'

/** What a request is signed with. */
export type AzureKey = { readonly account: string; readonly key: string } | { readonly sas: string }

/** Headers that stand in the text to sign, in their order (Azure Storage, "Authorize with Shared Key"). */
const SIGNED = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
]

/**
 * The headers of a request, signed by a key of the account (Azure Storage, "Authorize with Shared Key"). With a shared
 * access signature the URL is authorized by itself.
 * @param now the time that the request says it is made at
 */
export function signAzure(request: ObjectRequest, key: AzureKey, now: Date): Record<string, string> {
  const headers: Record<string, string> = {
    ...request.headers,
    'x-ms-date': now.toUTCString(),
    'x-ms-version': VERSION,
  }
  if (request.body !== undefined || request.method === 'PUT') headers['content-length'] = String(sizeOf(request.body))
  if (!('key' in key)) return headers
  const given = (name: string) => (name === 'content-length' && headers[name] === '0' ? '' : (headers[name] ?? ''))
  const own = Object.keys(headers)
    .filter((name) => name.startsWith('x-ms-'))
    .sort()
    .map((name) => `${name}:${headers[name]?.trim()}\n`)
  const queries = [...request.url.searchParams].map(([name, value]) => `\n${name.toLowerCase()}:${value}`).sort()
  const resource = `/${key.account}${request.url.pathname}${queries.join('')}`
  const text = [request.method, ...SIGNED.map(given)].join('\n')
  const signature = createHmac('sha256', Buffer.from(key.key, 'base64'))
    .update(`${text}\n${own.join('')}${resource}`, 'utf8')
    .digest('base64')
  return { ...headers, authorization: `SharedKey ${key.account}:${signature}` }
}
