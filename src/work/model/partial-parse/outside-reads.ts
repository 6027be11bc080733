import { hash } from 'node:crypto'
import { impureReads } from '../../../base/jinja/index.ts'
import type { WarningName } from '../command/warning-policy.ts'
import type { Invocation } from '../context/node-context.ts'

/** A line that was logged while the project was read, or a warning with its name. */
export type LoggedLine = readonly [message: string, info: boolean | WarningName]

/** What reading a project took from outside of its files and of what is known before: plain JSON, no value in it. */
export interface OutsideReads {
  /** Makes the digests of short values useless to whoever guesses. */
  readonly salt: string
  /** The environment variables that were read, each with a digest of its value, or null when it was not set. */
  readonly environment: readonly (readonly [name: string, digest: string | null])[]
  /** A digest of the command and its flags, when a template asked for them. */
  readonly flags: string | null
}

/** Names of templates that tell of the command and its flags. */
const FLAGS: ReadonlySet<string> = new Set(['flags', 'invocation_args_dict', 'should_full_refresh'])

/** Notes what reading a project takes from outside while it is read with `invocation`. */
export class Watch {
  /** The given one, which tells what is read of it. */
  readonly invocation: Invocation
  /** What was logged and warned of. */
  readonly logged: LoggedLine[] = []
  readonly #environment = new Set<string>()
  readonly #given: Invocation
  readonly #impureBefore = impureReads()
  #flags = false
  #passing = false
  #times = 0

  constructor(given: Invocation) {
    this.#given = given
    this.invocation = {
      ...given,
      environment: new Proxy(given.environment, {
        get: (environment, name) => {
          this.#times += 1
          if (typeof name === 'string') this.#environment.add(name)
          return environment[String(name)]
        },
      }),
      log: (message, info) => {
        this.#times += 1
        this.logged.push([message, info])
        given.log(message, info)
      },
      warn: (name, message) => {
        this.#times += 1
        this.logged.push([message, name])
        given.warn(name, message)
      },
      onPassing: (name) => {
        this.#times += 1
        if (FLAGS.has(name)) this.#flags = true
        else this.#passing = true
      },
    }
  }

  /** How often something was taken from outside or told so far. */
  get times(): number {
    return this.#times + impureReads()
  }

  /** What was read; undefined when something was that is another each time, such as the clock. */
  reads(salt: string): OutsideReads | undefined {
    if (this.#passing || impureReads() !== this.#impureBefore) return undefined
    const environment = [...this.#environment]
      .sort()
      .map((name) => [name, valueDigest(this.#given, salt, name)] as const)
    return { salt, environment, flags: this.#flags ? flagsDigest(this.#given, salt) : null }
  }
}

/** Whether an invocation finds outside what was read there before. */
export function readsTheSame(invocation: Invocation, { salt, environment, flags }: OutsideReads): boolean {
  return (
    environment.every(([name, digest]) => valueDigest(invocation, salt, name) === digest) &&
    (flags === null || flagsDigest(invocation, salt) === flags)
  )
}

function valueDigest({ environment }: Invocation, salt: string, name: string): string | null {
  const value = environment[name]
  return value === undefined ? null : hash('sha256', `${salt}\0${name}\0${value}`)
}

function flagsDigest({ command, flags }: Invocation, salt: string): string {
  return hash('sha256', `${salt}\0${JSON.stringify([command, flags])}`)
}
