import { ATTRIBUTE, HTML, REPR, STR, TYPE_NAME } from '../python/protocol.ts'
import { Undefined } from '../python/undefined.ts'
import type { Macro } from './macro.ts'

/** What a template exports: its macros and what it sets at its top level, but no name with a leading underscore. */
export class Module {
  readonly file: string
  readonly exports: ReadonlyMap<string, unknown>
  /** What the template printed while it ran. */
  readonly output: string

  /** Every macro of the top level by its name; those with a leading underscore are here but not among the exports. */
  readonly macros: ReadonlyMap<string, Macro>

  /** Made by `Template.module` of the context that the template ran in. */
  constructor(
    file: string,
    from: { exports(): ReadonlyMap<string, unknown>; macros(): ReadonlyMap<string, Macro> },
    output: string,
  ) {
    this.file = file
    this.exports = from.exports()
    this.macros = from.macros()
    this.output = output
  }

  /** An export, or `Undefined`. */
  member(name: string): unknown {
    const value = this.exports.get(name)
    if (value !== undefined) return value
    return new Undefined(`the template '${this.file}' does not export the requested name '${name}'`)
  }

  [ATTRIBUTE](name: string): unknown {
    return this.exports.get(name)
  }

  [STR](): string {
    return this.output
  }

  [HTML](): string {
    return this.output
  }

  get [TYPE_NAME](): string {
    return 'jinja2.environment.TemplateModule'
  }

  [REPR](): string {
    return `<TemplateModule '${this.file}'>`
  }
}
