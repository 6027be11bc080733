import { PythonError } from './python-error.ts'

/**
 * Jinja's default `Undefined`: prints nothing, is false, iterates over nothing and equals its like; everything else
 * raises. Host code tests with `instanceof Undefined`.
 */
export class Undefined {
  readonly #reason: string
  /** Whether its attributes and items, and what calling it answers, are itself instead of an error. */
  readonly lenient: boolean

  constructor(reason: string, lenient = false) {
    this.#reason = reason
    this.lenient = lenient
  }

  /** The same, in the lenient form. */
  leniently(): Undefined {
    return this.lenient ? this : new Undefined(this.#reason, true)
  }

  /** The error that using this value raises. */
  error(): PythonError {
    return new PythonError('UndefinedError', this.#reason)
  }

  *[Symbol.iterator](): Iterator<never> {}

  toString(): string {
    return ''
  }
}

/** A variable that no scope defines. */
export function undefinedName(name: string): Undefined {
  return new Undefined(`'${name}' is undefined`)
}
