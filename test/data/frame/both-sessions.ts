import { randomBytes } from 'node:crypto'
import { postgresConfig } from '../../../src/base/postgres/index.ts'
import { type Engine, openDuckDb, openPostgres } from '../../../src/data/engine/index.ts'
import { type FrameSession, frameSession } from '../../../src/data/frame/index.ts'
import { administer, postgresUrl } from '../../services/postgres.ts'

/** A session in DuckDB, and one in an empty database of a PostgreSQL server with the same DuckDB beside it. */
export interface BothSessions extends AsyncDisposable {
  readonly duckdb: FrameSession
  readonly postgres: FrameSession
  readonly engine: Engine
}

/** Opens both; relative paths start from `dir`. */
export async function openBothSessions(dir = process.cwd()): Promise<BothSessions> {
  const name = `test_${randomBytes(6).toString('hex')}`
  // Sorted as English is, so that a text that is not compared by its bytes shows.
  await administer(`create database ${name} template template0 locale 'C.UTF-8' locale_provider icu icu_locale 'en-US'`)
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  const lake = await openDuckDb()
  const engine = await openPostgres(postgresConfig('test', url.href, {}), { schema: 'public' })
  return {
    duckdb: await frameSession({ engine: lake, dir }),
    postgres: await frameSession({ engine, lake, dir }),
    engine,
    [Symbol.asyncDispose]: async () => {
      for (const one of [engine, lake]) await one[Symbol.asyncDispose]()
      await administer(`drop database if exists ${name} with (force)`)
    },
  }
}
