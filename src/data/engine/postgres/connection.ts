import { MillraceError, type Row, type Schema, type Value } from '../../../base/kernel/index.ts'
import type { PostgresField, PostgresResult, PostgresSession } from '../../../base/postgres/index.ts'
import { inline, type Sql } from '../../../base/sql/index.ts'
import { arrowIpc } from '../arrow.ts'
import type { BulkOptions, Chunk, Engine, EngineConnection, QueryOptions, ResultStream } from '../contract.ts'
import { columnOfTexts } from './build-column.ts'
import { copiedRows } from './copy-rows.ts'
import { copyBinary } from './copy-text.ts'
import type { Running } from './engine-error.ts'
import { postgresSchema } from './types.ts'
import { postgresValue } from './values.ts'

const ACT = 'running a statement in PostgreSQL'

/** A session and what the errors of its statements are told with. */
export interface Lent {
  readonly session: PostgresSession
  /** The statement that runs; set before each. */
  running: Running
}

/** A session of a PostgreSQL server. Values are written into the statements as literals. */
export class PostgresConnection implements EngineConnection {
  readonly engine: Engine
  readonly #lent: Lent
  readonly #giveBack: (reusable: boolean) => Promise<void>
  readonly #closing = new AbortController()
  #last: Promise<unknown> = Promise.resolve()
  #stream: { close(): Promise<void> } | undefined
  #inTransaction = false
  /** Whether a statement of the transaction was refused. */
  #refused = false
  /** Whether a statement of the user's may have changed what a session keeps. */
  #changed = false

  constructor(engine: Engine, lent: Lent, giveBack: (reusable: boolean) => Promise<void>) {
    this.engine = engine
    this.#lent = lent
    this.#giveBack = giveBack
  }

