import type { Duplex } from 'node:stream'

const ENOUGH_BYTES = 256 * 1024

/** Bytes between the socket, which pushes, and a reader, who pulls: the socket is paused while enough lies ready. */
export class Chunks {
  readonly #socket: Duplex
  #ready: Uint8Array[] = []
  #bytes = 0
  #outcome: { readonly thrown?: unknown } | undefined
  #discarding = false
  #wake: (() => void) | undefined

  constructor(socket: Duplex) {
    this.#socket = socket
  }

  add(chunk: Uint8Array): void {
    if (this.#discarding) return
    this.#ready.push(chunk)
    this.#bytes += chunk.byteLength
    if (this.#bytes >= ENOUGH_BYTES) this.#socket.pause()
    this.#wake?.()
  }

  end(): void {
    this.#outcome ??= {}
    this.#wake?.()
  }

  fail(thrown: unknown): void {
    this.#outcome ??= { thrown }
    this.#wake?.()
  }

  /** From now on nothing is kept. */
  discard(): void {
    this.#discarding = true
    this.#ready = []
    this.#socket.resume()
  }

  /** What comes, once, until the end; throws what `fail` was given after all that came before it. */
  async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const ready = this.#ready
      this.#ready = []
      this.#bytes = 0
      yield* ready
      if (this.#ready.length > 0) continue
      if (this.#outcome !== undefined) {
        if ('thrown' in this.#outcome) throw this.#outcome.thrown
        return
      }
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#socket.resume()
      await woken
    }
  }
}
