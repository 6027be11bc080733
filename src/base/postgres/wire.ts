import type { Duplex } from 'node:stream'
import { optional } from '../kernel/index.ts'

/** What we use of the package `pg`: its connection, to which messages of the protocol are written. */
export interface Wire {
  readonly stream: Duplex
  query(text: string): void
  parse(statement: { readonly text: string }): void
  bind(statement: { readonly values: readonly (string | null)[] }): void
  describe(what: { readonly type: 'S' | 'P'; readonly name: string }): void
  execute(what: object): void
  sync(): void
  sendCopyFromChunk(chunk: Uint8Array): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
}

/** A field of RowDescription. */
export interface WireField {
  readonly name: string
  readonly dataTypeID: number
  readonly dataTypeModifier: number
}

/** What `pg` asks of something that is submitted to it: one handler a message of the server. */
export interface Submittable {
  submit(wire: Wire): void
  handleRowDescription(message: { readonly fields: readonly WireField[] }): void
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void
  handleCommandComplete(message: { readonly text: string }): void
  handleCopyInResponse(wire: Wire): void
  handleCopyData(message: { readonly chunk: Uint8Array }): void
  handleEmptyQuery(): void
  handlePortalSuspended(): void
  handleError(error: Error): void
  handleReadyForQuery(): void
}

/** What we use of the client of `pg`. */
export interface WireClient {
  readonly connection: Wire
  readonly processID: number
  readonly secretKey: number
  connect(): Promise<unknown>
  query(work: Submittable): unknown
  end(): Promise<void>
  getTransactionStatus(): 'I' | 'T' | 'E' | null
  on(event: 'error', listener: (error: Error) => void): this
  on(event: 'end', listener: () => void): this
}

/** The class of clients of `pg`, loaded at the first connection. */
export async function loadPg(): Promise<new (settings: Record<string, unknown>) => WireClient> {
  const { default: pg } = await optional<{ default: { Client: new (settings: object) => WireClient } }>(
    'pg',
    'talks to PostgreSQL',
  )
  return pg.Client
}