  query(statement: Sql, options: QueryOptions = {}): Promise<ResultStream> {
    return this.#next(async () => {
      const text = this.#text(statement)
      if (!copies(text)) return this.#streamOf(...(await this.#small(text, options)), options)
      const fields = await this.#fields(text, options)
      const schema = postgresSchema(fields)
      // What a COPY is refused for has no place in the user's text.
      if (fields.length === 0) return this.#streamOf(...(await this.#small(text, options)), options)
      this.#lent.running = {}
      const bytes = this.#session.copyOut(copyBinary(text, fields), this.#limits(options))
      return this.#streamOf(schema, copiedRows(bytes, schema), options)
    })
  }

  rows<T extends object = Row>(statement: Sql, options: QueryOptions = {}): Promise<T[]> {
    return this.#next(async () => {
      const { fields, rows } = await this.#result(this.#text(statement), options)
      const schema = postgresSchema(fields)
      options.onProgress?.({ rows: rows.length })
      return rows.map((values) => {
        const row: Record<string, Value> = {}
        schema.fields.forEach(({ name, type }, index) => {
          const text = values[index] ?? null
          row[name] = text === null ? null : postgresValue(text, type)
        })
        return row as T
      })
    })
  }

  execute(statement: Sql, options: QueryOptions = {}): Promise<{ readonly rowsChanged: number }> {
    return this.#next(async () => {
      const { rowsChanged } = await this.#result(this.#text(statement), options)
      return { rowsChanged }
    })
  }

  /** Several statements are one transaction, unless the text begins its own. */
  script(text: string, options: QueryOptions = {}): Promise<{ readonly rowsChanged: number }> {
    return this.#next(async () => {
      this.#changed = true
      const run = () => this.#session.script(text, this.#limits(options))
      const { rowsChanged, rowsDeleted } = await this.#run(options, run, text)
      return { rowsChanged: rowsChanged - rowsDeleted }
    })
  }

  describe(statement: Sql): Promise<Schema> {
    return this.#next(async () => postgresSchema(await this.#fields(this.#text(statement), {})))
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inTransaction) {
      throw new MillraceError('ENGINE_BUSY', 'beginning a transaction in a connection that is in one', {
        hint: 'Transactions do not nest: take another connection with engine.connect().',
      })
    }
    this.#inTransaction = true
    this.#refused = false
    try {
      await this.#control('begin')
      let result: T
      try {
        result = await work()
        if (this.#stream) throw this.#busy()
        if (this.#refused && (await this.#undone())) {
          throw new MillraceError('ENGINE_SQL', 'committing a transaction of which a statement was refused before', {
            hint: 'PostgreSQL undoes all of it then: let the error of the statement end the work.',
          })
        }
      } catch (thrown) {
        await this.#stream?.close()
        // The error that counts is the one of the work.
        await this.#control('rollback').catch(() => undefined)
        throw thrown
      }
      await this.#control('commit')
      return result
    } finally {
      this.#inTransaction = false
    }
  }

  toArrow(statement: Sql, options: QueryOptions = {}): Promise<Uint8Array> {
    return arrowIpc(() => this.query(statement, options))
  }

  /** The columns of a query as the server describes them. */
  fields(statement: Sql, options: BulkOptions): Promise<readonly PostgresField[]> {
    return this.#next(() => this.#fields(this.#text(statement), options))
  }

  /** The bytes of a COPY; the connection is busy until they are read or left. */
  async *copyOut(text: string, options: BulkOptions): AsyncGenerator<Uint8Array, void, undefined> {
    const over = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const turn = this.#next(() => {
      begun.resolve()
      this.#lent.running = {}
      this.#stream = { close: async () => undefined }
      return over.promise
    })
    turn.catch(begun.reject)
    await begun.promise
    try {
      yield* this.#session.copyOut(text, this.#limits(options))
    } catch (thrown) {
      this.#refused = true
      throw this.#closed(thrown)
    } finally {
      this.#stream = undefined
      over.resolve()
    }
  }

  /** Feeds a COPY and resolves with the number of its rows. */
  copyIn(text: string, bytes: AsyncIterable<Uint8Array>, options: BulkOptions): Promise<number> {
    return this.#next(() => this.#run(options, () => this.#session.copyIn(text, bytes, this.#limits(options))))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    await this.#stream?.close()
    await this.#last.catch(() => undefined)
    await this.#giveBack(!this.#changed)
  }

  get #session(): PostgresSession {
    return this.#lent.session
  }

  /** Runs `work` after everything asked for before it. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing.signal.aborted) return Promise.reject(closed())
    const run = async () => {
      if (this.#stream) throw this.#busy()
      return work()
    }
    const result = this.#last.then(run, run)
    this.#last = result.catch(() => undefined)
    return result
  }

  #text(statement: Sql): string {
    const text = inline(statement, 'postgres')
    if (KEEPS_STATE.test(text)) this.#changed = true
    return text
  }

  #limits({ signal }: { readonly signal?: AbortSignal }): { readonly signal: AbortSignal } {
    const { signal: closing } = this.#closing
    return { signal: signal === undefined ? closing : AbortSignal.any([signal, closing]) }
  }

  #fields(text: string, options: QueryOptions): Promise<readonly PostgresField[]> {
    return this.#run(options, () => this.#session.describe(text, this.#limits(options)), text)
  }

  #result(text: string, options: QueryOptions): Promise<PostgresResult> {
    return this.#run(options, () => this.#session.query(text, [], this.#limits(options)), text)
  }

  /** A result that cannot be copied (of show, explain, insert … returning), whole. */
  async #small(text: string, options: QueryOptions): Promise<readonly [Schema, AsyncIterable<Chunk>]> {
    const { fields, rows } = await this.#result(text, options)
    const schema = postgresSchema(fields)
    async function* chunks(): AsyncGenerator<Chunk> {
      if (rows.length === 0) return
      const columns = schema.fields.map(({ type }, index) =>
        columnOfTexts(
          type,
          rows.map((row) => row[index] ?? null),
        ),
      )
      yield { rows: rows.length, columns }
    }
    return [schema, chunks()]
  }

  #streamOf(schema: Schema, chunks: AsyncIterable<Chunk>, options: QueryOptions): ResultStream {
    const rows = chunks[Symbol.asyncIterator]()
    let state: 'new' | 'open' | 'done' = 'new'
    let read = 0
    const stream = {
      close: async () => {
        if (state === 'done') return
        state = 'done'
        if (this.#stream === stream) this.#stream = undefined
        await rows.return?.()
      },
    }
    this.#stream = stream
    const pull = async (): Promise<IteratorResult<Chunk, undefined>> => {
      if (state === 'done') return { done: true, value: undefined }
      try {
        if (this.#closing.signal.aborted) throw closed()
        if (options.signal?.aborted) throw stopped(options.signal)
        const pulling = rows.next()
        this.#last = pulling.catch(() => undefined)
        const { done, value } = await pulling
        if (!done) {
          read += value.rows
          options.onProgress?.({ rows: read })
          return { done: false, value }
        }
        await stream.close()
        return { done: true, value: undefined }
      } catch (thrown) {
        this.#refused = true
        await stream.close().catch(() => undefined)
        throw this.#closed(thrown)
      }
    }
    const iterate = () => {
      if (state !== 'new') throw new MillraceError('ENGINE_BUSY', 'reading a result a second time: it is a single pass')
      state = 'open'
      return {
        next: pull,
        return: async (): Promise<IteratorResult<Chunk, undefined>> => {
          await stream.close()
          return { done: true, value: undefined }
        },
      }
    }
    return { schema, [Symbol.asyncIterator]: iterate }
  }

  async #control(text: string): Promise<void> {
    await this.#next(() => this.#run({}, () => this.#session.script(text)))
  }

  async #run<T>({ file }: QueryOptions, work: () => Promise<T>, text?: string): Promise<T> {
    this.#lent.running = { text, file }
    try {
      return await work()
    } catch (thrown) {
      this.#refused = true
      throw this.#closed(thrown)
    }
  }

  /** Whether the server will undo the transaction: it takes no statement any more, unless one went back to a savepoint. */
  #undone(): Promise<boolean> {
    return this.#control('select').then(
      () => false,
      () => true,
    )
  }

  /** What a statement is stopped with by the end of its connection is not a cancellation. */
  #closed(thrown: unknown): unknown {
    return this.#closing.signal.aborted ? closed(thrown) : thrown
  }

  #busy(): MillraceError {
    return new MillraceError('ENGINE_BUSY', `${ACT} while the rows of another one are still being read`, {
      hint: 'Read the stream to its end, leave its loop, or take another connection with engine.connect().',
    })
  }
}

/** Statements whose effect outlives them in the session; temporary tables go with `discard temp`. */
const KEEPS_STATE = /^\s*(set|reset|listen|prepare|declare|load|call|do)\b/i

/** Whether a statement can stand in a COPY. */
function copies(text: string): boolean {
  return /^(\s|--.*\n|\/\*[\s\S]*?\*\/|\()*(select|with|values|table)\b/i.test(text)
}

function closed(cause?: unknown): MillraceError {
  return new MillraceError('ENGINE_CLOSED', `${ACT}: the connection was closed`, { cause })
}

function stopped(signal: AbortSignal): MillraceError {
  const reason = signal.reason as { name?: string } | undefined
  if (reason instanceof MillraceError) return reason
  return reason?.name === 'TimeoutError'
    ? new MillraceError('TIMEOUT', `${ACT}: it took longer than allowed`)
    : new MillraceError('CANCELLED', `${ACT}: it was cancelled`)
}
