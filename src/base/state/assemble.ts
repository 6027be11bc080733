import { AsyncLocalStorage } from 'node:async_hooks'
import { MillraceError } from '../kernel/index.ts'
import type { Dialect, Sql } from '../sql/index.ts'
import type { StateConnection } from './connection.ts'
import type { State, StateTx } from './contract.ts'
import type { GroupCommit } from './group-commit.ts'
import { migrate } from './migrate.ts'

/** What a kind of database brings to the metadata database; the rest is the same for all. */
export interface StateParts<C extends StateConnection> {
  readonly dialect: Dialect
  /** The database in messages; holds no secret. */
  readonly where: string
  readonly commits: GroupCommit<C>
  readonly read: <T extends object>(query: Sql) => Promise<T[]>
  /** An error of a statement within a write, coded. */
  readonly coded: (thrown: unknown) => unknown
  /** Called once, when nothing is being written any more. */
  readonly close: () => Promise<void>
}

/** The metadata database over its parts. */
export function assembleState<C extends StateConnection>(parts: StateParts<C>): State {
  const { dialect, where, commits, coded } = parts
  const writing = new AsyncLocalStorage<true>()
  let closing: Promise<void> | undefined
  const closed = () => new MillraceError('STATE_CLOSED', `using the metadata database ${where} after it was closed`)

  const add = <T>(work: (connection: C) => T | Promise<T>): Promise<T> => {
    if (closing) return Promise.reject(closed())
    if (writing.getStore()) {
      return Promise.reject(new MillraceError('INTERNAL', 'a write of the metadata database was begun within another'))
    }
    return commits.add((connection) => writing.run(true, () => work(connection)))
  }

  return {
    dialect,
    migrate: (room, steps) => add((connection) => migrate(connection, room, steps)),
    async read<T extends object>(query: Sql) {
      if (closing) throw closed()
      return parts.read<T>(query)
    },
    write: (work) =>
      add(async (connection) => {
        const { tx, end } = transaction(connection, coded)
        try {
          return await work(tx)
        } finally {
          end()
        }
      }),
    async [Symbol.asyncDispose]() {
      closing ??= commits.idle().then(() => parts.close())
      await closing
    },
  }
}

function transaction(
  connection: StateConnection,
  coded: (thrown: unknown) => unknown,
): { readonly tx: StateTx; readonly end: () => void } {
  let over = false
  const step = async <T>(work: () => T | Promise<T>): Promise<T> => {
    if (over) throw new MillraceError('INTERNAL', 'a transaction of the metadata database was used after its end')
    try {
      return await work()
    } catch (thrown) {
      throw coded(thrown)
    }
  }
  return {
    tx: {
      run: (query) => step(() => connection.run(query)),
      all: <T extends object>(query: Sql) => step(() => connection.all<T>(query)),
    },
    end: () => {
      over = true
    },
  }
}
