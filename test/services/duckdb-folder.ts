import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Engine, type EngineConnection, openDuckDb } from '../../src/data/engine/index.ts'

/** A folder and a DuckDB with a connection, for the tests of one file. */
export interface DuckDbFolder {
  readonly dir: string
  readonly engine: Engine
  readonly connection: EngineConnection
  /** The path of a folder that no other test has, for `beforeEach`; it is not made. */
  next(name?: string): string
  /** What `beforeAll` returns, to be done when the file's tests are over. */
  remove(): Promise<void>
}

export async function duckDbFolder(name: string, threads = 1): Promise<DuckDbFolder> {
  const dir = await mkdtemp(join(tmpdir(), `millrace-${name}-`))
  const engine = await openDuckDb({ threads })
  const connection = await engine.connect()
  let count = 0
  return {
    dir,
    engine,
    connection,
    next(name = 'table-') {
      count += 1
      return join(dir, `${name}${count}`)
    },
    async remove() {
      await connection[Symbol.asyncDispose]()
      await engine[Symbol.asyncDispose]()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
