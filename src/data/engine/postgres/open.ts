import { MillraceError } from '../../../base/kernel/index.ts'
import { connectPostgres, describePostgres, type PostgresConfig } from '../../../base/postgres/index.ts'
import { quoteId } from '../../../base/sql/index.ts'
import type { Engine, EngineConnection } from '../contract.ts'
import { postgresBulk } from './bulk.ts'
import { type Lent, PostgresConnection } from './connection.ts'
import { engineError } from './engine-error.ts'

/** How to work in a database of a server. */
export interface PostgresEngineOptions {
  /** Where names without a schema are looked for and made, before `public`; it need not exist. */
  readonly schema?: string
}

/** Connections that are kept for the next who needs one. */
const MAX_IDLE = 4

/**
 * Opens a database of a PostgreSQL server (13 or later) as an engine. Times are UTC; rows get in and out by COPY.
 * @throws MillraceError CONNECTION_FAILED, CONNECTION_DENIED, DEPENDENCY_MISSING
 */
export async function openPostgres(config: PostgresConfig, options: PostgresEngineOptions = {}): Promise<Engine> {
  const engine = new Postgres(config, options)
  // A server that is not there is told at once, rather than by the first statement.
  await (await engine.connect())[Symbol.asyncDispose]()
  return engine
}

class Postgres implements Engine {
  readonly name = 'postgres'
  readonly dialect = 'postgres'
  readonly database: string
  readonly capabilities = { transactionalDdl: true, files: false, cancel: true }
  readonly bulk = postgresBulk
  readonly #config: PostgresConfig
  readonly #settings: string
  readonly #idle: Lent[] = []
  readonly #connections = new Set<EngineConnection>()
  #open = true

  constructor(config: PostgresConfig, { schema }: PostgresEngineOptions) {
    this.#config = config
    this.database = config.database
    const path = [...new Set([...(schema === undefined ? [] : [schema]), 'public'])]
    const names = path.map((name) => quoteId(name, 'postgres')).join(', ')
    // DuckDB reads PostgreSQL's own style of intervals, not the other three.
    this.#settings = `set intervalstyle = 'postgres'; ${schema === undefined ? '' : `set search_path = ${names};`}`
  }

  async connect(options: { readonly signal?: AbortSignal } = {}): Promise<EngineConnection> {
    if (!this.#open) {
      throw new MillraceError('ENGINE_CLOSED', `connecting to ${describePostgres(this.#config)}, which was closed`)
    }
    const lent = await this.#take(options)
    const connection: EngineConnection = new PostgresConnection(this, lent, async (reusable) => {
      this.#connections.delete(connection)
      await this.#giveBack(lent, reusable)
    })
    this.#connections.add(connection)
    return connection
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await Promise.all([...this.#connections].map((connection) => connection[Symbol.asyncDispose]()))
    await Promise.all(this.#idle.splice(0).map(({ session }) => session[Symbol.asyncDispose]()))
  }

  async #take({ signal }: { readonly signal?: AbortSignal }): Promise<Lent> {
    signal?.throwIfAborted()
    for (let lent = this.#idle.pop(); lent; lent = this.#idle.pop()) if (!lent.session.broken) return lent
    const holder: Pick<Lent, 'running'> = { running: {} }
    const session = await connectPostgres(this.#config, {
      ...(signal === undefined ? {} : { signal }),
      sqlError: (failure, act, cause) => engineError(failure, act, cause, holder.running),
    })
    await session.script(this.#settings)
    return Object.assign(holder, { session })
  }

  /** What a session keeps must not reach the next who has it. */
  async #giveBack(lent: Lent, reusable: boolean): Promise<void> {
    const { session } = lent
    const keep = reusable && this.#open && !session.broken && this.#idle.length < MAX_IDLE
    try {
      if (!keep) return await session[Symbol.asyncDispose]()
      if (session.transaction !== 'idle') await session.script('rollback')
      await session.script('discard temp; discard sequences; select pg_advisory_unlock_all(); unlisten *')
      this.#idle.push(lent)
    } catch {
      await session[Symbol.asyncDispose]()
    }
  }
}
