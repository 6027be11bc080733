import { createSign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { MillraceError } from '../kernel/index.ts'

const keyFile = z.object({
  client_email: z.string(),
  private_key: z.string(),
  private_key_id: z.string().optional(),
  token_uri: z.url().default('https://oauth2.googleapis.com/token'),
})
const answer = z.object({ access_token: z.string(), expires_in: z.number() })

/** Milliseconds before a token ends at which a new one is asked for. */
const EARLY_MS = 60_000
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write'

/**
 * Tokens of a service account by its key file (RFC 7523, "JSON Web Token Profile for OAuth 2.0"): one is used until it
 * is about to end.
 */
export class GcsTokens {
  readonly #file: string
  #known: { readonly token: Promise<string>; until: number } | undefined

  constructor(file: string) {
    this.#file = file
  }

  /** @throws MillraceError STORE_DENIED, STORE_FAILED */
  token(): Promise<string> {
    if (this.#known && this.#known.until > Date.now()) return this.#known.token
    const known = { token: Promise.resolve(''), until: Number.POSITIVE_INFINITY }
    known.token = this.#ask().then(({ access_token, expires_in }) => {
      known.until = Date.now() + expires_in * 1000 - EARLY_MS
      return access_token
    })
    known.token.catch(() => {
      if (this.#known === known) this.#known = undefined
    })
    this.#known = known
    return known.token
  }

  async #ask(): Promise<z.output<typeof answer>> {
    const key = await this.#key()
    const now = Math.floor(Date.now() / 1000)
    const part = (of: object) => Buffer.from(JSON.stringify(of)).toString('base64url')
    const claims = { iss: key.client_email, scope: SCOPE, aud: key.token_uri, iat: now, exp: now + 3600 }
    const head = { alg: 'RS256', typ: 'JWT', ...(key.private_key_id ? { kid: key.private_key_id } : {}) }
    const signed = `${part(head)}.${part(claims)}`
    const signature = createSign('RSA-SHA256').update(signed).sign(key.private_key, 'base64url')
    const response = await fetch(key.token_uri, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: `${signed}.${signature}`,
      }),
    }).catch((cause: unknown) => {
      throw new MillraceError('STORE_FAILED', `asking ${key.token_uri} for a token of ${key.client_email}`, {
        cause,
        retry: 'again',
      })
    })
    const found = answer.safeParse(await response.json().catch(() => undefined))
    if (response.ok && found.success) return found.data
    throw new MillraceError('STORE_DENIED', `${key.client_email} was given no token (HTTP ${response.status})`, {
      hint: 'Check that the key of the service account was not removed, and the clock of this machine.',
    })
  }

  async #key(): Promise<z.output<typeof keyFile>> {
    const text = await readFile(this.#file, 'utf8').catch((cause: unknown) => {
      throw new MillraceError('STORE_DENIED', `reading the key file ${this.#file}`, { cause })
    })
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch {
      json = undefined
    }
    const found = keyFile.safeParse(json)
    if (found.success) return found.data
    throw new MillraceError('STORE_DENIED', `the key file ${this.#file} is not that of a service account`, {
      hint: 'Make a key for the service account in the form JSON, and name that file.',
    })
  }
}
