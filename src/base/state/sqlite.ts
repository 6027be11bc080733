import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { storeError } from '../store/index.ts'
import { assembleState } from './assemble.ts'
import { BUSY_TIMEOUT_MS, type State, type StateOptions } from './contract.ts'
import { GroupCommit } from './group-commit.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { sqliteError } from './sqlite-error.ts'
import { sqliteWriter } from './sqlite-writer.ts'

/**
 * Opens the embedded metadata database: a SQLite file in WAL mode, which several processes may use at once (on
 * one machine). Its folder is made. `':memory:'` means a private one that is gone when it is closed.
 * @throws MillraceError STATE_CORRUPT, STATE_BUSY, STORE_DENIED, STORE_FULL
 */
export async function openSqliteState(path: string, options: StateOptions = {}): Promise<State> {
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
  const act = writer.describe('writing')
  return assembleState({
    dialect: 'sqlite',
    where: file,
    commits: new GroupCommit(sqliteWriter(writer)),
    read: (query) => reader.patiently(reader.describe('reading'), () => reader.all(query)),
    coded: (thrown) => sqliteError(thrown, act),
    async close() {
      reader.close()
      writer.close()
      await afterClose()
    },
  })
}
