import { setImmediate as turn } from 'node:timers/promises'
import { asMillraceError, failpoint, MillraceError } from '../kernel/index.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { sqliteError } from './sqlite-error.ts'

const MOST_IN_A_GROUP = 1000

interface Job {
  readonly work: (connection: SqliteConnection) => unknown
  readonly resolve: (result: never) => void
  readonly reject: (thrown: unknown) => void
}

type Outcome = { readonly job: Job } & ({ readonly result: unknown } | { readonly thrown: unknown })

/**
 * Writes of one process, one after the other, those that wait together in one transaction: each within a savepoint,
 * so that one that fails undoes only itself. A write resolves after the common commit.
 */
export class GroupCommit {
  readonly #connection: SqliteConnection
  #queue: Job[] = []
  #running: Promise<void> | undefined

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  add<T>(work: (connection: SqliteConnection) => T | Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve, reject })
      this.#running ??= this.#drain()
    })
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #drain(): Promise<void> {
    // Callers of the same turn of the event loop join the group.
    await turn()
    while (this.#queue.length > 0) {
      const group = this.#queue.splice(0, MOST_IN_A_GROUP)
      try {
        for (const outcome of await this.#commit(group)) {
          if ('thrown' in outcome) outcome.job.reject(outcome.thrown)
          else outcome.job.resolve(outcome.result as never)
        }
      } catch (thrown) {
        for (const job of group) job.reject(thrown)
      }
    }
    this.#running = undefined
  }

  async #commit(group: readonly Job[]): Promise<Outcome[]> {
    const connection = this.#connection
    const act = connection.describe('writing')
    // Immediate: the right to write is taken first, so that no statement in between finds it gone.
    await connection.patiently(act, () => connection.exec('begin immediate'))
    const outcomes: Outcome[] = []
    try {
      for (const job of group) outcomes.push(await this.#attempt(job, act))
      failpoint('state.before-commit')
      await connection.patiently(act, () => connection.exec('commit'))
      failpoint('state.after-commit')
      return outcomes
    } catch (thrown) {
      if (connection.inTransaction) connection.exec('rollback')
      throw sqliteError(thrown, act)
    }
  }

  async #attempt(job: Job, act: string): Promise<Outcome> {
    const connection = this.#connection
    connection.exec('savepoint work')
    try {
      const result = await job.work(connection)
      connection.exec('release work')
      return { job, result }
    } catch (thrown) {
      const coded = sqliteError(thrown, act)
      // SQLite undoes the whole transaction by itself on some errors, such as a full disk.
      if (!connection.inTransaction) throw asMillraceError(coded)
      connection.exec('rollback to work')
      connection.exec('release work')
      return { job, thrown: coded }
    }
  }
}

/** The error of using the metadata database after it was closed. */
export function stateClosed(file: string): MillraceError {
  return new MillraceError('STATE_CLOSED', `using the metadata database ${file} after it was closed`)
}
