import type { ErrorJson, Schema } from '../../../base/kernel/index.ts'
import type { Dialect, SqlPart } from '../../../base/sql/index.ts'
import type { Chunk, EngineCapabilities, QueryProgress } from '../contract.ts'

/** Raised with every change of these messages: an owner and a client of different numbers do not talk. */
export const PROTOCOL = 1

/** How many chunks of a stream may be under way before the client has taken them. */
export const CHUNKS_AHEAD = 4

/** The first message of a client. An `engine` socket says that the client is there; each connection has its own. */
export interface Hello {
  readonly op: 'hello'
  readonly protocol: number
  readonly role: 'engine' | 'connection'
  readonly pid: number
  /** The canonical path that is meant: an address may be out of date. */
  readonly path: string
}

/** The owner's answer: what its engine is, or to come again when it has closed, or why not. */
export type Welcome =
  | {
      readonly op: 'welcome'
      readonly pid: number
      readonly name: string
      readonly dialect: Dialect
      readonly database: string
      readonly capabilities: EngineCapabilities
    }
  | { readonly op: 'retry' }
  | { readonly op: 'refused'; readonly error: ErrorJson }

/** A statement as it crosses the socket. */
export interface RemoteStatement {
  readonly parts: readonly SqlPart[]
  readonly file?: string
  /** Whether progress is to be told. */
  readonly progress: boolean
}

/** What a client asks; each request has a number, and every answer carries it. */
export type Request = { readonly id: number } & (
  | ({ readonly op: 'query' | 'rows' | 'execute' | 'describe' | 'toArrow' | 'script' } & RemoteStatement)
  | { readonly op: 'begin' }
  | { readonly op: 'end'; readonly commit: boolean }
  | { readonly op: 'dispose' }
  /** Of request `id`: one chunk was taken, send another. */
  | { readonly op: 'credit' }
  /** Of request `id`: stop it; its answer is an error with this reason. */
  | { readonly op: 'cancel'; readonly reason: ErrorJson }
  /** Of request `id`, a stream: nobody reads on. */
  | { readonly op: 'leave' }
)

/** What the owner answers to the request `id`. A stream gives `ok` with its schema, chunks, then `end`. */
export type Answer = { readonly id: number } & (
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: ErrorJson }
  | { readonly kind: 'progress'; readonly progress: QueryProgress }
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  | { readonly kind: 'end' }
)

/** The value of the `ok` of a `query`. */
export interface StreamOpened {
  readonly schema: Schema
}
