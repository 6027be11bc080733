import { FILTERS } from './builtin/filters.ts'
import { GLOBALS } from './builtin/globals.ts'
import { TESTS } from './builtin/tests.ts'
import { Expression } from './expression.ts'
import type { UndefinedBehaviour, UndefinedKind } from './python/undefined.ts'
import { helpers, helpersFor } from './runtime/operations.ts'
import { type LexerOptions, normalise } from './syntax/delimiters.ts'
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
  /** White space, line ends, and the delimiters of tags. */
  readonly options?: LexerOptions
  /**
   * Whether what templates print is escaped as HTML, unless it is `Markup`; off by default. A function is asked with
   * the name a template was loaded by, or without one: see `selectAutoescape`.
   */
  readonly autoescape?: boolean | ((name?: string) => boolean)
  /** How values that are not defined behave: jinja2's class of them. */
  readonly undefinedKind?: UndefinedKind
  /** Told whenever a value that is not defined is printed, walked or asked for its truth, or raises an error. */
  readonly onUndefined?: (level: 'warning' | 'error', message: string) => void
  /** Short for the `undefinedKind` `lenient`: dbt reads projects so. */
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
  /** @internal */
  readonly undefinedBehaviour: UndefinedBehaviour
  /** @internal What generated code calls. */
  readonly helpers: typeof helpers
  /** @internal What line ends of a template become. */
  readonly newline: string
  readonly #autoescape: boolean | ((name?: string) => boolean)
  readonly #extensions: readonly TagExtension[]
  readonly #loader: Loader | undefined
  readonly #options: LexerOptions
  readonly #loaded = new Map<string, { source: string; template: Template }>()

  constructor(options: EnvironmentOptions = {}) {
    this.globals = new Map(Object.entries({ ...GLOBALS, ...options.globals }))
    this.filters = new Map(Object.entries({ ...FILTERS, ...options.filters }))
    this.tests = new Map(Object.entries({ ...TESTS, ...options.tests }))
    const kind = options.lenient ? 'lenient' : options.undefinedKind
    const report = options.onUndefined
    this.undefinedBehaviour = { kind: kind ?? 'default', ...(report ? { report } : {}) }
    this.helpers = kind || report ? helpersFor(this.undefinedBehaviour) : helpers
    this.#autoescape = options.autoescape ?? false
    this.newline = options.options?.newlineSequence ?? '\n'
    this.#extensions = options.extensions ?? []
    this.#loader = options.loader
    this.#options = options.options ?? {}
  }

  /**
   * Parses a template; JavaScript is made of it when it is first rendered. A function given as `autoescape` is asked
   * with `name`. @throws MillraceError `JINJA_SYNTAX`
   */
  compile(source: string, place: TemplatePlace & { readonly name?: string } = {}): Template {
    const made = this.#source(source, place)
    return new Template(this, made, parse(made, this.#options, this.#extensions), place.name)
  }

  /** @internal Whether a template of that name escapes what it prints. */
  escapes(name: string | undefined): boolean {
    return typeof this.#autoescape === 'boolean' ? this.#autoescape : this.#autoescape(name)
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
    const template = this.compile(found.source, { file: found.file, name })
    this.#loaded.set(found.file, { source: found.source, template })
    return template
  }
}

/** A template in an environment of its own. @throws MillraceError `JINJA_SYNTAX` */
export function compileTemplate(source: string, options: EnvironmentOptions & TemplatePlace = {}): Template {
  return new Environment(options).compile(source, options)
}
