import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ErrorCode, MillraceError, type Retry } from '../kernel/index.ts'
import type { ObjectBody } from './object-service.ts'

/** Tries of one request; each waits longer. */
const TRIES = 5

/** One request to an object service, before it is signed. */
export interface ObjectRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: ObjectBody
  readonly signal?: AbortSignal
}

/** How a service is spoken to. */
export interface ObjectServiceSpeech {
  /** The headers of a request with its signature; called for each try. */
  sign(request: ObjectRequest): Promise<Readonly<Record<string, string>>>
  /** The service's own code for a failure, told from the headers or the body of its answer. */
  codeOf(response: Response, body: string): string
  /** What such codes mean to us. */
  readonly causes: Readonly<Record<string, readonly [ErrorCode, hint: string, Retry?]>>
  /** What of messages is said about where: the connection's name, no secret. */
  readonly from: string
}

/** What a request came to: an answer, or one of the statuses that were expected. */
export interface ObjectAnswer {
  readonly response: Response
  /** How many times it was tried: an answer to the second may tell of what the first did. */
  readonly tries: number
}

/**
 * Sends a request, again when the network or the service fails. Answers with a status of 400 and more are errors, but
 * those that are expected.
 * @throws MillraceError STORE_FAILED, STORE_DENIED, STORE_NOT_FOUND, STORE_FULL, CANCELLED
 */
export async function send(
  speech: ObjectServiceSpeech,
  act: string,
  request: ObjectRequest,
  expected: readonly number[] = [],
): Promise<ObjectAnswer> {
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await once(speech, request)
      if (response.status < 400 || expected.includes(response.status)) return { response, tries }
      const body = await response.text()
      const isPassing = response.status === 429 || response.status >= 500
      if (!isPassing || tries === TRIES) throw refused(speech, act, response, body)
    } catch (thrown) {
      if (request.signal?.aborted) throw new MillraceError('CANCELLED', `${act} was cancelled`, { cause: thrown })
      if (thrown instanceof MillraceError) throw thrown
      if (tries === TRIES) throw unreachable(speech, act, request, thrown)
    }
    await sleep(100 * 2 ** tries * (0.5 + Math.random() / 2))
  }
}

async function once(speech: ObjectServiceSpeech, request: ObjectRequest): Promise<Response> {
  const { method, url, body, signal } = request
  const headers = await speech.sign(request)
  const isFile = body !== undefined && !(body instanceof Uint8Array)
  return fetch(url, {
    method,
    headers,
    redirect: 'error',
    ...(signal ? { signal } : {}),
    ...(body === undefined
      ? {}
      : { body: (isFile ? Readable.toWeb(createReadStream(body.file)) : body) as NonNullable<RequestInit['body']> }),
    ...(isFile ? { duplex: 'half' as const } : {}),
  } as RequestInit)
}

/** Writes the body of an answer into a new file. */
export async function saveBody(response: Response, file: string): Promise<void> {
  const body = response.body as Parameters<typeof Readable.fromWeb>[0] | null
  await pipeline(
    body ? Readable.fromWeb(body) : Readable.from([]),
    createWriteStream(file, { flags: 'w', mode: 0o600 }),
  )
}

export function sizeOf(body: ObjectBody | undefined): number {
  return body === undefined ? 0 : body instanceof Uint8Array ? body.length : body.size
}

function refused(
  { codeOf, causes, from }: ObjectServiceSpeech,
  act: string,
  response: Response,
  body: string,
): MillraceError {
  const code = codeOf(response, body)
  const what = code === '' ? `the service answered ${response.status}` : `${code} (HTTP ${response.status})`
  const known = causes[code]
  const [errorCode, hint, retry = 'never'] = known ?? byStatus(response.status)
  return new MillraceError(errorCode, `${act}${from}: ${what}`, { hint, retry })
}

function byStatus(status: number): readonly [ErrorCode, string, Retry?] {
  if (status === 401 || status === 403) {
    return ['STORE_DENIED', 'Check the credentials, and that they may list, read, write and delete objects there.']
  }
  if (status === 404) return ['STORE_NOT_FOUND', 'The object was removed meanwhile; read again.', 'after-reload']
  if (status === 412) return ['STORE_NOT_FOUND', 'The object was replaced meanwhile; read again.', 'after-reload']
  if (status === 507) return ['STORE_FULL', 'The service has no room left.']
  if (status === 429 || status >= 500) {
    return ['STORE_FAILED', 'The service is overloaded or failing; run the same again later.', 'again']
  }
  return ['STORE_FAILED', 'The service refused the request; see its documentation for this code.']
}

function unreachable(
  { from }: ObjectServiceSpeech,
  act: string,
  { url }: ObjectRequest,
  thrown: unknown,
): MillraceError {
  const cause = (thrown as { cause?: unknown }).cause ?? thrown
  const words = cause instanceof Error ? cause.message : String(cause)
  return new MillraceError('STORE_FAILED', `${act}${from}: ${words}`, {
    cause: new Error(words),
    retry: 'again',
    hint: `Check that ${url.origin} can be reached from here, then run the same again.`,
  })
}
