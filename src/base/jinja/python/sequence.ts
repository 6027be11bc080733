import { PythonError } from './python-error.ts'

/** A Python tuple. Lists are JavaScript arrays. */
export class Tuple {
  readonly items: readonly unknown[]

  constructor(items: readonly unknown[]) {
    this.items = items
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.items[Symbol.iterator]()
  }
}

/** A tuple whose members have names too, as `groupby` makes them. */
export class NamedTuple extends Tuple {
  readonly names: readonly string[]

  constructor(names: readonly string[], items: readonly unknown[]) {
    super(items)
    this.names = names
  }
}

/** Python's `range`. */
export class Range {
  readonly start: number
  readonly stop: number
  readonly step: number

  constructor(start: number, stop: number, step: number) {
    if (step === 0) throw new PythonError('ValueError', 'range() arg 3 must not be zero')
    this.start = start
    this.stop = stop
    this.step = step
  }

  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step))
  }

  at(index: number): number {
    return this.start + index * this.step
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let index = 0; index < this.length; index += 1) yield this.at(index)
  }
}

/** What Python's generators and iterators are: walked once, true even when empty, without a length. */
export class OneShot {
  readonly kind: string
  readonly #iterator: Iterator<unknown>

  constructor(source: Iterable<unknown>, kind = 'generator') {
    this.#iterator = source[Symbol.iterator]()
    this.kind = kind
  }

  next(): IteratorResult<unknown> {
    return this.#iterator.next()
  }

  [Symbol.iterator](): Iterator<unknown> {
    return { next: () => this.#iterator.next() }
  }
}
