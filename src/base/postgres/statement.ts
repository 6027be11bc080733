import { MillraceError } from '../kernel/index.ts'
import type { PostgresField, PostgresResult, PostgresValue } from './contract.ts'
import type { Submittable, Wire, WireField } from './wire.ts'

/**
 * One exchange of the protocol: it is over when the server is ready for the next, or when the connection ended.
 * An error of the server settles it at once; the client holds the next exchange back until the server is ready.
 */
export abstract class Exchange<Result> implements Submittable {
  readonly #over = Promise.withResolvers<Result>()

  constructor() {
    // Who waits for something else first must not make an error look unhandled.
    this.#over.promise.catch(() => {})
  }

  get over(): Promise<Result> {
    return this.#over.promise
  }

  abstract submit(wire: Wire): void
  protected abstract result(): Result

  handleRowDescription(_message: { readonly fields: readonly WireField[] }): void {}
  handleDataRow(_message: { readonly fields: readonly (string | null)[] }): void {}
  handleCommandComplete(_message: { readonly text: string }): void {}
  handleCopyData(_message: { readonly chunk: Uint8Array }): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}

  handleCopyInResponse(wire: Wire): void {
    wire.sendCopyFail('this statement was given no rows')
  }

  handleError(error: Error): void {
    this.#over.reject(error)
  }

  handleReadyForQuery(): void {
    this.#over.resolve(this.result())
  }
}

/** A statement in the extended protocol (PostgreSQL, "Message Flow": Parse, Bind, Describe, Execute, Sync). */
export class Statement extends Exchange<PostgresResult> {
  readonly #text: string
  readonly #values: readonly (string | null)[] | undefined
  readonly #guarded: boolean
  #fields: readonly PostgresField[] = []
  #rows: (string | null)[][] = []
  #rowsChanged = 0
  #rowsDeleted = 0
  #finished = false

  /** Without `values` the simple protocol is used, which takes several statements and no parameters. */
  constructor(text: string, values?: readonly PostgresValue[], guarded = false) {
    super()
    this.#text = text
    this.#values = values?.map(textOf)
    this.#guarded = guarded
  }

