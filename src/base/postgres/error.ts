import { type ErrorCode, type ErrorDetails, MillraceError } from '../kernel/index.ts'
import { describePostgres } from './config.ts'
import type { PostgresConfig, PostgresFailure, SqlErrorMaker } from './contract.ts'

/** What an error happened in. */
export interface PostgresErrorContext {
  readonly config: PostgresConfig
  /** Completes "… in shop_db (ana@localhost:5432/shop)": `running a statement`. */
  readonly act: string
  readonly signal?: AbortSignal | undefined
  /** Whether the connection was still being made. */
  readonly connecting?: boolean
  readonly sqlError: SqlErrorMaker
}

/** Used where the caller gives none: a refused statement is ENGINE_SQL. */
export const plainSqlError: SqlErrorMaker = ({ sqlState, message, detail, hint }, act, cause) =>
  new MillraceError('ENGINE_SQL', `${act}: ${message}${detail === undefined ? '' : ` (${detail})`}`, {
    cause,
    ...(hint === undefined ? {} : { hint }),
    data: { sqlState },
  })

/** Any error of the client, the network or the server in our words; it never shows a password or an address with one. */
export function postgresError(thrown: unknown, context: PostgresErrorContext): MillraceError {
  if (thrown instanceof MillraceError) return thrown
  const { config, signal, connecting } = context
  const act = `${context.act} in ${describePostgres(config)}`
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown))
  const failure = failureOf(cause)
  if (signal?.aborted) return stopped(signal, act, cause)
  const make = (code: ErrorCode, details: ErrorDetails = {}) =>
    new MillraceError(code, `${act}: ${failure?.message ?? cause.message}`, {
      cause,
      ...details,
      data: { connection: config.name, ...(failure === undefined ? {} : { sqlState: failure.sqlState }) },
    })
  if (failure === undefined) return connecting ? unreached(cause, config, make) : lost(make)
  const { sqlState } = failure
  if (connecting) {
    const denied = deniedHint(sqlState, config)
    if (denied !== undefined) return make('CONNECTION_DENIED', { hint: denied })
    if (sqlState === '53300' || /^(57P|08)/.test(sqlState)) {
      return make('CONNECTION_FAILED', {
        retry: 'again',
        hint: 'The server takes no connections now; try again later.',
      })
    }
  }
  // Class 08, the shutdown codes, and the two time-outs after which the server closes the session.
  if (/^08|^57P0[1-5]$|^25P0[34]$/.test(sqlState)) return lost(make)
  if (sqlState === '57014') {
    const timedOut = /timeout/.test(failure.message)
    return make(timedOut ? 'TIMEOUT' : 'CANCELLED', { retry: timedOut ? 'again' : 'never' })
  }
  return context.sqlError(failure, act, cause)
}

/** The error of work that its signal stopped. */
export function stopped(signal: AbortSignal, act: string, cause?: unknown): MillraceError {
  if (signal.reason instanceof MillraceError) return signal.reason
  const timedOut = (signal.reason as Error | undefined)?.name === 'TimeoutError'
  const said = timedOut ? 'it took longer than it may' : 'it was cancelled'
  return new MillraceError(timedOut ? 'TIMEOUT' : 'CANCELLED', `${act}: ${said}`, { cause: cause ?? signal.reason })
}

type Make = (code: ErrorCode, details?: ErrorDetails) => MillraceError

function lost(make: Make): MillraceError {
  return make('CONNECTION_LOST', { retry: 'again', hint: 'The server ended the connection; run the same again.' })
}

/** Network and certificate errors of Node.js, by their codes. */
function unreached(cause: Error, config: PostgresConfig, make: Make): MillraceError {
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  const where = `${config.host}:${config.port}`
  if (/^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|HOSTNAME_MISMATCH)/.test(code)) {
    const hint = 'Name the authority that signed it in sslrootcert, and the host by the name the certificate has.'
    return make('CONNECTION_DENIED', { hint: `The server's certificate is not trusted (${code}). ${hint}` })
  }
  if (/does not support SSL/.test(cause.message)) {
    return make('CONNECTION_DENIED', { hint: `The server has no TLS, and sslmode is ${config.sslmode}.` })
  }
  if (code === 'ENOENT' || code === 'EACCES') {
    return make('CONNECTION_FAILED', {
      hint: `Look at the files of the connection ${config.name} and their permissions.`,
    })
  }
  const hint =
    code === 'ENOTFOUND'
      ? `There is no host ${config.host}; look at the host of the connection ${config.name}.`
      : `Is the server running, and is ${where} its address?`
  return make('CONNECTION_FAILED', { retry: 'again', hint })
}

function deniedHint(sqlState: string, config: PostgresConfig): string | undefined {
  if (sqlState === '28P01') {
    return config.password === undefined
      ? `The server wants a password for ${config.user}: set the connection's password, PGPASSWORD or ~/.pgpass.`
      : `Look at the user and the password of the connection ${config.name}.`
  }
  if (sqlState.startsWith('28')) {
    return `The server does not let ${config.user} into ${config.database} from here with sslmode ${config.sslmode} (its pg_hba.conf decides).`
  }
  if (sqlState === '3D000') return `Look at the database of the connection ${config.name}, or create it.`
  if (sqlState === '42501') return `Ask for the right to connect: grant connect on database … to ${config.user}.`
  return undefined
}

/** The fields of an ErrorResponse, when this is one. */
function failureOf(thrown: Error): PostgresFailure | undefined {
  const error = thrown as Error & Readonly<Record<string, string | undefined>>
  // Errors of the system have a code too, but no severity.
  if (error.severity === undefined || error.code === undefined) return undefined
  const field = (name: string, value = error[name]) => (value === undefined ? {} : { [name]: value })
  return {
    sqlState: error.code,
    message: error.message,
    ...field('detail'),
    ...field('hint'),
    ...(error.position === undefined ? {} : { position: Number(error.position) }),
    ...field('where'),
    ...field('table'),
    ...field('column'),
    ...field('constraint'),
  }
}
