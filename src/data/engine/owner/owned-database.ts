import { hostname } from 'node:os'
import type { Engine } from '../contract.ts'
import { newSocketPath, type OwnerAddress, publishAddress, withdrawAddress } from './address.ts'
import { type OwnerServer, serveEngine } from './server.ts'

/** Called when an owner that wants to close waits for the processes with these numbers. */
export type OnLinger = (pids: readonly number[]) => void

/** A database file that this process owns, the engine over it, and the door for other processes. */
export class OwnedDatabase {
  readonly #engine: Engine
  readonly #path: string
  readonly #address: OwnerAddress
  readonly #server: OwnerServer
  readonly #onClosed: () => void
  #handles = 0
  #finished: Promise<void> | undefined

  private constructor(engine: Engine, path: string, address: OwnerAddress, server: OwnerServer, onClosed: () => void) {
    this.#engine = engine
    this.#path = path
    this.#address = address
    this.#server = server
    this.#onClosed = onClosed
  }

  /** Opens the door of an engine over a file that was just opened; if that fails, the engine is closed again. */
  static async serve(engine: Engine, path: string, onClosed: () => void): Promise<OwnedDatabase> {
    let server: OwnerServer | undefined
    try {
      const address = { pid: process.pid, host: hostname(), socket: await newSocketPath() }
      server = await serveEngine(engine, path, address.socket)
      await publishAddress(path, address)
      return new OwnedDatabase(engine, path, address, server, onClosed)
    } catch (thrown) {
      await server?.close()
      await engine[Symbol.asyncDispose]()
      throw thrown
    }
  }

  /** Resolves when the file is closed, once that has begun; undefined while the database is in use. */
  get closing(): Promise<void> | undefined {
    return this.#finished
  }

  /** An engine for one user in this process. The file is closed when all have been disposed of and no client is left. */
  handle(onLinger: OnLinger | undefined): Engine {
    this.#handles += 1
    const engine = this.#engine
    let disposed: Promise<void> | undefined
    return {
      name: engine.name,
      dialect: engine.dialect,
      database: engine.database,
      capabilities: engine.capabilities,
      ...(engine.files === undefined ? {} : { files: engine.files }),
      connect: (options) => engine.connect(options),
      [Symbol.asyncDispose]: () => {
        disposed ??= this.#leave(onLinger)
        return disposed
      },
    }
  }

  async #leave(onLinger: OnLinger | undefined): Promise<void> {
    this.#handles -= 1
    let told = ''
    while (this.#handles === 0 && this.#server.clients().length > 0) {
      const clients = this.#server.clients()
      if (clients.join() !== told) onLinger?.(clients)
      told = clients.join()
      await this.#server.changed()
    }
    // Somebody in this process has opened it again, and closes it when done.
    if (this.#handles > 0) return
    this.#finished ??= this.#finish()
    await this.#finished
  }

  async #finish(): Promise<void> {
    this.#server.refuse()
    try {
      // While the file is still owned: after that, the address may be the next owner's.
      await withdrawAddress(this.#path, this.#address)
      await this.#server.close()
    } finally {
      await this.#engine[Symbol.asyncDispose]()
      this.#onClosed()
    }
  }
}
