/** Milliseconds that the view of a dataset may lag behind while its publications are gathered. */
const LAG_MS = 3000

/** Datasets whose publication waits for more of the kind. */
export class GatheredNames {
  /** How many gather. */
  holders = 0
  readonly #publish: (names: readonly string[]) => Promise<void>
  readonly #waiting = new Set<string>()
  #published = Date.now()
  #last: Promise<unknown> = Promise.resolve()

  constructor(publish: (names: readonly string[]) => Promise<void>) {
    this.#publish = publish
  }

  /** Lets a dataset wait; once the first has waited long enough, all are published. */
  async add(name: string): Promise<void> {
    this.#waiting.add(name)
    if (Date.now() - this.#published >= LAG_MS) await this.settle()
  }

  /** Publishes what waits, also when somebody else has just begun to. What could not be published waits on. */
  settle(): Promise<void> {
    const work = this.#last.then(async () => {
      const names = [...this.#waiting]
      if (names.length === 0) return
      this.#waiting.clear()
      this.#published = Date.now()
      await this.#publish(names).catch((thrown) => {
        for (const name of names) this.#waiting.add(name)
        throw thrown
      })
    })
    this.#last = work.catch(() => undefined)
    return work
  }
}
