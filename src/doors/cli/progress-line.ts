import { createLogUpdate } from 'log-update'
import type { Terminal } from './terminal.ts'

/** Milliseconds between two lines where none can be redrawn, and before the first. */
const SELDOM_MS = 5_000
const OFTEN_MS = 100

/** One line that tells how far something is: redrawn on a terminal, now and then a new one elsewhere. Writes to stderr. */
export class ProgressLine implements Disposable {
  readonly #terminal: Terminal
  readonly #redraw = createLogUpdate(process.stderr)
  #next: number

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    this.#next = Date.now() + (terminal.live ? 1000 : SELDOM_MS)
  }

  say(text: string): void {
    const now = Date.now()
    if (now < this.#next) return
    this.#next = now + (this.#terminal.live ? OFTEN_MS : SELDOM_MS)
    if (this.#terminal.live) this.#redraw(text.slice(0, this.#terminal.columns - 1))
    else this.#terminal.note(text)
  }

  [Symbol.dispose](): void {
    this.#redraw.clear()
    this.#redraw.done()
  }
}
