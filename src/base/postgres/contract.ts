import type { MillraceError } from '../kernel/index.ts'

/** How much TLS a connection insists on (libpq, "SSL Support", table of sslmode). */
export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

export type SslMode = (typeof SSL_MODES)[number]

/** Where a server is and how to get in. Holds a password: never print one whole; `describePostgres` is for people. */
export interface PostgresConfig {
  /** The connection's name in the project, for messages. */
  readonly name: string
  /** A host name, an address, or the folder of a Unix socket (beginning with `/`). */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password?: string
  readonly sslmode: SslMode
  /** The authorities to trust: a PEM file, or `system` for those of Node.js. Files are absolute, or from the current folder. */
  readonly sslrootcert?: string
  readonly sslcert?: string
  readonly sslkey?: string
  readonly connectTimeoutMs: number
  readonly applicationName: string
  /** Command-line options for the server process, such as `-c statement_timeout=5min`. */
  readonly options?: string
}

/** A column of a result as the server describes it. */
export interface PostgresField {
  readonly name: string
  /** The type, a row of pg_type. */
  readonly oid: number
  /** Its modifier (length, precision and scale), -1 without one. */
  readonly modifier: number
}

/** What a statement gave. */
export interface PostgresResult {
  readonly fields: readonly PostgresField[]
  /** Values in PostgreSQL's text form. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** Rows inserted (by `create table as` too), updated, deleted, merged or copied, of all statements; 0 for a query. */
  readonly rowsChanged: number
  /** Those of them that DELETE removed. */
  readonly rowsDeleted: number
}

/** What may be bound to a parameter. Everything is sent in text form: a `Date` in ISO 8601, bytes in hex. */
export type PostgresValue = null | boolean | number | bigint | string | Uint8Array | Date

/** How to carry out one statement. */
export interface PostgresOptions {
  /** Cancels the statement on the server: CANCELLED, or TIMEOUT when the signal's reason says so. */
  readonly signal?: AbortSignal
}

/** How to carry out one statement with parameters. */
export interface PostgresQueryOptions extends PostgresOptions {
  /**
   * Within a transaction: in a savepoint of its own, so that a refused statement leaves the transaction usable. Costs
   * no round trip unless it is refused.
   */
  readonly guarded?: boolean
}

/** A statement that the server refused (PostgreSQL, "Error and Notice Message Fields"). */
export interface PostgresFailure {
  /** Five characters, PostgreSQL appendix A. */
  readonly sqlState: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
  /** Where in the statement, in characters, the first being 1. */
  readonly position?: number
  readonly where?: string
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
}

/** What the caller makes of a refused statement. `act` says what was being done, and names the connection. */
export type SqlErrorMaker = (failure: PostgresFailure, act: string, cause: Error) => MillraceError

/**
 * One connection: UTF-8, time zone UTC, dates in ISO 8601, intervals in `iso_8601`, bytes in hex, floats exact.
 * It does one thing at a time: calls wait for each other in the order they were made.
 *
 * Every method throws CONNECTION_LOST when the server went away, after which `broken` is true.
 */
export interface PostgresSession extends AsyncDisposable {
  readonly config: PostgresConfig
  /** The number of the server process, as pg_stat_activity shows it. */
  readonly pid: number
  /** Whether the connection can no longer be used. */
  readonly broken: boolean
  /** `idle`, or within a transaction, or within one that failed and can only be rolled back; of the last answer. */
  readonly transaction: 'idle' | 'open' | 'failed'
  /** One statement with its parameters `$1`, `$2`… (extended protocol). All rows are held in memory. */
  query(text: string, values?: readonly PostgresValue[], options?: PostgresQueryOptions): Promise<PostgresResult>
  /** Statements without parameters, one or several (simple protocol: together one transaction unless they begin their own); the last one's rows. */
  script(text: string, options?: PostgresOptions): Promise<PostgresResult>
  /** The columns of a query, which is not run; none when it gives no rows. */
  describe(text: string, options?: PostgresOptions): Promise<readonly PostgresField[]>
  /** The bytes of `COPY … TO STDOUT`, read only as fast as they are taken. Leaving the loop early cancels the statement. */
  copyOut(text: string, options?: PostgresOptions): AsyncIterable<Uint8Array>
  /** Feeds `COPY … FROM STDIN` and resolves with the number of rows. When `bytes` throws, the COPY is undone and the error passed on. */
  copyIn(text: string, bytes: AsyncIterable<Uint8Array>, options?: PostgresOptions): Promise<number>
}
