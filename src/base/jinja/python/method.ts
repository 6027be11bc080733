import { bind } from './arguments.ts'
import { CALL, type Call, REPR, TYPE_NAME } from './protocol.ts'
import { typeError } from './python-error.ts'

/** A function of the language itself, which receives calls whole and tells `Markup` from text. */
export class Builtin {
  readonly name: string
  readonly #body: (call: Call) => unknown

  constructor(name: string, body: (call: Call) => unknown) {
    this.name = name
    this.#body = body
  }

  [CALL](call: Call): unknown {
    return this.#body(call)
  }

  [REPR](): string {
    return `<function ${this.name}>`
  }

  get [TYPE_NAME](): string {
    return 'function'
  }
}

/** A function of the language itself; `name` is what it prints as. */
export function builtin(name: string, body: (call: Call) => unknown): Builtin {
  return new Builtin(name, body)
}

/** A method of a value of the language, bound to it. */
export class Method {
  readonly name: string
  readonly #names: readonly string[]
  readonly #body: (...args: unknown[]) => unknown
  readonly #keywords: boolean

  /** See `method`. */
  constructor(name: string, names: readonly string[], body: (...args: unknown[]) => unknown, keywords: boolean) {
    this.name = name
    this.#names = names
    this.#body = body
    this.#keywords = keywords
  }

  /** Calls it with arguments by their places. @throws PythonError `TypeError` for too few or too many */
  call(...args: readonly unknown[]): unknown {
    const names = this.#names
    if (names[0] === '*') return this.#body(...args)
    if (args.length > names.length) {
      throw typeError(`${this.name}() takes at most ${names.length} arguments (${args.length} given)`)
    }
    for (let index = 0; index < names.length; index += 1) {
      if (args[index] === undefined && !names[index]?.endsWith('?')) {
        throw typeError(`${this.name}() needs its argument ${index + 1}, ${names[index]}`)
      }
    }
    return this.#body(...args)
  }

  /** The same method with its work done by `change`, which is given it and the arguments. */
  around(change: (work: (...args: unknown[]) => unknown, args: unknown[]) => unknown): Method {
    const body = this.#body
    return new Method(this.name, this.#names, (...args) => change(body, args), this.#keywords)
  }

  [CALL]({ args, kwargs }: Pick<Call, 'args' | 'kwargs'>): unknown {
    for (const keyword in kwargs) {
      if (!this.#keywords) throw typeError(`${this.name}() takes no keyword arguments, and was given '${keyword}'`)
      const names = this.#names.map((name) => name.replace('?', ''))
      return this.call(...bind(this.name, names, args, kwargs))
    }
    return this.call(...args)
  }

  [REPR](): string {
    return `<built-in method ${this.name}>`
  }

  get [TYPE_NAME](): string {
    return 'builtin_function_or_method'
  }
}

/**
 * A method of a value of the language. The names of parameters that may be left out end with `?`, `*` stands for any
 * number; `keywords` are taken where Python takes them.
 */
export function method(
  name: string,
  names: readonly string[],
  body: (...args: unknown[]) => unknown,
  keywords = false,
): Method {
  return new Method(name, names, body, keywords)
}
