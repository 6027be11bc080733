import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { PostgresConfig } from './contract.ts'
import type { TlsAttempt } from './tls.ts'

const CANCEL_REQUEST = 80_877_102
const SSL_REQUEST = 80_877_103

/**
 * Asks the server to cancel what a session does (PostgreSQL, "Canceling Requests in Progress"): a connection of its
 * own, over TLS when the session's is. Resolves when the server has closed it, by when the session was told;
 * whether it had anything to cancel is not said.
 */
export async function cancelRequest(
  config: PostgresConfig,
  tls: TlsAttempt,
  key: { readonly pid: number; readonly secret: number },
  timeoutMs: number,
): Promise<void> {
  const plain = config.host.startsWith('/')
    ? connect({ path: `${config.host}/.s.PGSQL.${config.port}` })
    : connect({ host: config.host, port: config.port })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => {
    plain.destroy()
    reject(new Error(`cancelling took longer than ${timeoutMs} ms`))
  }, timeoutMs)
  const send = (socket: Socket) => {
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.resume()
    socket.write(message(CANCEL_REQUEST, key.pid, key.secret))
  }
  plain.on('error', reject)
  plain.once('connect', () => {
    if (tls === false) return send(plain)
    plain.once('data', (answer) => {
      if (answer.toString('latin1') !== 'S') return plain.destroy(new Error('the server refused TLS'))
      const secure = connectTls({
        ...tls,
        socket: plain,
        ...(isIP(config.host) === 0 ? { servername: config.host } : {}),
      })
      secure.once('secureConnect', () => send(secure))
      secure.on('error', reject)
    })
    plain.write(message(SSL_REQUEST))
  })
  try {
    await promise
  } finally {
    clearTimeout(timer)
    plain.destroy()
  }
}

/** A start-up message: its length, then numbers. */
function message(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * numbers.length)
  bytes.writeInt32BE(bytes.length, 0)
  for (const [index, number] of numbers.entries()) bytes.writeInt32BE(number, 4 + 4 * index)
  return bytes
}
