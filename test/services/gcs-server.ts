import { createHash, createHmac, createVerify, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Kept {
  readonly bytes: Buffer
  readonly generation: number
  readonly at: Date
  readonly meta: Readonly<Record<string, string>>
}

/** A server in the words of Cloud Storage's XML interface, which checks who asks and under which condition. */
export interface GcsServer extends AsyncDisposable {
  readonly url: string
  /** `METHOD path`, with the headers that matter, of each request in order. */
  readonly seen: readonly string[]
  readonly hmac: { readonly access_key_id: string; readonly secret_access_key: string }
  /** A key file of a service account, as text. */
  readonly keyFile: string
}

/**
 * What Cloud Storage does, as far as its documentation says: one bucket in memory, preconditions by generation, copies,
 * lists in pages of three, HMAC signatures (GOOG4-HMAC-SHA256) worked out anew from the raw request, and tokens for
 * assertions that the key of the service account signed. It was written by that documentation, not by watching it.
 */
export async function gcsServer(bucket: string): Promise<GcsServer> {
  const objects = new Map<string, Kept>()
  const seen: string[] = []
  const hmac = { access_key_id: 'GOOG1TEST', secret_access_key: randomBytes(20).toString('base64') }
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const token = randomBytes(12).toString('hex')
  let generation = 0

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url ?? '', `http://${request.headers.host}`)
    const condition = request.headers['x-goog-if-generation-match']
    seen.push(`${request.method} ${url.pathname}${condition === undefined ? '' : ` generation=${condition}`}`)
    if (url.pathname === '/token') return giveToken(body, response)
    if (!isAllowed(request, url)) return fail(response, 403, 'SignatureDoesNotMatch')
    const [, name, ...rest] = url.pathname.split('/')
    if (name !== bucket) return fail(response, 404, 'NoSuchBucket')
    const key = decodeURIComponent(rest.join('/'))
    if (key === '') return list(url, response)
    return answer(request, key, body, response)
  })

  function answer(request: IncomingMessage, key: string, body: Buffer, response: ServerResponse): void {
    const kept = objects.get(key)
    const { method, headers } = request
    if (method === 'PUT') {
      if (headers['x-goog-if-generation-match'] === '0' && kept) {
        fail(response, 412, 'PreconditionFailed')
        return
      }
      const source = headers['x-goog-copy-source']
      const from =
        source === undefined ? undefined : objects.get(decodeURIComponent(String(source)).slice(bucket.length + 1))
      if (source !== undefined && !from) {
        fail(response, 404, 'NoSuchKey')
        return
      }
      if (source === undefined && Number(headers['content-length']) !== body.length) {
        fail(response, 411, 'MissingContentLength')
        return
      }
      generation += 1
      const meta = Object.fromEntries(Object.entries(headers).filter(([one]) => one.startsWith('x-goog-meta-')))
      objects.set(key, {
        bytes: from?.bytes ?? body,
        generation,
        at: new Date(),
        meta: meta as Record<string, string>,
      })
      response.writeHead(200, { 'x-goog-generation': String(generation) }).end()
      return
    }
    if (!kept) {
      fail(response, 404, 'NoSuchKey')
      return
    }
    if (method === 'DELETE') {
      objects.delete(key)
      response.writeHead(204).end()
      return
    }
    const tag = `"${kept.generation}"`
    if (headers['if-match'] !== undefined && headers['if-match'] !== tag) {
      fail(response, 412, 'PreconditionFailed')
      return
    }
    response.writeHead(200, {
      'content-length': kept.bytes.length,
      'last-modified': kept.at.toUTCString(),
      etag: tag,
      ...kept.meta,
    })
    response.end(method === 'HEAD' ? undefined : kept.bytes)
  }

  function list(url: URL, response: ServerResponse): void {
    const after = url.searchParams.get('continuation-token') ?? url.searchParams.get('start-after') ?? ''
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(url.searchParams.get('prefix') ?? ''))
      .filter((key) => after === '' || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    const page = keys.slice(0, 3)
    const contents = page.map((key) => {
      const kept = objects.get(key) as Kept
      return `<Contents><Key>${escaped(key)}</Key><Generation>${kept.generation}</Generation><LastModified>${kept.at.toISOString()}</LastModified><ETag>"${kept.generation}"</ETag><Size>${kept.bytes.length}</Size></Contents>`
    })
    const next = keys.length > 3 ? `<NextContinuationToken>${escaped(page.at(-1) ?? '')}</NextContinuationToken>` : ''
    response.writeHead(200, { 'content-type': 'application/xml' })
    response.end(
      `<?xml version='1.0' encoding='UTF-8'?><ListBucketResult>${contents.join('')}${next}</ListBucketResult>`,
    )
  }

  /** The signature as the V4 signing process has it, from what came over the wire. */
  function isAllowed({ headers, method, url = '' }: IncomingMessage, { search }: URL): boolean {
    const given = headers.authorization ?? ''
    if (given === `Bearer ${token}`) return true
    const [, id, scope = '', names = '', signature] =
      /^GOOG4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(given) ??
      []
    if (id !== hmac.access_key_id) return false
    const time = String(headers['x-goog-date'])
    const stamp = time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
    if (!(Math.abs(Date.parse(stamp) - Date.now()) < 900_000)) return false
    const path = url.split('?')[0] ?? ''
    const query = search
      .slice(1)
      .split('&')
      .filter((one) => one !== '')
      .sort()
    const text = [
      method,
      path,
      query.join('&'),
      ...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
      '',
      names,
      String(headers['x-goog-content-sha256']),
    ].join('\n')
    const [day = '', region = '', service = '', end = ''] = scope.split('/')
    let key: string | Buffer = `GOOG4${hmac.secret_access_key}`
    for (const part of [day, region, service, end]) key = createHmac('sha256', key).update(part).digest()
    const hash = createHash('sha256').update(text).digest('hex')
    const wanted = createHmac('sha256', key).update(`GOOG4-HMAC-SHA256\n${time}\n${scope}\n${hash}`).digest('hex')
    return signature === wanted && scope === `${time.slice(0, 8)}/auto/storage/goog4_request`
  }

  function giveToken(body: Buffer, response: ServerResponse): void {
    const assertion = new URLSearchParams(body.toString()).get('assertion') ?? ''
    const [head = '', claims = '', signature = ''] = assertion.split('.')
    const isSigned = createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url')
    const { iss, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}') as {
      iss?: string
      exp?: number
    }
    if (!isSigned || iss !== 'test@project.iam' || (exp ?? 0) * 1000 < Date.now()) {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}')
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ access_token: token, expires_in: 3600, token_type: 'Bearer' }))
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  return {
    url,
    seen,
    hmac,
    keyFile: JSON.stringify({ client_email: 'test@project.iam', private_key: pem, token_uri: `${url}/token` }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
