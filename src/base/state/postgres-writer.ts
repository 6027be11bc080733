import { setTimeout as sleep } from 'node:timers/promises'
import { MillraceError } from '../kernel/index.ts'
import { describePostgres, type PostgresConfig, type PostgresSession } from '../postgres/index.ts'
import { id, inline, literal, sql, trusted } from '../sql/index.ts'
import type { GroupWriter } from './connection.ts'
import { PostgresConnection } from './postgres-connection.ts'

/** How a schema of PostgreSQL is written to. */
export interface PostgresWriterOptions {
  readonly config: PostgresConfig
  readonly schema: string
  readonly busyTimeoutMs: number
  readonly sync: 'normal' | 'full'
  readonly connect: () => Promise<PostgresSession>
}

/**
 * Groups of writes on one session, which is opened again when it was lost. One writer at a time in all processes is
 * let in by an advisory lock of the transaction. When the connection ends during a commit, the server is asked
 * afterwards what became of it.
 */
export class PostgresWriter implements GroupWriter<PostgresConnection> {
  readonly #options: PostgresWriterOptions
  readonly #begin: string
  #session: PostgresSession | undefined
  /** The transaction's number, by which its outcome is found. */
  #transaction = ''
  #fresh = false

  constructor(options: PostgresWriterOptions) {
    this.#options = options
    this.#begin = beginning(options)
  }

  async begin(): Promise<PostgresConnection> {
    try {
      return await this.#tryBegin()
    } catch (thrown) {
      // A connection may have ended while nothing was written; nothing has been done yet that could be done twice.
      if (!isLost(thrown)) throw thrown
      return await this.#tryBegin()
    }
  }

  async attempt<T>(work: () => T | Promise<T>): Promise<{ readonly result: T } | { readonly thrown: unknown }> {
    const session = this.#open()
    // The first savepoint was made with the transaction; the others replace that of the write before.
    if (!this.#fresh) await session.script('release savepoint work; savepoint work')
    this.#fresh = false
    try {
      return { result: await work() }
    } catch (thrown) {
      await session.script('rollback to savepoint work')
      return { thrown }
    }
  }

  async commit(): Promise<void> {
    const session = this.#open()
    // Committing a transaction that failed undoes it without an error.
    if (session.transaction === 'failed') throw new MillraceError('INTERNAL', 'committing metadata that cannot be')
    try {
      await session.script('commit')
    } catch (thrown) {
      if (!isLost(thrown)) throw thrown
      await this.#askOutcome(thrown)
    }
  }

  async abandon(): Promise<void> {
    const session = this.#session
    if (session === undefined || session.broken) return
    if (session.transaction !== 'idle') await session.script('rollback').catch(() => {})
  }

  async close(): Promise<void> {
    await this.#session?.[Symbol.asyncDispose]()
  }

  async #tryBegin(): Promise<PostgresConnection> {
    if (this.#session === undefined || this.#session.broken) {
      await this.#session?.[Symbol.asyncDispose]()
      this.#session = undefined
      this.#session = await this.#options.connect()
    }
    const session = this.#session
    try {
      const { rows } = await session.script(this.#begin)
      this.#transaction = rows[0]?.[0] ?? ''
    } catch (thrown) {
      await this.abandon()
      throw thrown
    }
    this.#fresh = true
    return new PostgresConnection(session, true)
  }

  #open(): PostgresSession {
    if (this.#session === undefined)
      throw new MillraceError('INTERNAL', 'a write of the metadata database has no session')
    return this.#session
  }

  /**
   * Resolves when the transaction was committed after all. Its number tells, which holds for a server that was
   * restarted; one that took over from it may have given the number to another transaction.
   * @throws MillraceError CONNECTION_LOST when it was not, STATE_OUTCOME_UNKNOWN when nobody can tell
   */
  async #askOutcome(lost: MillraceError): Promise<void> {
    const deadline = Date.now() + this.#options.busyTimeoutMs
    let cause: unknown = lost
    for (let pause = 20; Date.now() < deadline; pause = Math.min(pause * 2, 1000)) {
      try {
        await using session = await this.#options.connect()
        const { rows } = await session.query('select txid_status($1)', [BigInt(this.#transaction)])
        const status = rows[0]?.[0]
        if (status === 'committed') return
        if (status === 'aborted') throw new NotCommitted()
        if (status !== 'in progress') break
      } catch (thrown) {
        if (thrown instanceof NotCommitted) throw lost
        cause = thrown
      }
      await sleep(pause)
    }
    throw new MillraceError(
      'STATE_OUTCOME_UNKNOWN',
      `writing in ${describePostgres(this.#options.config)}: the connection ended during the commit, and what became of it cannot be found out`,
      { cause, hint: 'When the server is back, look at what was being written before you run the same again.' },
    )
  }
}

class NotCommitted extends Error {}

function isLost(thrown: unknown): thrown is MillraceError {
  return thrown instanceof MillraceError && thrown.code === 'CONNECTION_LOST'
}

/** One round trip; its last result is the number of the transaction, which exists from then on. */
function beginning({ schema, busyTimeoutMs, sync }: PostgresWriterOptions): string {
  const full = sql`select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off';`
  return inline(
    sql`begin isolation level read committed read write;
      set local search_path = ${id(schema)};
      select set_config('lock_timeout', ${String(Math.max(1, Math.round(busyTimeoutMs)))}, true);
      ${lock(schema)};
      set local lock_timeout = 0;
      ${sync === 'full' ? full : trusted('')}
      savepoint work;
      select txid_current()`,
    'postgres',
  )
}

/** Locks out all other writers of this schema until the end of the transaction. */
export function lock(schema: string) {
  return sql`select pg_advisory_xact_lock(hashtextextended(${literal(`millrace state ${schema}`)}, 0))`
}
