import { MillraceError, unknownName } from '../kernel/index.ts'
import { generate } from './compile/generate.ts'
import type { Environment } from './environment.ts'
import { type BlockCode, Context, type Variables } from './runtime/context.ts'
import { fail } from './runtime/failure.ts'
import { MacroReturn } from './runtime/macro.ts'
import { Module } from './runtime/module.ts'
import type { MacroNode, Statement } from './syntax/nodes.ts'
import { positionOf, type Source } from './syntax/source.ts'

interface Code {
  readonly root: (context: Context) => unknown
  readonly blocks: Readonly<Record<string, BlockCode>>
}

/** A macro as written, without running anything. */
export interface MacroDeclaration {
  readonly name: string
  readonly parameters: readonly { readonly name: string; readonly optional: boolean }[]
  /** `macro`, or the tag of an extension. */
  readonly tag: string
  readonly meta: Readonly<Record<string, unknown>>
  readonly line: number
  readonly column: number
  /** Offsets into the template's text of its opening tag. */
  readonly at: number
}

/** A compiled template. It holds no state: render it as often, and as concurrently, as you like. */
export class Template {
  readonly environment: Environment
  readonly source: Source
  readonly statements: readonly Statement[]
  /** Whether what it prints is escaped, where no `autoescape` tag says otherwise. */
  readonly autoescape: boolean
  #sync: Code | undefined
  #async: Code | undefined

  /** Made by `Environment.compile`. */
  constructor(environment: Environment, source: Source, statements: readonly Statement[], name?: string) {
    this.autoescape = environment.escapes(name)
    this.environment = environment
    this.source = source
    this.statements = statements
  }

  /**
   * The text with these variables. A function that answers a promise is refused.
   * @throws MillraceError `JINJA_*` with file, line, column and `data.stack`; errors of called functions keep their
   * code and get the place.
   */
  render(variables: Variables = {}): string {
    return this.#top(() => this.run(this.#context(variables, false)) as string)
  }

  /** As `render`, but waits for functions that answer promises, one after the other. */
  async renderAsync(variables: Variables = {}): Promise<string> {
    return this.#topAsync(this.run(this.#context(variables, true)) as Promise<string>)
  }

  /** Runs the top level for its macros and variables; macros called later answer at once. */
  module(variables: Variables = {}): Module {
    const context = this.#context(variables, false)
    const output = this.#top(() => this.run(context) as string)
    return new Module(this.source.file, context, output)
  }

  /** As `module`; its macros answer promises, so call them while rendering asynchronously. */
  async moduleAsync(variables: Variables = {}): Promise<Module> {
    const context = this.#context(variables, true)
    const output = await this.#topAsync(this.run(context) as Promise<string>)
    return new Module(this.source.file, context, output)
  }

  /** The macros of the top level, as written. */
  macros(): MacroDeclaration[] {
    return this.statements
      .filter((statement): statement is MacroNode => statement.kind === 'macro')
      .map(({ name, parameters, tag, meta, at }) => ({
        name,
        parameters: parameters.map((parameter) => ({
          name: parameter.name,
          optional: parameter.otherwise !== undefined,
        })),
        tag,
        meta: meta ?? {},
        ...positionOf(this.source, at),
        at,
      }))
  }

  #context(variables: Variables, async: boolean): Context {
    return new Context(this.environment, variables, { async, evaluation: { autoescape: this.autoescape } })
  }

  /** @internal Runs in a context; a promise if the context is asynchronous. */
  run(context: Context): unknown {
    if (context.async) this.#async ??= this.#compile(true)
    else this.#sync ??= this.#compile(false)
    return (context.async ? this.#async : this.#sync)?.root(context)
  }

  #compile(async: boolean): Code {
    const check = (kind: 'filter' | 'test', name: string, at: number): void => {
      const known = kind === 'filter' ? this.environment.filters : this.environment.tests
      if (!known.has(name)) throw fail(unknownName('JINJA_UNDEFINED', kind, name, known.keys()), this, at)
    }
    const { code, constants } = generate(this.source, this.statements, { async, autoescape: this.autoescape, check })
    return new Function('h', 'T', 'k', code)(this.environment.helpers, this, constants) as Code
  }

  #top<T>(work: () => T): T {
    try {
      return work()
    } catch (thrown) {
      throw this.#outermost(thrown)
    }
  }

  async #topAsync<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (thrown) {
      throw this.#outermost(thrown)
    }
  }

  #outermost(thrown: unknown): unknown {
    if (!(thrown instanceof MacroReturn)) return thrown
    return fail(
      new MillraceError('JINJA_RUNTIME', 'rendering the template: return() was called outside a macro'),
      this,
      0,
    )
  }
}
