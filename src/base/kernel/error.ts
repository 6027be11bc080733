import { ERROR_CODES, type ErrorCode } from './error-codes.ts'

/** Whether trying the same again can help: never, at once or later, or once the state it was based on is reloaded. */
export type Retry = 'never' | 'again' | 'after-reload'

/** A place in a file of the user's. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
  /** The path inside a structured file, such as `tables.orders.cursor`. */
  readonly path?: string
}

/** What a `MillraceError` may carry beside its code and message. */
export interface ErrorDetails {
  readonly cause?: unknown
  /** The next step, as a sentence. */
  readonly hint?: string
  readonly at?: Place
  readonly retry?: Retry
  /** Facts for programs; must hold no secret and be plain JSON. */
  readonly data?: Readonly<Record<string, unknown>>
}

/** An error as plain data, as it crosses a process or the network. */
export interface ErrorJson {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
  readonly at?: Place
  readonly retry: Retry
  readonly data?: Readonly<Record<string, unknown>>
  readonly cause?: string
}

/**
 * The one error class of Millrace: what went wrong (`message`, which names the act), where (`at`),
 * what to do next (`hint`) and whether trying again can help (`retry`).
 */
export class MillraceError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly at: Place | undefined
  readonly retry: Retry
  readonly data: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'MillraceError'
    this.code = code
    this.hint = details.hint
    this.at = details.at
    this.retry = details.retry ?? 'never'
    this.data = details.data
  }

  /** The same error with a place, kept if it has one already. */
  located(at: Place): MillraceError {
    if (this.at) return this
    return new MillraceError(this.code, this.message, {
      cause: this.cause,
      at,
      retry: this.retry,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.data === undefined ? {} : { data: this.data }),
    })
  }

  toJSON(): ErrorJson {
    const cause = this.cause instanceof Error ? this.cause.message : this.cause
    return {
      code: this.code,
      message: this.message,
      retry: this.retry,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.at === undefined ? {} : { at: this.at }),
      ...(this.data === undefined ? {} : { data: this.data }),
      ...(cause === undefined ? {} : { cause: String(cause) }),
    }
  }

  /** The inverse of `toJSON`; an unknown code becomes `INTERNAL`. */
  static fromJSON(json: ErrorJson): MillraceError {
    const { code, message, cause, ...details } = json
    return new MillraceError(code in ERROR_CODES ? code : 'INTERNAL', message, {
      ...details,
      ...(cause === undefined ? {} : { cause }),
    })
  }
}

/** Any thrown value as a `MillraceError`: one already is left as it is, anything else gets `code`. */
export function asMillraceError(
  thrown: unknown,
  code: ErrorCode = 'INTERNAL',
  details: ErrorDetails = {},
): MillraceError {
  if (thrown instanceof MillraceError) return thrown
  if (thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'TimeoutError')) {
    const timedOut = thrown.name === 'TimeoutError'
    return new MillraceError(timedOut ? 'TIMEOUT' : 'CANCELLED', thrown.message, { ...details, cause: thrown })
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new MillraceError(code, message, { ...details, cause: thrown })
}

/** Closes a `switch` over a union: a case that was forgotten does not compile. */
export function unreachable(value: never): never {
  throw new MillraceError('INTERNAL', `a case was not handled: ${JSON.stringify(value)}`)
}

/** `file:line:column (path)`, as far as it is known. */
export function formatPlace(at: Place): string {
  const position = [at.file, at.line, at.line === undefined ? undefined : at.column].filter(
    (part) => part !== undefined,
  )
  return position.join(':') + (at.path ? ` (${at.path})` : '')
}
