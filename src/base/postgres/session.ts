import { MillraceError } from '../kernel/index.ts'
import { Chunks } from './chunks.ts'
import { describePostgres } from './config.ts'
import type {
  PostgresConfig,
  PostgresField,
  PostgresOptions,
  PostgresQueryOptions,
  PostgresResult,
  PostgresSession,
  PostgresValue,
  SqlErrorMaker,
} from './contract.ts'
import { postgresError, stopped } from './error.ts'
import { FromRows, feed } from './feed.ts'
import { BACK_TO_GUARD, CopyIn, CopyOut, Description, type Exchange, Statement } from './statement.ts'
import type { WireClient } from './wire.ts'

/** How long a cancelled statement may take to end before the connection is given up. */
const PATIENCE_MS = 5000
const GOODBYE_MS = 2000

interface Ways {
  readonly sqlError: SqlErrorMaker
  /** Tells the server to cancel what the session does. */
  readonly cancel: () => Promise<void>
}

/** A session over a client of `pg`. */
export class WireSession implements PostgresSession {
  readonly config: PostgresConfig
  readonly #client: WireClient
  readonly #ways: Ways
  #turn: Promise<void> = Promise.resolve()
  #busy = false
  #broken = false
  #closing: Promise<void> | undefined

  constructor(client: WireClient, config: PostgresConfig, ways: Ways) {
    this.config = config
    this.#client = client
    this.#ways = ways
    // An 'error' nobody listens to would end the process; who waits for an answer is told by its rejection.
    client.on('error', () => {
      this.#broken = true
    })
    client.on('end', () => {
      this.#broken = true
    })
  }

  get pid(): number {
    return this.#client.processID
  }

  get broken(): boolean {
    return this.#broken
  }

  get transaction(): 'idle' | 'open' | 'failed' {
    const status = this.#client.getTransactionStatus()
    return status === 'T' ? 'open' : status === 'E' ? 'failed' : 'idle'
  }

  query(
    text: string,
    values: readonly PostgresValue[] = [],
    options: PostgresQueryOptions = {},
  ): Promise<PostgresResult> {
    const { guarded = false } = options
    return this.#alone('running a statement', options, async () => {
      const statement = new Statement(text, values, guarded)
      this.#client.query(statement)
      try {
        return await statement.over
      } catch (thrown) {
        if (guarded && !this.#broken) await this.#recover()
        throw thrown
      }
    })
  }

  script(text: string, options: PostgresOptions = {}): Promise<PostgresResult> {
    return this.#exchange('running statements', options, () => new Statement(text))
  }

  describe(text: string, options: PostgresOptions = {}): Promise<readonly PostgresField[]> {
    return this.#exchange('describing a statement', options, () => new Description(text))
  }

  copyIn(text: string, bytes: AsyncIterable<Uint8Array>, options: PostgresOptions = {}): Promise<number> {
    return this.#alone('copying in', options, (signal) => {
      const copy = new CopyIn(text)
      this.#client.query(copy)
      return feed(copy, bytes, signal)
    })
  }

  async *copyOut(text: string, options: PostgresOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    const release = await this.#acquire()
    const act = 'copying out'
    const stream = this.#client.connection.stream
    const chunks = new Chunks(stream)
    const watch = this.#watch(options.signal, () => stream.resume())
    let over = false
    try {
      this.#check(act, options.signal)
      const copy = new CopyOut(text, (chunk) => chunks.add(chunk))
      copy.over.then(
        () => chunks.end(),
        (thrown: unknown) => chunks.fail(thrown),
      )
      copy.over
        .catch(() => {})
        .finally(() => {
          over = true
        })
      this.#client.query(copy)
      try {
        yield* chunks.read()
      } finally {
        // Left early: the rest is thrown away as it comes, until the server has stopped.
        if (!over) {
          chunks.discard()
          watch.cancel()
          await copy.over.catch(() => {})
        }
      }
    } catch (thrown) {
      throw this.#coded(thrown, act, options.signal)
    } finally {
      stream.resume()
      await watch.over()
      release()
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  #coded(thrown: unknown, act: string, signal: AbortSignal | undefined): MillraceError {
    const coded = postgresError(thrown, { config: this.config, act, signal, sqlError: this.#ways.sqlError })
    // The server says good-bye before the socket closes.
    if (coded.code === 'CONNECTION_LOST') this.#broken = true
    return coded
  }

  /** Undoes a refused statement that had a savepoint; whoever comes next finds out when that does not work. */
  async #recover(): Promise<void> {
    const back = new Statement(BACK_TO_GUARD)
    this.#client.query(back)
    await back.over.catch(() => {})
  }

  #exchange<T>(act: string, options: PostgresOptions, make: () => Exchange<T>): Promise<T> {
    return this.#alone(act, options, () => {
      const exchange = make()
      this.#client.query(exchange)
      return exchange.over
    })
  }

  /** Carries `work` out when what was asked for before is over. */
  async #alone<T>(
    act: string,
    { signal }: PostgresOptions,
    work: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    const release = await this.#acquire()
    const watch = this.#watch(signal)
    try {
      this.#check(act, signal)
      return await work(signal)
    } catch (thrown) {
      if (thrown instanceof FromRows) throw thrown.thrown
      throw this.#coded(thrown, act, signal)
    } finally {
      await watch.over()
      release()
    }
  }

  async #acquire(): Promise<() => void> {
    const previous = this.#turn
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turn = promise
    await previous
    this.#busy = true
    return () => {
      this.#busy = false
      resolve()
    }
  }

  /** What still runs is cancelled: it belongs to a caller that is gone. */
  async #close(): Promise<void> {
    const stream = this.#client.connection.stream
    if (this.#busy && !this.#broken) await this.#ways.cancel().catch(() => {})
    const timer = setTimeout(() => stream.destroy(), GOODBYE_MS)
    await this.#client.end()
    clearTimeout(timer)
    this.#broken = true
  }

  #check(act: string, signal: AbortSignal | undefined): void {
    const where = `${act} in ${describePostgres(this.config)}`
    if (signal?.aborted) throw stopped(signal, where)
    if (this.#closing) throw new MillraceError('CONNECTION_LOST', `${where}: the session was closed`)
    if (this.#broken) throw new Error('the connection has ended')
  }

  /** Cancels on the signal; `over` resolves when no cancellation is on its way that could hit the next statement. */
  #watch(signal: AbortSignal | undefined, also?: () => void): { cancel(): void; over(): Promise<void> } {
    let cancelling: Promise<void> | undefined
    let timer: NodeJS.Timeout | undefined
    const cancel = () => {
      also?.()
      timer ??= setTimeout(() => this.#client.connection.stream.destroy(), PATIENCE_MS)
      cancelling ??= this.#ways.cancel().catch(() => {
        this.#client.connection.stream.destroy()
      })
    }
    signal?.addEventListener('abort', cancel, { once: true })
    return {
      cancel,
      over: async () => {
        signal?.removeEventListener('abort', cancel)
        clearTimeout(timer)
        await cancelling
      },
    }
  }
}
