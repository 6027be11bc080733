import { setImmediate as turn } from 'node:timers/promises'
import { failpoint } from '../kernel/index.ts'
import type { GroupWriter, StateConnection } from './connection.ts'

const MOST_IN_A_GROUP = 1000

interface Job<C> {
  readonly work: (connection: C) => unknown
  readonly resolve: (result: never) => void
  readonly reject: (thrown: unknown) => void
}

type Outcome<C> = { readonly job: Job<C> } & ({ readonly result: unknown } | { readonly thrown: unknown })

/**
 * Writes of one process, one after the other, those that wait together in one transaction: each within a savepoint,
 * so that one that fails undoes only itself. A write resolves after the common commit.
 */
export class GroupCommit<C extends StateConnection> {
  readonly #writer: GroupWriter<C>
  #queue: Job<C>[] = []
  #running: Promise<void> | undefined

  constructor(writer: GroupWriter<C>) {
    this.#writer = writer
  }

  add<T>(work: (connection: C) => T | Promise<T>): Promise<T> {
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

  async #commit(group: readonly Job<C>[]): Promise<Outcome<C>[]> {
    const connection = await this.#writer.begin()
    const outcomes: Outcome<C>[] = []
    try {
      for (const job of group) outcomes.push({ job, ...(await this.#writer.attempt(() => job.work(connection))) })
      failpoint('state.before-commit')
      await this.#writer.commit()
      failpoint('state.after-commit')
      return outcomes
    } catch (thrown) {
      await this.#writer.abandon()
      throw thrown
    }
  }
}