  submit(wire: Wire): void {
    if (this.#values === undefined) {
      wire.query(this.#text)
      return
    }
    wire.stream.cork()
    if (this.#guarded) execute(wire, `savepoint ${GUARD}`)
    execute(wire, this.#text, this.#values)
    // After an error the server skips what follows until Sync: then the savepoint is still there.
    if (this.#guarded) execute(wire, `release savepoint ${GUARD}`)
    wire.sync()
    wire.stream.uncork()
  }

  override handleRowDescription({ fields }: { readonly fields: readonly WireField[] }): void {
    this.#begin()
    this.#fields = fields.map(fieldOf)
  }

  override handleDataRow({ fields }: { readonly fields: (string | null)[] }): void {
    this.#rows.push(fields)
  }

  override handleCommandComplete({ text }: { readonly text: string }): void {
    if (this.#guarded && (text === 'SAVEPOINT' || text === 'RELEASE')) return
    if (this.#finished) this.#begin()
    const [, rowsRead] = /^SELECT (\d+)$/.exec(text) ?? []
    // What `create table as` says too, which gives no rows.
    this.#rowsChanged += rowsRead !== undefined && this.#fields.length === 0 ? Number(rowsRead) : rowsChanged(text)
    if (text.startsWith('DELETE ')) this.#rowsDeleted += rowsChanged(text)
    this.#finished = true
  }

  protected result(): PostgresResult {
    return { fields: this.#fields, rows: this.#rows, rowsChanged: this.#rowsChanged, rowsDeleted: this.#rowsDeleted }
  }

  /** Of several statements the last one's rows count. */
  #begin(): void {
    this.#fields = []
    this.#rows = []
    this.#finished = false
  }
}

/** Asks for the columns of a statement without running it: Parse, Describe, Sync. */
export class Description extends Exchange<readonly PostgresField[]> {
  readonly #text: string
  #fields: readonly PostgresField[] = []

  constructor(text: string) {
    super()
    this.#text = text
  }

  submit(wire: Wire): void {
    wire.stream.cork()
    wire.parse({ text: this.#text })
    wire.describe({ type: 'S', name: '' })
    wire.sync()
    wire.stream.uncork()
  }

  override handleRowDescription({ fields }: { readonly fields: readonly WireField[] }): void {
    this.#fields = fields.map(fieldOf)
  }

  protected result(): readonly PostgresField[] {
    return this.#fields
  }
}

/** `COPY … FROM STDIN` (PostgreSQL, "COPY Operations"): resolves with the number of rows. */
export class CopyIn extends Exchange<number> {
  readonly #text: string
  readonly #ready = Promise.withResolvers<Wire>()
  #rows = 0

  constructor(text: string) {
    super()
    this.#text = text
    this.#ready.promise.catch(() => {})
  }

  /** Resolves once the server wants rows. */
  get ready(): Promise<Wire> {
    return this.#ready.promise
  }

  submit(wire: Wire): void {
    wire.query(this.#text)
  }

  override handleCopyInResponse(wire: Wire): void {
    this.#ready.resolve(wire)
  }

  override handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = rowsChanged(text)
  }

  override handleError(error: Error): void {
    this.#ready.reject(error)
    super.handleError(error)
  }

  override handleReadyForQuery(): void {
    this.#ready.reject(new MillraceError('INTERNAL', 'copying into PostgreSQL by a statement that takes no rows'))
    super.handleReadyForQuery()
  }

  protected result(): number {
    return this.#rows
  }
}

const COPY_CHUNK_BYTES = 64 * 1024

/** `COPY … TO STDOUT`: `take` is given chunks of about 64 KB; the reader pauses `wire.stream` when it has enough. */
export class CopyOut extends Exchange<void> {
  readonly #text: string
  readonly #take: (chunk: Uint8Array, wire: Wire) => void
  #wire: Wire | undefined
  #chunk = Buffer.alloc(0)
  #used = 0

  constructor(text: string, take: (chunk: Uint8Array, wire: Wire) => void) {
    super()
    this.#text = text
    this.#take = take
  }

  submit(wire: Wire): void {
    this.#wire = wire
    wire.query(this.#text)
  }

  // The server sends a message a row; handing each on by itself would cost more than the copying. They are copied at
  // once, as the package reads the next messages into the same memory.
  override handleCopyData({ chunk }: { readonly chunk: Uint8Array }): void {
    if (this.#used + chunk.byteLength > this.#chunk.byteLength) {
      this.#flush()
      this.#chunk = Buffer.allocUnsafeSlow(Math.max(COPY_CHUNK_BYTES, chunk.byteLength))
    }
    this.#chunk.set(chunk, this.#used)
    this.#used += chunk.byteLength
  }

  override handleCommandComplete(): void {
    this.#flush()
  }

  protected result(): void {}

  #flush(): void {
    if (this.#used === 0 || this.#wire === undefined) return
    this.#take(this.#chunk.subarray(0, this.#used), this.#wire)
    this.#chunk = Buffer.alloc(0)
    this.#used = 0
  }
}

/** The savepoint of a guarded statement, and what brings the transaction back to it. */
const GUARD = 'millrace_statement'
export const BACK_TO_GUARD = `rollback to savepoint ${GUARD}; release savepoint ${GUARD}`

function execute(wire: Wire, text: string, values: readonly (string | null)[] = []): void {
  wire.parse({ text })
  wire.bind({ values })
  wire.describe({ type: 'P', name: '' })
  wire.execute({})
}

function fieldOf({ name, dataTypeID, dataTypeModifier }: WireField): PostgresField {
  return { name, oid: dataTypeID, modifier: dataTypeModifier }
}

/** The number in a command tag: `INSERT 0 5`, `UPDATE 5`, `COPY 5`. */
function rowsChanged(tag: string): number {
  const [, count] = /^(?:INSERT|UPDATE|DELETE|MERGE|COPY)(?: \d+)*? (\d+)$/.exec(tag) ?? []
  return Number(count ?? 0)
}

/** A value in PostgreSQL's text form. */
function textOf(value: PostgresValue): string | null {
  if (value === null || typeof value === 'string') return value
  if (value instanceof Uint8Array) {
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
  }
  // Years of more than four digits are `+012345-…` in JavaScript, and those before Christ `-…`.
  if (value instanceof Date) return instantText(value)
  return Object.is(value, -0) ? '-0' : String(value)
}

function instantText(instant: Date): string {
  const year = instant.getUTCFullYear()
  const rest = instant.toISOString().replace(/^[+-]?\d+/, '')
  if (year > 0) return `${String(year).padStart(4, '0')}${rest}`
  return `${String(1 - year).padStart(4, '0')}${rest} BC`
}
