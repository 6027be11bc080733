import { equals } from '../python/compare.ts'
import { builtin } from '../python/method.ts'
import { ATTRIBUTE, CALL, type Call, type Caller, LENGTH, REPR } from '../python/protocol.ts'
import { typeError } from '../python/python-error.ts'
import { Tuple } from '../python/sequence.ts'
import { iterate } from '../python/truth.ts'
import { Undefined } from '../python/undefined.ts'

type Recurse = (items: unknown, depth: number) => unknown

/** The `loop` of a `for` block. */
export class LoopContext {
  /** Raised by the generated code before each round. */
  index0 = -1
  readonly #items: readonly unknown[]
  readonly #depth0: number
  readonly #recurse: Recurse | null
  #changed: unknown

  constructor(_caller: Caller, items: readonly unknown[], depth0: number, recurse: Recurse | null) {
    this.#items = items
    this.#depth0 = depth0
    this.#recurse = recurse
  }

  [ATTRIBUTE](name: string): unknown {
    const { index0 } = this
    const size = this.#items.length
    switch (name) {
      case 'index0':
        return index0
      case 'index':
        return index0 + 1
      case 'first':
        return index0 === 0
      case 'last':
        return index0 === size - 1
      case 'length':
        return size
      case 'revindex':
        return size - index0
      case 'revindex0':
        return size - index0 - 1
      case 'depth':
        return this.#depth0 + 1
      case 'depth0':
        return this.#depth0
      case 'previtem':
        return index0 === 0 ? new Undefined('there is no previous item') : this.#items[index0 - 1]
      case 'nextitem':
        return index0 === size - 1 ? new Undefined('there is no next item') : this.#items[index0 + 1]
      case 'cycle':
        return builtin('cycle', ({ args }) => {
          if (args.length === 0) throw typeError('no items for cycling given')
          return args[index0 % args.length]
        })
      case 'changed':
        return builtin('changed', ({ args }) => {
          const values = new Tuple(args)
          if (this.#changed !== undefined && equals(this.#changed, values)) return false
          this.#changed = values
          return true
        })
      default:
        return undefined
    }
  }

  [CALL]({ args }: Call): unknown {
    if (!this.#recurse) {
      throw typeError("The loop must have the 'recursive' marker to be called recursively.")
    }
    return this.#recurse(iterate(args[0]), this.#depth0 + 1)
  }

  [LENGTH](): number {
    return this.#items.length
  }

  [REPR](): string {
    return `<LoopContext ${this.index0 + 1}/${this.#items.length}>`
  }
}
