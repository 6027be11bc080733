import { MillraceError, type Schema } from '../../../base/kernel/index.ts'
import type { Chunk, ResultStream } from '../contract.ts'

/** What a stream tells to the other side. */
export interface StreamLine {
  /** One chunk was taken: another may come. */
  readonly take: () => void
  /** Nobody reads on. */
  readonly leave: () => void
  /** The reader waits for the other side, from now (true) or no longer. */
  readonly waiting: (on: boolean) => void
  /** Called once, when the reader has had the last or has left and the other side has stopped. */
  readonly over: () => void
}

/** Chunks that come over a socket, a few ahead of the reader. */
export class RemoteStream implements ResultStream {
  readonly schema: Schema
  readonly #line: StreamLine
  readonly #waiting: Chunk[] = []
  #ended: { readonly error?: MillraceError } | undefined
  #wake: () => void = () => {}
  #cancelled: MillraceError | undefined
  #begun = false
  #left = false
  #over = false

  constructor(schema: Schema, line: StreamLine) {
    this.schema = schema
    this.#line = line
  }

  push(chunk: Chunk): void {
    if (this.#left || this.#cancelled) return
    this.#waiting.push(chunk)
    this.#wake()
  }

  end(error?: MillraceError): void {
    this.#ended ??= error === undefined ? {} : { error }
    this.#wake()
  }

  /** Drops what has come; the reader gets `error` once the other side has stopped. */
  cancel(error: MillraceError): void {
    if (this.#over) return
    this.#cancelled ??= error
    this.#waiting.length = 0
    this.#wake()
  }

  [Symbol.asyncIterator](): AsyncIterator<Chunk> {
    if (this.#begun) throw new MillraceError('ENGINE_BUSY', 'reading a result a second time: it is a single pass')
    this.#begun = true
    return {
      next: async () => {
        for (;;) {
          const chunk = this.#cancelled ? undefined : this.#waiting.shift()
          if (chunk !== undefined) {
            if (!this.#ended) this.#line.take()
            return { done: false, value: chunk }
          }
          if (this.#ended) return this.#last(this.#cancelled ?? this.#ended.error)
          await this.#change()
        }
      },
      return: async () => {
        this.#left = true
        this.#waiting.length = 0
        if (!this.#ended) this.#line.leave()
        // The connection is free for another statement only when the other side has stopped.
        while (!this.#ended) await this.#change()
        return this.#last(undefined)
      },
    }
  }

  #last(error: MillraceError | undefined): IteratorReturnResult<undefined> {
    const first = !this.#over
    this.#over = true
    if (first) this.#line.over()
    if (first && error) throw error
    return { done: true, value: undefined }
  }

  async #change(): Promise<void> {
    this.#line.waiting(true)
    try {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    } finally {
      this.#line.waiting(false)
    }
  }
}
