import { bind } from '../python/arguments.ts'
import { Dict } from '../python/dict.ts'
import { pairs } from '../python/dict-methods.ts'
import { indexOf } from '../python/float.ts'
import { ATTRIBUTE, native } from '../python/protocol.ts'
import { typeError } from '../python/python-error.ts'
import { Range } from '../python/sequence.ts'
import { str } from '../python/text.ts'
import { Namespace } from '../runtime/namespace.ts'

/** Jinja's own globals, but for `lipsum`. */
export const GLOBALS: Readonly<Record<string, unknown>> = {
  range: native('range', ({ args }) => {
    const [first, second, step] = args.map((value) => indexOf(value))
    if (first === undefined) throw typeError('range expected at least 1 argument, got 0')
    return second === undefined ? new Range(0, first, 1) : new Range(first, second, step ?? 1)
  }),
  dict: native('dict', ({ args, kwargs }) => {
    const made = new Dict(args.flatMap((source) => pairs(source)))
    for (const key of Object.keys(kwargs)) made.set(key, kwargs[key])
    return made
  }),
  namespace: native('namespace', (call) => new Namespace(call)),
  cycler: native('cycler', ({ args }) => new Cycler(args)),
  joiner: native('joiner', ({ args, kwargs }) => {
    const [separator = ', '] = bind('joiner', ['sep'], args, kwargs)
    let used = false
    return native('joiner', () => {
      const text = used ? separator : ''
      used = true
      return str(text)
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
        return native('next', () => {
          const value = this.#items[this.#at]
          this.#at = (this.#at + 1) % this.#items.length
          return value
        })
      case 'reset':
        return native('reset', () => {
          this.#at = 0
        })
      default:
        return undefined
    }
  }
}
