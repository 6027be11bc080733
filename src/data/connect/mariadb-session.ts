import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Connection, ConnectionOptions, FieldPacket, TypeCastField } from 'mysql2'
import { MillraceError, milliseconds, optional } from '../../base/kernel/index.ts'
import type { DatabaseContext } from './database.ts'
import { mariadbError } from './mariadb-error.ts'
import type { MariadbOptions } from './mariadb-options.ts'

/** Values as the server writes them; null for null. */
export type TextRow = readonly (string | null)[]

/** One connection whose statements give text. */
export interface MariadbSession {
  /** Columns and rows of a small result. */
  query(text: string): Promise<{ readonly fields: readonly FieldPacket[]; readonly rows: readonly TextRow[] }>
  /** Rows as they come; leaving the loop ends the connection, because the server would send the rest. */
  stream(text: string): AsyncIterable<TextRow>
  close(): void
}

const SETTINGS = [
  "set time_zone = '+00:00'",
  'set session transaction isolation level repeatable read',
  // Who reads may be slower than the server writes: it waits ten minutes instead of one.
  'set net_write_timeout = 600',
  'start transaction with consistent snapshot, read only',
]

/**
 * Connects and begins a read-only transaction on one snapshot.
 * @throws MillraceError CONNECTION_FAILED, CONNECTION_DENIED, DEPENDENCY_MISSING, CANCELLED
 */
export async function openMariadb(
  options: MariadbOptions,
  { connection: name, dir, signal }: DatabaseContext,
): Promise<MariadbSession> {
  const client = await optional<typeof import('mysql2')>('mysql2', 'reads MariaDB and MySQL')
  const settings = await connectionOptions(name, options, dir)
  const tls = settings.ssl !== undefined
  let connection: Connection
  try {
    connection = await connected(client, settings)
  } catch (thrown) {
    const refused = (thrown as { code?: string }).code === 'HANDSHAKE_NO_SSL_SUPPORT'
    const failed = (cause: unknown) =>
      mariadbError(cause, { connection: name, act: `connecting to ${describe(name, settings)}`, connecting: true })
    if (!tls || !refused || options.ssl_mode !== 'preferred') throw failed(thrown)
    const { ssl: _, ...plain } = settings
    connection = await connected(client, plain).catch((cause: unknown) => {
      throw failed(cause)
    })
  }
  // An error of a connection that does nothing has nobody else to go to; the next statement meets it.
  connection.on('error', () => undefined)
  signal?.addEventListener('abort', () => connection.destroy(), { once: true })
  const session = sessionOf(connection, name, signal)
  for (const text of SETTINGS) await session.query(text)
  return session
}

async function connected(client: typeof import('mysql2'), settings: ConnectionOptions): Promise<Connection> {
  const connection = client.createConnection(settings)
  await new Promise<void>((resolve, reject) => {
    connection.on('error', reject)
    connection.connect((error) => (error ? reject(error) : resolve()))
  }).catch((thrown: unknown) => {
    connection.destroy()
    throw thrown
  })
  return connection
}

function sessionOf(connection: Connection, name: string, signal?: AbortSignal): MariadbSession {
  const failed = (thrown: unknown) =>
    signal?.aborted
      ? new MillraceError('CANCELLED', `reading ${name}: it was cancelled`, { cause: thrown })
      : mariadbError(thrown, { connection: name, act: `reading ${name}` })
  const how = { rowsAsArray: true, typeCast: (field: TypeCastField) => field.string() } as const
  return {
    query: (sql) =>
      new Promise((resolve, reject) => {
        connection.query({ sql, ...how }, (error, rows, fields) => {
          if (error) return reject(failed(error))
          resolve({ fields: fields ?? [], rows: Array.isArray(rows) ? (rows as unknown as TextRow[]) : [] })
        })
      }),
    async *stream(sql) {
      let whole = false
      const rows = connection.query({ sql, ...how }).stream({ highWaterMark: 1000 })
      // The client tells a loss of the connection to the connection alone: the rows would just never end.
      const lost = (error: Error) => void rows.destroy(error)
      connection.on('error', lost)
      try {
        for await (const row of rows) yield row as TextRow
        whole = true
      } catch (thrown) {
        throw failed(thrown)
      } finally {
        connection.off('error', lost)
        if (!whole) connection.destroy()
      }
    },
    close: () => connection.destroy(),
  }
}

function describe(name: string, { user, host, port, database }: ConnectionOptions): string {
  return `${name} (${user}@${host}:${port}/${database ?? ''})`
}

async function connectionOptions(name: string, options: MariadbOptions, dir: string): Promise<ConnectionOptions> {
  const given: Address = options.url === undefined ? {} : readUrl(name, options.url)
  const { ssl_mode: mode } = options
  const file = async (path: string | undefined) =>
    path === undefined ? undefined : await readFile(resolve(dir, path), 'utf8')
  const files = { ca: await file(options.ssl_ca), cert: await file(options.ssl_cert), key: await file(options.ssl_key) }
  const known = Object.fromEntries(Object.entries(files).filter(([, text]) => text !== undefined))
  const verify = mode === 'verify_ca' || mode === 'verify_identity'
  const database = options.database ?? given.database
  return {
    host: options.host ?? given.host ?? 'localhost',
    port: options.port ?? given.port ?? 3306,
    user: options.user ?? given.user ?? '',
    password: options.password ?? given.password ?? '',
    ...(database === undefined ? {} : { database }),
    connectTimeout: milliseconds(options.connect_timeout),
    charset: 'utf8mb4',
    ...(mode === 'disabled'
      ? {}
      : { ssl: { ...known, rejectUnauthorized: verify, verifyIdentity: mode === 'verify_identity' } }),
  }
}

interface Address {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly database?: string | undefined
}

function readUrl(name: string, url: string): Address {
  const parsed = URL.parse(url)
  if (!parsed) {
    throw new MillraceError('OPTION_INVALID', `reading the address of the connection ${name}: it is no valid address`, {
      hint: 'Write mysql://user:password@host:port/database, with special characters as %XX.',
    })
  }
  const text = (part: string) => (part === '' ? undefined : decodeURIComponent(part))
  return {
    host: text(parsed.hostname),
    port: parsed.port === '' ? undefined : Number(parsed.port),
    user: text(parsed.username),
    password: text(parsed.password),
    database: text(parsed.pathname.slice(1)),
  }
}
