import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { MillraceError } from '../kernel/index.ts'
import { storeError } from '../store/index.ts'
import type { State, StateOptions, StateTx } from './contract.ts'
import { GroupCommit, stateClosed } from './group-commit.ts'
import { migrate } from './migrate.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { sqliteError } from './sqlite-error.ts'

const BUSY_TIMEOUT_MS = 30_000

/**
 * Opens the embedded metadata database: a SQLite file in WAL mode, which several processes may use at once (on
 * one machine). Its folder is made. `':memory:'` means a private one that is gone when it is closed.
 * @throws MillraceError STATE_CORRUPT, STATE_BUSY, STORE_DENIED, STORE_FULL
 */
export async function openState(path: string, options: StateOptions = {}): Promise<State> {
  if (path !== ':memory:') return openFile(resolve(path), options, async () => {})
  // A file after all: SQLite's own memory databases cannot be read while they are written.
  const folder = await mkdtemp(join(tmpdir(), 'millrace-state-'))
  return openFile(join(folder, 'state.db'), options, () => rm(folder, { recursive: true, force: true }))
}

async function openFile(file: string, options: StateOptions, afterClose: () => Promise<void>): Promise<State> {
  const { sync = 'normal', busyTimeoutMs = BUSY_TIMEOUT_MS } = options
  await mkdir(dirname(file), { recursive: true }).catch((thrown: unknown) => {
    throw storeError(thrown, `making the folder of the metadata database ${file}`)
  })
  const writer = await SqliteConnection.open(file, sync, busyTimeoutMs)
  const reader = await SqliteConnection.open(file, sync, busyTimeoutMs).catch((thrown: unknown) => {
    writer.close()
    throw thrown
  })
  const commits = new GroupCommit(writer)
  const writing = new AsyncLocalStorage<true>()
  let closing: Promise<void> | undefined

  const add = <T>(work: (connection: SqliteConnection) => T | Promise<T>): Promise<T> => {
    if (closing) return Promise.reject(stateClosed(file))
    if (writing.getStore()) {
      return Promise.reject(new MillraceError('INTERNAL', 'a write of the metadata database was begun within another'))
    }
    return commits.add((connection) => writing.run(true, () => work(connection)))
  }

  return {
    dialect: 'sqlite',
    migrate: (room, steps) => add((connection) => migrate(connection, room, steps)),
    async read<T extends object>(query: Parameters<State['read']>[0]) {
      if (closing) throw stateClosed(file)
      return reader.patiently(reader.describe('reading'), () => reader.all<T>(query))
    },
    write: (work) =>
      add(async (connection) => {
        const { tx, end } = transaction(connection)
        try {
          return await work(tx)
        } finally {
          end()
        }
      }),
    async [Symbol.asyncDispose]() {
      closing ??= commits.idle().then(async () => {
        reader.close()
        writer.close()
        await afterClose()
      })
      await closing
    },
  }
}

function transaction(connection: SqliteConnection): { tx: StateTx; end: () => void } {
  let over = false
  const step = async <T>(work: () => T): Promise<T> => {
    if (over) throw new MillraceError('INTERNAL', 'a transaction of the metadata database was used after its end')
    try {
      return work()
    } catch (thrown) {
      throw sqliteError(thrown, connection.describe('writing'))
    }
  }
  return {
    tx: {
      run: (query) => step(() => connection.run(query)),
      all: <T extends object>(query: Parameters<StateTx['all']>[0]) => step(() => connection.all<T>(query)),
    },
    end: () => {
      over = true
    },
  }
}
