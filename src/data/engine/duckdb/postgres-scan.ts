import { randomUUID } from 'node:crypto'
import type { PostgresConfig } from '../../../base/postgres/index.ts'
import { id, inline, join, literal, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../contract.ts'

/** A server of PostgreSQL as DuckDB's extension reads it, until it is disposed of. */
export interface PostgresScan extends AsyncDisposable {
  /** A table, by the parts of its name; its schema is `public` when it is not said. */
  table(parts: readonly string[]): Sql
  /** What a query, which the server carries out, gives. */
  query(text: string): Sql
}

/**
 * Lets a DuckDB read a server by its extension `postgres` when the extension is in its extension directory; it is never downloaded. The password goes by a secret that lives in memory only.
 * Undefined when there is no extension, or when it does not get in: whoever asks has another way to read, and hears
 * from that what is wrong.
 */
export async function postgresScan(
  connection: EngineConnection,
  config: PostgresConfig,
): Promise<PostgresScan | undefined> {
  if (connection.engine.dialect !== 'duckdb') return undefined
  const quietly = (statement: Sql) =>
    connection.execute(trusted(inline(statement, 'duckdb'))).then(
      () => true,
      // What DuckDB says may repeat the statement, and so the password.
      () => false,
    )
  if (!(await quietly(sql`load postgres_scanner`))) return undefined
  const name = `millrace_${randomUUID().replaceAll('-', '').slice(0, 12)}`
  const dispose = async () => {
    await quietly(sql`detach database if exists ${id(name)}`)
    await quietly(sql`drop temporary secret if exists ${id(name)}`)
  }
  const options = [
    sql`type postgres`,
    sql`host ${literal(config.host)}`,
    sql`port ${literal(String(config.port))}`,
    sql`database ${literal(config.database)}`,
    sql`user ${literal(config.user)}`,
    ...(config.password === undefined ? [] : [sql`password ${literal(config.password)}`]),
  ]
  const attached =
    (await quietly(sql`create temporary secret ${id(name)} (${join(options)})`)) &&
    (await quietly(
      sql`attach ${literal(settings(config))} as ${id(name)} (type postgres, secret ${id(name)}, read_only)`,
    ))
  if (!attached) {
    await dispose()
    return undefined
  }
  return {
    table: ([first = '', ...rest]) => (rest.length === 0 ? id(name, 'public', first) : id(name, first, ...rest)),
    query: (text) => sql`postgres_query(${literal(name)}, ${literal(text)})`,
    [Symbol.asyncDispose]: dispose,
  }
}

/** What is no secret, as a connection string (PostgreSQL, "Connection Strings"). */
function settings({
  sslmode,
  sslrootcert,
  sslcert,
  sslkey,
  connectTimeoutMs,
  applicationName,
  options,
}: PostgresConfig) {
  const given = {
    sslmode,
    sslrootcert,
    sslcert,
    sslkey,
    connect_timeout: String(Math.max(2, Math.ceil(connectTimeoutMs / 1000))),
    application_name: applicationName,
    options: [options, '-c timezone=UTC'].filter((one) => one !== undefined).join(' '),
  }
  return Object.entries(given)
    .flatMap(([key, text]) =>
      text === undefined ? [] : `${key}='${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
    )
    .join(' ')
}
