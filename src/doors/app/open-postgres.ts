import { type PostgresConfig, type PostgresOptionsInput, postgresConfig } from '../../base/postgres/index.ts'
import type { Connections } from '../../base/project/index.ts'
import { openState, type State } from '../../base/state/index.ts'
import { type Engine, openPostgres } from '../../data/engine/index.ts'

/**
 * Where a connection of the kind postgres leads, the `PG…` variables of the environment included. Files of
 * certificates that it names are relative to the project.
 * @throws MillraceError CONNECTION_UNKNOWN, SECRET_MISSING, OPTION_INVALID
 */
export function postgresOf(connections: Connections, name: string, dir: string): PostgresConfig {
  return postgresConfig(name, connections.get<PostgresOptionsInput>(name, 'postgres'), process.env, dir)
}

/** The engine of a target in PostgreSQL, and what tells its database from others. @throws MillraceError CONNECTION_… */
export async function openWarehouse(
  connections: Connections,
  target: { readonly connection: string; readonly schema: string },
  dir: string,
): Promise<{ readonly engine: Engine; readonly database: string }> {
  const config = postgresOf(connections, target.connection, dir)
  const engine = await openPostgres(config, { schema: target.schema })
  return { engine, database: `postgresql://${config.host}:${config.port}/${config.database}` }
}

/** The metadata database in PostgreSQL. @throws MillraceError CONNECTION_… */
export function openPostgresState(
  connections: Connections,
  {
    connection,
    schema,
    sync,
  }: { readonly connection: string; readonly schema: string; readonly sync: 'normal' | 'full' },
  dir: string,
): Promise<State> {
  return openState(postgresOf(connections, connection, dir), { sync, schema })
}
