import { AsyncLocalStorage } from 'node:async_hooks'
import { asMillraceError, MillraceError, unreachable } from '../../../base/kernel/index.ts'
import { sqlOf } from '../../../base/sql/index.ts'
import type { EngineConnection, QueryOptions } from '../contract.ts'
import { type Answer, CHUNKS_AHEAD, type RemoteStatement, type Request } from './protocol.ts'

interface Running {
  readonly abort: AbortController
  credit: number
  /** Lets a stream that waits for credit, or for the end, look again. */
  wake: () => void
  left: boolean
}

interface OpenTransaction {
  readonly finish: (commit: boolean) => void
  /** Resolves when the transaction has been committed or rolled back. */
  readonly over: Promise<void>
  /** Runs a step in the context of the transaction's work. */
  readonly within: ReturnType<typeof AsyncLocalStorage.snapshot>
}

class RolledBack extends Error {}

/** The owner's side of one remote connection: carries out what its client asks on a connection of its own. */
export class Session {
  readonly #connection: EngineConnection
  readonly #send: (answer: Answer) => void
  readonly #running = new Map<number, Running>()
  #transaction: OpenTransaction | undefined
  #disposed: Promise<void> | undefined

  constructor(connection: EngineConnection, send: (answer: Answer) => void) {
    this.#connection = connection
    this.#send = send
  }

  /** Takes a request; requests of one client are begun in the order they came. */
  receive(request: Request): void {
    switch (request.op) {
      case 'credit':
      case 'leave':
      case 'cancel':
        this.#steer(request)
        return
      case 'query':
      case 'rows':
      case 'execute':
      case 'describe':
      case 'toArrow':
      case 'script':
        this.#inContext(() => this.#answer(request.id, (running) => this.#statement(request, running)))
        return
      case 'begin':
        this.#inContext(() => this.#answer(request.id, () => this.#begin()))
        return
      case 'end':
        this.#answer(request.id, () => this.#end(request.commit))
        return
      case 'dispose':
        this.#answer(request.id, () => this.dispose())
        return
      default:
        unreachable(request)
    }
  }

  /** Stops what runs, rolls an open transaction back and closes the connection. The client is done, or gone. */
  dispose(): Promise<void> {
    this.#disposed ??= (async () => {
      for (const running of this.#running.values()) {
        running.abort.abort(new MillraceError('ENGINE_CLOSED', 'the connection was closed'))
        running.wake()
      }
      const open = this.#transaction
      open?.finish(false)
      await open?.over.catch(() => undefined)
      await this.#connection[Symbol.asyncDispose]()
    })()
    return this.#disposed
  }

  #steer(request: Extract<Request, { op: 'credit' | 'leave' | 'cancel' }>): void {
    const running = this.#running.get(request.id)
    // It may have ended while the message was on its way.
    if (running === undefined) return
    if (request.op === 'cancel') running.abort.abort(MillraceError.fromJSON(request.reason))
    else if (request.op === 'credit') running.credit += 1
    else {
      running.left = true
      running.abort.abort()
    }
    running.wake()
  }

  #inContext(step: () => void): void {
    if (this.#transaction) this.#transaction.within(step)
    else step()
  }

  async #answer(id: number, act: (running: Running) => Promise<unknown>): Promise<void> {
    const running: Running = { abort: new AbortController(), credit: CHUNKS_AHEAD, wake: () => {}, left: false }
    this.#running.set(id, running)
    try {
      const value = await act(running)
      if (value !== STREAMED) this.#send({ id, kind: 'ok', value })
    } catch (thrown) {
      if (running.left) this.#send({ id, kind: 'end' })
      else this.#send({ id, kind: 'error', error: asMillraceError(thrown).toJSON() })
    } finally {
      this.#running.delete(id)
    }
  }

  async #statement(request: Extract<Request, RemoteStatement>, running: Running): Promise<unknown> {
    const statement = sqlOf(request.parts)
    const options: QueryOptions = {
      signal: running.abort.signal,
      ...(request.file === undefined ? {} : { file: request.file }),
      ...(request.progress
        ? { onProgress: (progress) => this.#send({ id: request.id, kind: 'progress', progress }) }
        : {}),
    }
    switch (request.op) {
      case 'query':
        return this.#stream(request.id, await this.#connection.query(statement, options), running)
      case 'rows':
        return this.#connection.rows(statement, options)
      case 'execute':
        return this.#connection.execute(statement, options)
      case 'describe':
        return this.#connection.describe(statement)
      case 'toArrow':
        return this.#connection.toArrow(statement, options)
      case 'script':
        return this.#connection.script(textOf(request), options)
      default:
        return unreachable(request.op)
    }
  }

  async #stream(
    id: number,
    stream: Awaited<ReturnType<EngineConnection['query']>>,
    running: Running,
  ): Promise<typeof STREAMED> {
    this.#send({ id, kind: 'ok', value: { schema: stream.schema } })
    for await (const chunk of stream) {
      while (running.credit === 0 && !running.left && !running.abort.signal.aborted) {
        await new Promise<void>((resolve) => {
          running.wake = resolve
        })
      }
      if (running.left) break
      running.abort.signal.throwIfAborted()
      running.credit -= 1
      this.#send({ id, kind: 'chunk', chunk })
    }
    this.#send({ id, kind: 'end' })
    return STREAMED
  }

  /** Opens a transaction whose work is whatever the client asks until it says `end`. */
  #begin(): Promise<void> {
    return new Promise((begun, refused) => {
      let finish: (commit: boolean) => void = () => {}
      const ended = new Promise<void>((commit, rollback) => {
        finish = (committed) => (committed ? commit() : rollback(new RolledBack()))
      })
      // Nobody may be waiting yet when a client goes away.
      ended.catch(() => undefined)
      const over = this.#connection.transaction(async () => {
        // By now `over` is known, however early this is called.
        await null
        this.#transaction = { finish, over, within: AsyncLocalStorage.snapshot() }
        begun()
        await ended
      })
      over.catch(refused)
    })
  }

  async #end(commit: boolean): Promise<void> {
    const open = this.#transaction
    if (open === undefined) throw new MillraceError('INTERNAL', 'ending a transaction that was not begun')
    open.finish(commit)
    try {
      await open.over
    } catch (thrown) {
      if (!(thrown instanceof RolledBack)) throw thrown
    } finally {
      this.#transaction = undefined
    }
  }
}

const STREAMED = Symbol('the answer was streamed')

/** A script crosses as the one text part of a statement. */
function textOf(request: RemoteStatement): string {
  return request.parts.map((part) => ('text' in part ? part.text : '')).join('')
}
