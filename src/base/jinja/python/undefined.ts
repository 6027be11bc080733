import { PythonError } from './python-error.ts'

/**
 * How a value that is not defined behaves, by jinja2's classes: `default` prints nothing, is false and walks over
 * nothing, while everything else raises; `chainable` answers itself to `.name` and `[key]` too; `debug` prints what is
 * missing; `strict` raises on every use but `is defined` and `default`. `lenient`, which dbt reads projects with, is
 * `chainable` and can be called.
 */
export type UndefinedKind = 'default' | 'chainable' | 'debug' | 'strict' | 'lenient'

/** What an environment makes of values that are not defined. */
export interface UndefinedBehaviour {
  readonly kind: UndefinedKind
  /** Told whenever one is printed, walked, asked for its truth (a warning) or raises (an error). */
  readonly report?: (level: 'warning' | 'error', message: string) => void
}

const DEFAULT: UndefinedBehaviour = { kind: 'default' }

/** Jinja's `Undefined`. Host code tests with `instanceof Undefined`. */
export class Undefined {
  readonly #reason: string
  /** What a `debug` one prints. */
  readonly #shown: string
  readonly #behaviour: UndefinedBehaviour

  constructor(reason: string, shown = `undefined value printed: ${reason}`, behaviour = DEFAULT) {
    this.#reason = reason
    this.#shown = shown
    this.#behaviour = behaviour
  }

  /** The same with another behaviour. */
  behaving(behaviour: UndefinedBehaviour): Undefined {
    return this.#behaviour === behaviour ? this : new Undefined(this.#reason, this.#shown, behaviour)
  }

  /** Whether it answers itself when it is called. */
  get lenient(): boolean {
    return this.#behaviour.kind === 'lenient'
  }

  /** Whether every use of it raises. */
  get strict(): boolean {
    return this.#behaviour.kind === 'strict'
  }

  /** Whether its attributes and items are itself. */
  get chainable(): boolean {
    return this.lenient || this.#behaviour.kind === 'chainable'
  }

  /** The error that using this value raises. */
  error(): PythonError {
    this.#behaviour.report?.('error', this.#reason)
    return new PythonError('UndefinedError', this.#reason)
  }

  /** Called for uses that all but strict ones allow. @throws PythonError when it is strict */
  allow(): this {
    if (this.strict) throw this.error()
    return this
  }

  /** What it prints. @throws PythonError when it is strict */
  print(): string {
    this.#warn()
    return this.#behaviour.kind === 'debug' ? `{{ ${this.#shown} }}` : ''
  }

  /** Never true. @throws PythonError when it is strict */
  isTrue(): false {
    this.#warn()
    return false
  }

  [Symbol.iterator](): Iterator<never> {
    this.#warn()
    return [][Symbol.iterator]()
  }

  #warn(): void {
    this.allow().#behaviour.report?.('warning', this.#reason)
  }

  toString(): string {
    return ''
  }
}

/** A variable that no scope defines. */
export function undefinedName(name: string): Undefined {
  return new Undefined(`'${name}' is undefined`, name)
}
