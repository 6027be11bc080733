/** Numbers that look random and are the same for the same seed everywhere (mulberry32). */
export class RandomSource {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** From 0 up to but without 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** @throws Error for an empty list */
  pick<T>(list: readonly T[]): T {
    const found = list[this.whole(0, list.length - 1)]
    if (found === undefined) throw new Error('nothing to pick from')
    return found
  }

  /** Different items, in a random order: from `least` to `most` of them, or fewer when there are fewer. */
  some<T>(list: readonly T[], least: number, most: number): T[] {
    const rest = [...list]
    const wanted = Math.min(this.whole(least, most), rest.length)
    return Array.from({ length: wanted }, () => rest.splice(this.whole(0, rest.length - 1), 1)[0] as T)
  }

  /** One of the choices, as often as its weight says. */
  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    let left = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, choice] of choices) {
      left -= weight
      if (left < 0) return choice
    }
    return this.pick(choices)[1]
  }
}
