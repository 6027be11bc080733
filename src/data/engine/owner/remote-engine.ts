import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import type { Dialect } from '../../../base/sql/index.ts'
import type { Engine, EngineCapabilities, EngineConnection } from '../contract.ts'
import { DuckDbFiles } from '../duckdb/parquet.ts'
import { dial, type Line, ownerLost } from './dial.ts'
import { RemoteConnection } from './remote-connection.ts'

/** The engine of another process, which owns the database file. Does what that engine does, over a socket. */
export class RemoteEngine implements Engine {
  readonly name: string
  readonly dialect: Dialect
  readonly database: string
  readonly capabilities: EngineCapabilities
  readonly files = new DuckDbFiles(this)
  readonly #line: Line
  readonly #socketPath: string
  readonly #path: string
  readonly #connections = new Set<RemoteConnection>()
  #state: 'open' | 'closed' | 'lost' = 'open'

  /** @param line the line that says to the owner that this process is there */
  constructor(line: Line, socketPath: string, path: string) {
    this.name = line.owner.name
    this.dialect = line.owner.dialect
    this.database = line.owner.database
    this.capabilities = line.owner.capabilities
    this.#line = line
    this.#socketPath = socketPath
    this.#path = path
    line.onClose = () => {
      if (this.#state === 'open') this.#state = 'lost'
    }
  }

  async connect({ signal }: { readonly signal?: AbortSignal } = {}): Promise<EngineConnection> {
    if (this.#state === 'closed') throw new MillraceError('ENGINE_CLOSED', 'connecting to an engine that was closed')
    if (this.#state === 'lost') throw this.#lost()
    const line = await dial(this.#socketPath, this.#path, 'connection', signal).catch((thrown: unknown) => {
      throw asMillraceError(thrown)
    })
    if (typeof line === 'string') throw this.#lost()
    const connection = new RemoteConnection(this, line, this.#lost(), () => this.#connections.delete(connection))
    this.#connections.add(connection)
    return connection
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === 'open') this.#state = 'closed'
    await Promise.all([...this.#connections].map((connection) => connection[Symbol.asyncDispose]()))
    await this.#line.frames.end()
  }

  #lost(): MillraceError {
    return ownerLost(this.#path, this.#line.owner.pid)
  }
}
