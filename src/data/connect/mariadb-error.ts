import { MillraceError, type Retry } from '../../base/kernel/index.ts'

/** An error of the client's: `code` is a name such as ER_ACCESS_DENIED_ERROR, or one of Node.js. */
interface ClientError extends Error {
  readonly code?: string
  readonly errno?: number
  readonly sqlState?: string
  readonly fatal?: boolean
}

const DENIED = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_HOST_IS_BLOCKED',
  'ER_MUST_CHANGE_PASSWORD',
  'AUTH_SWITCH_PLUGIN_ERROR',
  'HANDSHAKE_NO_SSL_SUPPORT',
  'HANDSHAKE_SSL_ERROR',
])
const LOST = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'ECONNRESET',
  'EPIPE',
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_QUERY_INTERRUPTED',
  'ER_NEW_ABORTING_CONNECTION',
  'ER_ABORTING_CONNECTION',
  'ER_NET_ERROR_ON_WRITE',
  'ER_NET_WRITE_INTERRUPTED',
])
// 1927 (MariaDB): "Connection was killed", which the client has no name for.
const LOST_NUMBERS = new Set([1053, 1077, 1184, 1927, 3169])

/** An error of a MariaDB or MySQL server or of the network, with the connection's name and without its password. */
export function mariadbError(
  thrown: unknown,
  about: { readonly connection: string; readonly act: string; readonly connecting?: boolean },
): unknown {
  if (thrown instanceof MillraceError || !(thrown instanceof Error)) return thrown
  const { code = '', errno, sqlState, message } = thrown as ClientError
  const make = (as: ConstructorParameters<typeof MillraceError>[0], hint: string, retry: Retry) =>
    new MillraceError(as, `${about.act}: ${message || code}`, {
      cause: thrown,
      hint,
      retry,
      data: {
        connection: about.connection,
        ...(errno === undefined ? {} : { errno }),
        ...(sqlState === undefined ? {} : { sqlState }),
      },
    })
  const certificate = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)
  if (DENIED.has(code) || certificate) {
    const hint = 'Check user, password, database, ssl_mode and certificates of the connection in millrace.yml.'
    return make('CONNECTION_DENIED', hint, 'never')
  }
  const network = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET|PROTOCOL_)/.test(code)
  if (about.connecting && (network || LOST.has(code) || LOST_NUMBERS.has(errno ?? 0))) {
    return make('CONNECTION_FAILED', 'Check host and port of the connection, and that the server runs.', 'again')
  }
  if (LOST.has(code) || LOST_NUMBERS.has(errno ?? 0) || network || /closed state|connection is closed/i.test(message)) {
    return make('CONNECTION_LOST', 'The server or the network went away: try again.', 'again')
  }
  return make('ENGINE_SQL', 'Check the table or the query against the server.', 'never')
}
