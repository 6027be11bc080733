import { FILTERS } from './builtin/filters.ts'
import { GLOBALS } from './builtin/globals.ts'
import { TESTS } from './builtin/tests.ts'
import { Expression } from './expression.ts'
import { type LexerOptions, normalise } from './syntax/lexer.ts'
import { parse, parseExpression, type TagExtension } from './syntax/parser.ts'
import type { Source } from './syntax/source.ts'
import { Template } from './template.ts'

/** Filters, tests and globals by name: plain functions, `native` ones, or any value for globals. */
export type Named = Readonly<Record<string, unknown>>

/** Finds the templates that `include`, `import` and `extends` name; `undefined` when there is none. */
export type Loader = (name: string, from: string) => { readonly source: string; readonly file: string } | undefined

export interface EnvironmentOptions {
  /** Added to Jinja's own `range`, `dict`, `lipsum`, `cycler`, `joiner` and `namespace`. */
  readonly globals?: Named
  readonly filters?: Named
  readonly tests?: Named
  readonly extensions?: readonly TagExtension[]
  readonly loader?: Loader
  /** Jinja's `trim_blocks`, `lstrip_blocks` and `keep_trailing_newline`, all off by default. */
  readonly options?: LexerOptions
  /** Whether what is not defined answers itself to every use, instead of an error: dbt reads projects so. */
  readonly lenient?: boolean
}

/** Where a template's text begins; line and column count from 1. */
export interface TemplatePlace {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** The host's own text: an error in it is shown at the place of the user's template that called it. */
  readonly internal?: boolean
}

/** The language that templates are written in: its filters, tests, globals and tags. */
export class Environment {
  readonly globals: ReadonlyMap<string, unknown>
  readonly filters: ReadonlyMap<string, unknown>
  readonly tests: ReadonlyMap<string, unknown>
  readonly lenient: boolean
  readonly #extensions: readonly TagExtension[]
  readonly #loader: Loader | undefined
  readonly #options: LexerOptions
  readonly #loaded = new Map<string, { source: string; template: Template }>()

  constructor(options: EnvironmentOptions = {}) {
    this.globals = new Map(Object.entries({ ...GLOBALS, ...options.globals }))
    this.filters = new Map(Object.entries({ ...FILTERS, ...options.filters }))
    this.tests = new Map(Object.entries({ ...TESTS, ...options.tests }))
    this.lenient = options.lenient ?? false
    this.#extensions = options.extensions ?? []
    this.#loader = options.loader
    this.#options = options.options ?? {}
  }

  /** Parses a template; JavaScript is made of it when it is first rendered. @throws MillraceError `JINJA_SYNTAX` */
  compile(source: string, place: TemplatePlace = {}): Template {
    const made = this.#source(source, place)
    return new Template(this, made, parse(made, this.#options, this.#extensions))
  }

  /** Parses an expression, without braces around it. @throws MillraceError `JINJA_SYNTAX` */
  expression(text: string, place: TemplatePlace = {}): Expression {
    const made = { ...this.#source(text, place), text }
    const { node, source } = parseExpression(made)
    return new Expression(this, source, node)
  }

  #source(text: string, place: TemplatePlace): Source {
    return {
      text: normalise(text, this.#options),
      file: place.file ?? '<template>',
      line: place.line ?? 1,
      column: place.column ?? 1,
      internal: place.internal ?? false,
    }
  }

  /** @internal The loader's template, compiled once for as long as its text stays the same. */
  load(name: string, from: string): Template | undefined {
    const found = this.#loader?.(name, from)
    if (!found) return undefined
    const known = this.#loaded.get(found.file)
    if (known?.source === found.source) return known.template
    const template = this.compile(found.source, { file: found.file })
    this.#loaded.set(found.file, { source: found.source, template })
    return template
  }
}

/** A template in an environment of its own. @throws MillraceError `JINJA_SYNTAX` */
export function compileTemplate(source: string, options: EnvironmentOptions & TemplatePlace = {}): Template {
  return new Environment(options).compile(source, options)
}
