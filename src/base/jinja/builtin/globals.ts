import { bind } from '../python/arguments.ts'
import { Dict } from '../python/dict.ts'
import { pairs } from '../python/dict-methods.ts'
import { indexOf } from '../python/float.ts'
import { builtin } from '../python/method.ts'
import { ATTRIBUTE } from '../python/protocol.ts'
import { typeError } from '../python/python-error.ts'
import { Range } from '../python/sequence.ts'
import { Namespace } from '../runtime/namespace.ts'
import { lipsum } from './lipsum.ts'

/** Jinja's own globals. */
export const GLOBALS: Readonly<Record<string, unknown>> = {
  range: builtin('range', ({ args }) => {
    const [first, second, step] = args.map((value) => indexOf(value))
    if (first === undefined) throw typeError('range expected at least 1 argument, got 0')
    return second === undefined ? new Range(0, first, 1) : new Range(first, second, step ?? 1)
  }),
  dict: builtin('dict', ({ args, kwargs }) => {
    if (args.length > 1) throw typeError(`dict expected at most 1 argument, got ${args.length}`)
    const made = new Dict(args.flatMap((source) => pairs(source)))
    for (const key of Object.keys(kwargs)) made.set(key, kwargs[key])
    return made
  }),
  namespace: builtin('namespace', (call) => new Namespace(call)),
  lipsum,
  cycler: builtin('cycler', ({ args }) => new Cycler(args)),
  joiner: builtin('joiner', ({ args, kwargs }) => {
    const [separator = ', '] = bind('joiner', ['sep'], args, kwargs)
    let used = false
    return builtin('joiner', () => {
      const text = used ? separator : ''
      used = true
      return text
    })
  }),
}

/** Walks round its values. */
class Cycler {
  readonly #items: readonly unknown[]
  #at = 0

  constructor(items: readonly unknown[]) {
    if (items.length === 0) throw typeError('at least one item has to be provided')
    this.#items = items
  }

  [ATTRIBUTE](name: string): unknown {
    switch (name) {
      case 'current':
        return this.#items[this.#at]
      case 'next':
        return builtin('next', () => {
          const value = this.#items[this.#at]
          this.#at = (this.#at + 1) % this.#items.length
          return value
        })
      case 'reset':
        return builtin('reset', () => {
          this.#at = 0
        })
      default:
        return undefined
    }
  }
}
