import { MillraceError } from '../kernel/index.ts'
import { cancelRequest } from './cancel.ts'
import { describePostgres } from './config.ts'
import type { PostgresConfig, PostgresSession, SqlErrorMaker } from './contract.ts'
import { plainSqlError, postgresError } from './error.ts'
import { WireSession } from './session.ts'
import { type TlsAttempt, tlsAttempts } from './tls.ts'
import { loadPg, type WireClient } from './wire.ts'

const CANCEL_TIMEOUT_MS = 5000

/**
 * How values are written. They are what the rooms above rely on, whatever the server's or the user's defaults are. In
 * which order a user's own `01/02/2024` is read stays the server's matter.
 */
const SETTINGS = `
  set client_encoding = 'UTF8'; set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'iso_8601';
  set bytea_output = 'hex'; set extra_float_digits = 1; set standard_conforming_strings = on; set xmloption = content`

/** How to connect. */
export interface ConnectOptions {
  readonly signal?: AbortSignal
  /** What becomes of a statement that the server refuses; ENGINE_SQL by default. */
  readonly sqlError?: SqlErrorMaker
}

/**
 * Opens a connection.
 * @throws MillraceError CONNECTION_FAILED, CONNECTION_DENIED, CANCELLED, DEPENDENCY_MISSING
 */
export async function connectPostgres(config: PostgresConfig, options: ConnectOptions = {}): Promise<PostgresSession> {
  const Client = await loadPg()
  const { signal, sqlError = plainSqlError } = options
  const attempts = await tlsAttempts(config)
  for (const [index, tls] of attempts.entries()) {
    try {
      return await attempt(Client, config, tls, options)
    } catch (thrown) {
      // As libpq does, the other way is tried only when the server itself refused this one.
      const denied = thrown instanceof MillraceError ? thrown : (thrown as { code?: string; message: string })
      const refused = denied.code === '28000' || /does not support SSL|not SSL-|SSL connection/.test(denied.message)
      if (refused && index + 1 < attempts.length && !signal?.aborted) continue
      throw postgresError(thrown, { config, act: 'connecting', signal, connecting: true, sqlError })
    }
  }
  throw new MillraceError('INTERNAL', `no way to connect to ${describePostgres(config)} was tried`)
}

async function attempt(
  Client: new (settings: Record<string, unknown>) => WireClient,
  config: PostgresConfig,
  tls: TlsAttempt,
  { signal, sqlError = plainSqlError }: ConnectOptions,
): Promise<PostgresSession> {
  signal?.throwIfAborted()
  const client = new Client({
    host: config.host,
    port: config.port,
    database: config.database,
    user: config.user,
    // A function, as the package would look for a password of its own in the environment otherwise.
    password: () => config.password ?? missing(config),
    ssl: tls,
    connectionTimeoutMillis: config.connectTimeoutMs,
    application_name: config.applicationName,
    // A blank, as the package would take PGOPTIONS otherwise.
    options: config.options ?? ' ',
    client_encoding: 'UTF8',
    keepAlive: true,
  })
  const session = new WireSession(client, config, {
    sqlError,
    cancel: () => cancelRequest(config, tls, { pid: client.processID, secret: client.secretKey }, CANCEL_TIMEOUT_MS),
  })
  const abort = () => client.connection.stream.destroy()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await client.connect()
    await session.script(SETTINGS)
    return session
  } catch (thrown) {
    client.connection.stream.destroy()
    throw thrown
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

function missing(config: PostgresConfig): never {
  throw new MillraceError(
    'CONNECTION_DENIED',
    `connecting to ${describePostgres(config)}: the server wants a password`,
    {
      hint: `Set the password of the connection ${config.name}, PGPASSWORD, or a line in ~/.pgpass (readable by you alone).`,
    },
  )
}
