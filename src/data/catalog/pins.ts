import { setTimeout as sleep } from 'node:timers/promises'
import { MillraceError } from '../../base/kernel/index.ts'
import { PinTable } from './pin-table.ts'
import type { HeldElsewhere, SharedPins } from './shared-pins.ts'

/** How long to wait before asking again what another process holds, in milliseconds. */
const LOOK_AGAIN_MS = 100

/** How to wait for others. */
export interface Waiting {
  readonly waitMs: number
  readonly signal?: AbortSignal
}

/** Pins of this process, and, when the processes of the project share a metadata database, of the others. */
export class Pins {
  readonly #own = new PinTable()
  readonly #shared: SharedPins | undefined

  constructor(shared: SharedPins | undefined) {
    this.#shared = shared
  }

  /**
   * Holds each dataset at its state, waiting while somebody holds one at another. Returns what releases them; the
   * promise of that is for who wants to know when other processes see it.
   * @throws MillraceError TIMEOUT naming what is held, CANCELLED
   */
  async acquire(wanted: ReadonlyMap<string, string>, waiting: Waiting): Promise<() => Promise<void>> {
    const until = Date.now() + waiting.waitMs
    for (;;) {
      const own = await this.#own.acquire(wanted, { ...waiting, waitMs: Math.max(0, until - Date.now()) })
      if (!this.#shared || wanted.size === 0) return async () => own()
      const taken = await this.#shared.take(wanted).catch((thrown) => {
        own()
        throw thrown
      })
      if ('pin' in taken) {
        const shared = this.#shared
        return async () => {
          own()
          await shared.drop(taken.pin)
        }
      }
      // Let go while waiting, so that two processes cannot wait for each other.
      own()
      if (Date.now() >= until) throw heldBy(taken.held, 'TIMEOUT')
      await sleep(Math.min(LOOK_AGAIN_MS, until - Date.now()), undefined, {
        ...(waiting.signal ? { signal: waiting.signal } : {}),
      }).catch(() => {
        throw heldBy(taken.held, 'CANCELLED')
      })
    }
  }

  /** The states at which others hold these datasets now, by name. */
  async held(datasets: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const elsewhere = this.#shared && datasets.length > 0 ? await this.#shared.held(datasets) : []
    return new Map([...elsewhere.map(({ dataset, state }) => [dataset, state] as const), ...this.#own.held(datasets)])
  }
}

function heldBy(held: readonly HeldElsewhere[], code: 'TIMEOUT' | 'CANCELLED'): MillraceError {
  const names = held.map(({ dataset, holder }) => `${dataset} (process ${holder.pid} on ${holder.host})`)
  const list = [...new Set(names)].join(', ')
  return new MillraceError(code, `waiting to move what others hold at another version: ${list}`, {
    retry: 'again',
    hint: 'Wait until that command is done, or end it.',
  })
}
