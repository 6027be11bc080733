import { postgresConfig } from '../../../src/base/postgres/index.ts'
import { type Engine, openDuckDb, openPostgres } from '../../../src/data/engine/index.ts'
import { type FrameSession, frameSession } from '../../../src/data/frame/index.ts'
import { freshDatabase } from '../../services/postgres.ts'

/** A session in DuckDB, and one in an empty database of a PostgreSQL server with the same DuckDB beside it. */
export interface BothSessions extends AsyncDisposable {
  readonly duckdb: FrameSession
  readonly postgres: FrameSession
  readonly engine: Engine
}

/** Opens both; relative paths start from `dir`. */
export async function openBothSessions(dir = process.cwd()): Promise<BothSessions> {
  const database = await freshDatabase()
  const lake = await openDuckDb()
  const engine = await openPostgres(postgresConfig('test', database.url, {}), { schema: 'public' })
  return {
    duckdb: frameSession({ engine: lake, dir }),
    postgres: frameSession({ engine, lake, dir }),
    engine,
    [Symbol.asyncDispose]: async () => {
      for (const one of [engine, lake, database]) await one[Symbol.asyncDispose]()
    },
  }
}
