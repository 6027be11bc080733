import { MillraceError } from '../kernel/index.ts'
import { describePostgres } from './config.ts'
import { type ConnectOptions, connectPostgres } from './connect.ts'
import type { PostgresConfig, PostgresOptions, PostgresSession } from './contract.ts'
import { stopped } from './error.ts'

/** Connections that are kept for the next who needs one. */
export interface PostgresPool extends AsyncDisposable {
  /**
   * A session of one's own; disposing of it gives it back (a transaction left open is undone then). Waits while `max`
   * are taken. Settings made with `set` stay with the connection, so use `set local` or undo them.
   * @throws MillraceError CONNECTION_FAILED, CONNECTION_DENIED, CONNECTION_LOST after the pool was closed
   */
  take(options?: PostgresOptions): Promise<PostgresSession>
  /** Closes the idle connections now, the others as they come back. */
  [Symbol.asyncDispose](): Promise<void>
}

/** How many connections at most, and what becomes of refused statements. */
export interface PoolOptions extends Pick<ConnectOptions, 'sqlError'> {
  readonly max: number
  /** Called once for each new connection, before it is first taken. */
  readonly prepare?: (session: PostgresSession) => Promise<void>
}

/** A pool of connections; none is opened before the first is taken. */
export function postgresPool(config: PostgresConfig, { max, prepare, ...options }: PoolOptions): PostgresPool {
  const idle: PostgresSession[] = []
  const waiting: (() => void)[] = []
  let taken = 0
  let closed = false

  const place = async (signal: AbortSignal | undefined): Promise<void> => {
    while (taken >= max) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const abort = () => {
        const index = waiting.indexOf(resolve)
        // Its turn has come already.
        if (index < 0) return
        waiting.splice(index, 1)
        if (signal) reject(stopped(signal, `waiting for a connection to ${describePostgres(config)}`))
      }
      signal?.addEventListener('abort', abort, { once: true })
      waiting.push(resolve)
      await promise.finally(() => signal?.removeEventListener('abort', abort))
    }
    taken += 1
  }
  const connect = async (signal: AbortSignal | undefined) => {
    const session = await connectPostgres(config, { ...options, ...(signal ? { signal } : {}) })
    try {
      await prepare?.(session)
      return session
    } catch (thrown) {
      await session[Symbol.asyncDispose]()
      throw thrown
    }
  }
  const free = () => {
    taken -= 1
    waiting.shift()?.()
  }
  const giveBack = async (session: PostgresSession) => {
    try {
      if (!session.broken && session.transaction !== 'idle') await session.script('rollback')
    } catch {
      // Not usable any more; the next gets another.
    }
    if (closed || session.broken || session.transaction !== 'idle') await session[Symbol.asyncDispose]()
    else idle.push(session)
    free()
  }

  return {
    async take({ signal } = {}) {
      await place(signal)
      try {
        if (signal?.aborted) throw stopped(signal, `taking a connection to ${describePostgres(config)}`)
        if (closed)
          throw new MillraceError('CONNECTION_LOST', `connecting to ${describePostgres(config)} after the end`)
        let session = idle.pop()
        while (session?.broken) session = idle.pop()
        session ??= await connect(signal)
        return lent(session, giveBack)
      } catch (thrown) {
        free()
        throw thrown
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
      await Promise.all(idle.splice(0).map((session) => session[Symbol.asyncDispose]()))
    },
  }
}

/** The session, with the one difference that disposing of it gives it back. */
function lent(session: PostgresSession, giveBack: (session: PostgresSession) => Promise<void>): PostgresSession {
  let returned: Promise<void> | undefined
  const inUse = () => {
    if (returned) throw new MillraceError('INTERNAL', 'a connection was used after it was given back')
    return session
  }
  return {
    config: session.config,
    pid: session.pid,
    get broken() {
      return session.broken
    },
    get transaction() {
      return session.transaction
    },
    query: async (text, values, options) => inUse().query(text, values, options),
    script: async (text, options) => inUse().script(text, options),
    describe: async (text, options) => inUse().describe(text, options),
    copyOut: (text, options) => inUse().copyOut(text, options),
    copyIn: async (text, bytes, options) => inUse().copyIn(text, bytes, options),
    [Symbol.asyncDispose]() {
      returned ??= giveBack(session)
      return returned
    },
  }
}
