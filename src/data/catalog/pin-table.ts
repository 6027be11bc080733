import { MillraceError } from '../../base/kernel/index.ts'

interface Waiter {
  readonly wanted: ReadonlyMap<string, string>
  readonly grant: () => void
}

/**
 * Which views are held at which version, within this process. A view may be held by many at one version and moved
 * to another only when nobody holds it. All that one caller wants is granted at once, so that two callers cannot
 * wait for each other.
 */
export class PinTable {
  readonly #held = new Map<string, { readonly version: string; holders: number }>()
  readonly #waiting = new Set<Waiter>()

  /**
   * Holds each name at its version, waiting while one is held at another. Returns what releases them.
   * @throws MillraceError TIMEOUT naming what is held, CANCELLED
   */
  async acquire(
    wanted: ReadonlyMap<string, string>,
    options: { readonly waitMs: number; readonly signal?: AbortSignal },
  ): Promise<() => void> {
    if (!this.#take(wanted)) await this.#wait(wanted, options)
    let released = false
    return () => {
      if (released) return
      released = true
      for (const name of wanted.keys()) {
        const held = this.#held.get(name)
        if (held && --held.holders === 0) this.#held.delete(name)
      }
      for (const waiter of this.#waiting) {
        if (this.#take(waiter.wanted)) waiter.grant()
      }
    }
  }

  /** The versions at which these names are held now. */
  held(names: readonly string[]): Map<string, string> {
    return new Map(
      names.flatMap((name) => {
        const held = this.#held.get(name)
        return held ? [[name, held.version] as const] : []
      }),
    )
  }

  #take(wanted: ReadonlyMap<string, string>): boolean {
    for (const [name, version] of wanted) {
      const held = this.#held.get(name)
      if (held && held.version !== version) return false
    }
    for (const [name, version] of wanted) {
      const held = this.#held.get(name)
      if (held) held.holders += 1
      else this.#held.set(name, { version, holders: 1 })
    }
    return true
  }

  #wait(
    wanted: ReadonlyMap<string, string>,
    { waitMs, signal }: { readonly waitMs: number; readonly signal?: AbortSignal },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        this.#waiting.delete(waiter)
      }
      const waiter: Waiter = {
        wanted,
        grant: () => {
          leave()
          resolve()
        },
      }
      const fail = (code: 'TIMEOUT' | 'CANCELLED') => {
        leave()
        const names = [...wanted].filter(([name, version]) => (this.#held.get(name)?.version ?? version) !== version)
        const list = names.map(([name]) => name).join(', ')
        reject(
          new MillraceError(code, `waiting to move the views of ${list}, which others hold at another version`, {
            retry: 'again',
            hint: 'Release the pins on them first; a task that pins a dataset twice must release the first pin.',
          }),
        )
      }
      const onAbort = () => fail('CANCELLED')
      const timer = setTimeout(() => fail('TIMEOUT'), waitMs)
      this.#waiting.add(waiter)
      if (signal?.aborted) onAbort()
      else signal?.addEventListener('abort', onAbort, { once: true })
    })
  }
}
