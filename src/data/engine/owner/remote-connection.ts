import { asMillraceError, MillraceError, type Row, type Schema } from '../../../base/kernel/index.ts'
import { type Sql, trusted } from '../../../base/sql/index.ts'
import type { Engine, EngineConnection, QueryOptions, QueryProgress, ResultStream } from '../contract.ts'
import type { Line } from './dial.ts'
import type { Answer, RemoteStatement, Request, StreamOpened } from './protocol.ts'
import { RemoteStream } from './remote-stream.ts'

type Statement = Extract<Request, RemoteStatement>
type Ask =
  | ({ readonly op: Statement['op'] } & RemoteStatement)
  | { readonly op: 'begin' | 'dispose' }
  | { readonly op: 'end'; readonly commit: boolean }

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (thrown: unknown) => void
  readonly onProgress: ((progress: QueryProgress) => void) | undefined
  readonly settled: () => void
}

/** One session of another process's engine. Each has a socket of its own, so that its end ends the session. */
export class RemoteConnection implements EngineConnection {
  readonly engine: Engine
  readonly #line: Line
  readonly #lost: MillraceError
  readonly #onDispose: () => void
  readonly #pending = new Map<number, Pending>()
  readonly #streams = new Map<number, RemoteStream>()
  #asked = 0
  #disposed: Promise<void> | undefined

  constructor(engine: Engine, line: Line, lost: MillraceError, onDispose: () => void) {
    this.engine = engine
    this.#line = line
    this.#lost = lost
    this.#onDispose = onDispose
    line.onAnswer = (answer) => this.#receive(answer)
    line.onClose = () => this.#close()
  }

  async query(statement: Sql, options: QueryOptions = {}): Promise<ResultStream> {
    const id = this.#nextId()
    let stream: RemoteStream | undefined
    await this.#statement<StreamOpened>(id, 'query', statement, options, (value) => {
      stream = this.#openStream(id, value as StreamOpened, options.signal)
    })
    if (stream === undefined) throw this.#lost
    return stream
  }

  rows<T extends object = Row>(statement: Sql, options: QueryOptions = {}): Promise<T[]> {
    return this.#statement<T[]>(this.#nextId(), 'rows', statement, options)
  }

  execute(statement: Sql, options: QueryOptions = {}): Promise<{ readonly rowsChanged: number }> {
    return this.#statement(this.#nextId(), 'execute', statement, options)
  }

  script(text: string, options: QueryOptions = {}): Promise<{ readonly rowsChanged: number }> {
    return this.#statement(this.#nextId(), 'script', trusted(text), options)
  }

  describe(statement: Sql): Promise<Schema> {
    return this.#statement(this.#nextId(), 'describe', statement, {})
  }

  toArrow(statement: Sql, options: QueryOptions = {}): Promise<Uint8Array> {
    return this.#statement(this.#nextId(), 'toArrow', statement, options)
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#ask(this.#nextId(), { op: 'begin' })
    let result: T
    try {
      result = await work()
    } catch (thrown) {
      // What went wrong in the work is what the caller has to know, also when there is nobody left to roll back.
      await this.#ask(this.#nextId(), { op: 'end', commit: false }).catch(() => undefined)
      throw thrown
    }
    await this.#ask(this.#nextId(), { op: 'end', commit: true })
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= (async () => {
      const { frames } = this.#line
      if (!frames.over) await this.#send(this.#nextId(), { op: 'dispose' }).catch(() => undefined)
      await frames.end()
      this.#onDispose()
    })()
    await this.#disposed
  }

  #openStream(id: number, { schema }: StreamOpened, signal: AbortSignal | undefined): RemoteStream {
    const { frames } = this.#line
    const cancel = () => {
      frames.send({ id, op: 'cancel', reason: reasonOf(signal).toJSON() })
      stream.cancel(reasonOf(signal))
    }
    const stream = new RemoteStream(schema, {
      take: () => frames.send({ id, op: 'credit' }),
      leave: () => frames.send({ id, op: 'leave' }),
      waiting: (on) => (on ? frames.hold() : frames.release()),
      over: () => {
        this.#streams.delete(id)
        signal?.removeEventListener('abort', cancel)
      },
    })
    this.#streams.set(id, stream)
    if (signal?.aborted) cancel()
    else signal?.addEventListener('abort', cancel, { once: true })
    return stream
  }

  #nextId(): number {
    this.#asked += 1
    return this.#asked
  }

  async #statement<T>(
    id: number,
    op: Statement['op'],
    statement: Sql,
    { signal, onProgress, file }: QueryOptions,
    onAnswer?: (value: unknown) => void,
  ): Promise<T> {
    if (signal?.aborted) throw reasonOf(signal)
    const cancel = () => this.#line.frames.send({ id, op: 'cancel', reason: reasonOf(signal).toJSON() })
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      const asked = { op, parts: statement.parts, progress: onProgress !== undefined, ...(file ? { file } : {}) }
      return await this.#ask<T>(id, asked, onProgress, onAnswer)
    } catch (thrown) {
      // The caller's own words for why it was stopped, not the owner's.
      const stopped = thrown instanceof MillraceError && (thrown.code === 'CANCELLED' || thrown.code === 'TIMEOUT')
      throw stopped && signal?.aborted ? reasonOf(signal) : thrown
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  async #ask<T>(
    id: number,
    request: Ask,
    onProgress?: (progress: QueryProgress) => void,
    onAnswer?: (value: unknown) => void,
  ): Promise<T> {
    if (this.#disposed) throw new MillraceError('ENGINE_CLOSED', 'using a connection after it was closed')
    if (this.#streams.size > 0 && request.op !== 'end') {
      throw new MillraceError('ENGINE_BUSY', 'the connection is still giving the rows of another query', {
        hint: 'Read that result to its end, leave its loop, or open another connection.',
      })
    }
    return this.#send<T>(id, request, onProgress, onAnswer)
  }

  #send<T>(
    id: number,
    request: Ask,
    onProgress?: (progress: QueryProgress) => void,
    onAnswer?: (value: unknown) => void,
  ): Promise<T> {
    const { frames } = this.#line
    if (frames.over) return Promise.reject(this.#lost)
    return new Promise<T>((resolve, reject) => {
      frames.hold()
      this.#pending.set(id, {
        reject,
        onProgress,
        settled: () => frames.release(),
        resolve: (value: T) => {
          // Before anything else comes in, so that no chunk finds its stream missing.
          onAnswer?.(value)
          resolve(value)
        },
      })
      frames.send({ ...request, id } as Request)
    })
  }

  #receive(answer: Answer): void {
    const pending = this.#pending.get(answer.id)
    const stream = this.#streams.get(answer.id)
    switch (answer.kind) {
      case 'progress':
        pending?.onProgress?.(answer.progress)
        return
      case 'chunk':
        stream?.push(answer.chunk)
        return
      case 'end':
        stream?.end()
        return
      case 'error':
        if (stream) stream.end(MillraceError.fromJSON(answer.error))
        else this.#settle(answer.id)?.reject(MillraceError.fromJSON(answer.error))
        return
      case 'ok':
        this.#settle(answer.id)?.resolve(answer.value as never)
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    pending?.settled()
    return pending
  }

  #close(): void {
    const lost = this.#disposed ? new MillraceError('ENGINE_CLOSED', 'the connection was closed') : this.#lost
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(lost)
    for (const stream of [...this.#streams.values()]) stream.end(lost)
  }
}

function reasonOf(signal: AbortSignal | undefined): MillraceError {
  return asMillraceError(signal?.reason, 'CANCELLED')
}
