import { createHash, createHmac } from 'node:crypto'
import { type ObjectRequest, sizeOf } from './http-object.ts'

/** An HMAC key of a service account. */
export interface GcsHmacKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text, 'utf8').digest()

/** As RFC 3986 has it, and the text that is signed: also the characters that `encodeURIComponent` leaves. */
export const strictlyEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * The headers of a request, signed by an HMAC key (Cloud Storage, "V4 signing process", GOOG4-HMAC-SHA256).
 * Path and query must be encoded as `strictlyEncoded` does.
 * @param now the time that the request says it is made at
 */
export function signGcs(request: ObjectRequest, key: GcsHmacKey, now: Date): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const day = time.slice(0, 8)
  const scope = `${day}/auto/storage/goog4_request`
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.url.host,
    'x-goog-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-goog-date': time,
  }
  const names = Object.keys(headers).sort()
  const query = request.url.search
    .slice(1)
    .split('&')
    .filter((one) => one !== '')
    .sort()
  const canonical = [
    request.method,
    request.url.pathname,
    query.join('&'),
    ...names.map((name) => `${name}:${headers[name]?.trim()}`),
    '',
    names.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n')
  const hash = createHash('sha256').update(canonical, 'utf8').digest('hex')
  const text = ['GOOG4-HMAC-SHA256', time, scope, hash].join('\n')
  const signing = hmac(hmac(hmac(hmac(`GOOG4${key.secretAccessKey}`, day), 'auto'), 'storage'), 'goog4_request')
  const signature = createHmac('sha256', signing).update(text, 'utf8').digest('hex')
  const { host: _, ...sent } = headers
  return {
    ...sent,
    ...(request.body === undefined ? {} : { 'content-length': String(sizeOf(request.body)) }),
    authorization: `GOOG4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}
