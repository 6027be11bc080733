import { Dict } from '../python/dict.ts'
import { Markup } from '../python/markup.ts'
import { ATTRIBUTE, CALL, type Call, REPR, TYPE_NAME } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { Tuple } from '../python/sequence.ts'
import { Undefined } from '../python/undefined.ts'

/**
 * What `return(value)` throws: it unwinds to the macro it was called in, whose call then has that value, of any type,
 * in place of its text. Not an error.
 */
export class MacroReturn {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** The global `return` of dbt's templates. @throws MacroReturn always */
export function returnValue(value: unknown): never {
  throw new MacroReturn(value ?? null)
}

/** Python's recursion limit; JavaScript's stack would overflow somewhere beyond, in the middle of anything. */
const DEEPEST = 1000

/** How many macros are on JavaScript's stack: one that waits for a promise has left it. */
let depth = 0

/** What a macro answers where text is escaped: it did that itself. */
function marked(text: unknown): unknown {
  if (text instanceof Promise) return text.then(marked)
  return typeof text === 'string' ? new Markup(text) : text
}

/** A macro of a template: called with Python's rules for arguments, gives text or what `return` was given. */
export class Macro {
  readonly name: string
  /** The parameters' names. */
  readonly parameters: readonly string[]
  readonly #special: readonly string[]
  readonly #run: (...args: unknown[]) => unknown

  constructor(
    name: string,
    parameters: readonly string[],
    special: readonly string[],
    run: (...args: unknown[]) => unknown,
  ) {
    this.name = name
    this.parameters = parameters
    this.#special = special
    this.#run = run
  }

  [CALL]({ args, kwargs, caller }: Call): unknown {
    const { parameters } = this
    const bound: unknown[] = args.slice(0, parameters.length)
    const rest = new Map(Object.entries(kwargs))
    for (let index = bound.length; index < parameters.length; index += 1) {
      const name = parameters[index] as string
      bound.push(rest.get(name))
      rest.delete(name)
    }
    if (this.#special.includes('caller')) {
      bound.push(rest.get('caller') ?? new Undefined('No caller defined'))
      rest.delete('caller')
    }
    if (this.#special.includes('kwargs')) bound.push(new Dict(rest))
    else if (rest.size > 0) throw this.#unexpected(rest)
    if (this.#special.includes('varargs')) bound.push(new Tuple(args.slice(parameters.length)))
    else if (args.length > parameters.length) {
      throw typeError(`macro '${this.name}' takes not more than ${parameters.length} argument(s)`)
    }
    if (depth >= DEEPEST) {
      throw new PythonError(
        'TemplateRuntimeError',
        'maximum recursion depth exceeded: a macro calls itself without an end',
      )
    }
    depth += 1
    try {
      const text = this.#run(...bound)
      return caller.autoescape ? marked(text) : text
    } finally {
      depth -= 1
    }
  }

  #unexpected(rest: ReadonlyMap<string, unknown>): PythonError {
    if (rest.has('caller')) {
      return typeError(
        `macro '${this.name}' was invoked with two values for the special caller argument. This is most likely a bug.`,
      )
    }
    return typeError(`macro '${this.name}' takes no keyword argument '${[...rest.keys()][0]}'`)
  }

  [ATTRIBUTE](name: string): unknown {
    switch (name) {
      case 'name':
        return this.name
      case 'arguments':
        return new Tuple(this.parameters)
      case 'caller':
        return this.#special.includes('caller')
      case 'catch_kwargs':
        return this.#special.includes('kwargs')
      case 'catch_varargs':
        return this.#special.includes('varargs')
      default:
        return undefined
    }
  }

  [REPR](): string {
    return this.name === '' ? '<Macro anonymous>' : `<Macro '${this.name}'>`
  }

  get [TYPE_NAME](): string {
    return 'Macro'
  }
}
