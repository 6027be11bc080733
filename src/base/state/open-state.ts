import type { PostgresConfig } from '../postgres/index.ts'
import type { State, StateOptions } from './contract.ts'
import { openSqliteState } from './sqlite.ts'

/**
 * Opens the metadata database: a SQLite file by its path (made with its folder when missing; several processes of
 * one machine may use it), `':memory:'` for a private one that is gone when it is closed, or a schema in PostgreSQL by
 * its `postgresql://` address or configuration, which processes of several machines may share.
 * @throws MillraceError STATE_CORRUPT, STATE_BUSY, STORE_DENIED, STORE_FULL, CONNECTION_FAILED, CONNECTION_DENIED
 */
export async function openState(place: string | PostgresConfig, options: StateOptions = {}): Promise<State> {
  if (typeof place === 'string' && !/^postgres(ql)?:\/\//.test(place)) return openSqliteState(place, options)
  // Loaded late: most states are a file.
  const [{ openPostgresState }, { postgresConfig }] = await Promise.all([
    import('./postgres.ts'),
    import('../postgres/index.ts'),
  ])
  return openPostgresState(typeof place === 'string' ? postgresConfig('state', place, {}) : place, options)
}
