import { unknownName } from '../../kernel/index.ts'
import type { Environment } from '../environment.ts'
import { item } from '../python/attribute.ts'
import { keyOf } from '../python/dict.ts'
import { isText, Markup } from '../python/markup.ts'
import { builtin } from '../python/method.ts'
import { ATTRIBUTE, CALL, type Caller, type Kwargs, protocolOf, TYPE_NAME } from '../python/protocol.ts'
import { PythonError } from '../python/python-error.ts'
import { str } from '../python/text.ts'
import { iterate, truth } from '../python/truth.ts'
import { Undefined, undefinedName } from '../python/undefined.ts'
import type { Template } from '../template.ts'
import { call, plain, refusePromise } from './call.ts'
import { Macro } from './macro.ts'
import { Module } from './module.ts'

/**
 * The variables a template is rendered with: a plain object (also one made by `Object.create(shared)`, so that a
 * large common part need not be copied; getters make lazy values), a `Map`, or anything with `lookup`.
 */
export type Variables = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown> | VariableSource

export interface VariableSource {
  /** The value of a variable; `undefined` when there is none of that name. */
  lookup(name: string): unknown
}

/** @internal How a template is rendered. */
export interface ContextOptions {
  readonly async: boolean
  readonly evaluation: { autoescape: boolean }
  readonly blocks?: Map<string, BlockCode[]> | undefined
}

/** @internal A block of a template as generated. */
export type BlockCode = (context: Context, depth: number) => unknown

/** How many templates may include or extend one another, which is what Python's stack holds. */
const DEEPEST = 200

function lookupIn(variables: Variables): (name: string) => unknown {
  if (variables instanceof Map) return (name) => variables.get(name)
  if (typeof (variables as VariableSource).lookup === 'function') {
    return (name) => (variables as VariableSource).lookup(name)
  }
  const all = variables as Record<string, unknown>
  const inherited = Object.prototype as unknown as Record<string, unknown>
  return (name) => {
    const value = all[name]
    return value === inherited[name] && !Object.hasOwn(all, name) ? undefined : value
  }
}

/** One rendering of a template: its variables, what it exports, its blocks. */
export class Context implements Caller {
  readonly environment: Environment
  readonly async: boolean
  /** What the template sets at its top level. */
  readonly #own = new Map<string, unknown>()
  readonly #exported = new Set<string>()
  readonly #outside: (name: string) => unknown
  readonly #blocks: Map<string, BlockCode[]>

  /** What `autoescape` tags change; contexts of scoped blocks share it. */
  readonly #evaluation: { autoescape: boolean }
  /** How many templates include or extend one another above this. */
  #level = 0

  constructor(environment: Environment, variables: Variables, options: ContextOptions) {
    const { async, blocks } = options
    this.environment = environment
    this.#evaluation = options.evaluation
    this.async = async
    this.#outside = lookupIn(variables)
    this.#blocks = blocks ?? new Map()
  }

  /** @throws PythonError for templates that include or extend themselves */
  #checkDepth(): void {
    if (this.#level <= DEEPEST) return
    throw new PythonError('TemplateRuntimeError', 'maximum recursion depth exceeded: a template includes itself')
  }

  get autoescape(): boolean {
    return this.#evaluation.autoescape
  }

  set autoescape(value: boolean) {
    this.#evaluation.autoescape = value
  }

  lookup(name: string): unknown {
    const own = this.#own.get(name)
    if (own !== undefined) return own
    const given = this.#outside(name)
    return given === undefined ? this.environment.globals.get(name) : given
  }

  get(name: string): unknown {
    const value = this.lookup(name)
    if (value !== undefined) return value
    return undefinedName(name).behaving(this.environment.undefinedBehaviour)
  }

  set(name: string, value: unknown, exported: boolean): void {
    this.#own.set(name, value)
    if (exported && !name.startsWith('_')) this.#exported.add(name)
  }

  /** Every macro of the top level, those with a leading underscore too. */
  macros(): Map<string, Macro> {
    const macros = [...this.#own].filter((entry): entry is [string, Macro] => entry[1] instanceof Macro)
    return new Map(macros)
  }

  exports(): Map<string, unknown> {
    return new Map([...this.#exported].map((name) => [name, this.#own.get(name)]))
  }

  call(value: unknown, args: readonly unknown[], kwargs?: Kwargs): unknown {
    return call(this, value, args, kwargs)
  }

  /** Applies a filter by its name. @throws PythonError or MillraceError of the filter */
  filter(name: string, value: unknown, args: readonly unknown[], kwargs: Kwargs | undefined): unknown {
    return this.#apply('filter', this.environment.filters, name, value, args, kwargs)
  }

  /** Applies a test by its name. */
  test(name: string, value: unknown, args: readonly unknown[], kwargs: Kwargs | undefined): boolean {
    const result = this.#apply('test', this.environment.tests, name, value, args, kwargs)
    refusePromise(result, { name })
    return truth(result)
  }

  #apply(
    what: string,
    known: ReadonlyMap<string, unknown>,
    name: string,
    value: unknown,
    args: readonly unknown[],
    kwargs: Kwargs | undefined,
  ): unknown {
    const found = known.get(name)
    if (found === undefined) throw unknownName('JINJA_UNDEFINED', what, name, known.keys())
    const own = protocolOf(found)?.[CALL]
    const result = own
      ? call(this, found, [value, ...args], kwargs)
      : (found as (...all: unknown[]) => unknown)(...plain(found as object, [value, ...args], kwargs))
    if (result === undefined) return null
    if (!this.async) refusePromise(result, { name })
    return result instanceof Undefined ? result.behaving(this.environment.undefinedBehaviour) : result
  }

  /** Called first by the code of every template: adds its blocks below those of the templates that extend it. */
  begin(_template: Template, blocks: Readonly<Record<string, BlockCode>>): void {
    for (const name of Object.keys(blocks)) {
      const stack = this.#blocks.get(name) ?? []
      stack.push(blocks[name] as BlockCode)
      this.#blocks.set(name, stack)
    }
  }

  /**
   * The template of that name, or with `several` the first that exists of a list.
   * @throws PythonError `TemplateNotFound`
   */
  load(name: unknown, from: Template, several = false): Template {
    if (isTemplate(name)) return name
    if (name instanceof Undefined) throw name.error()
    if (!several) keyOf(name)
    const names = several && !isText(name) ? iterate(name) : [name]
    for (const candidate of names) {
      if (isTemplate(candidate)) return candidate
      const template = this.environment.load(str(candidate), from.source.file)
      if (template) return template
    }
    throw new PythonError('TemplateNotFound', `template ${names.map((each) => `'${each}'`).join(', ')} was not found`)
  }

  parent(template: Template): unknown {
    this.#level += 1
    this.#checkDepth()
    return template.run(this)
  }

  include(name: unknown, from: Template, locals: Readonly<Record<string, unknown>> | null, optional: boolean): unknown {
    let template: Template
    try {
      template = this.load(name, from, true)
    } catch (error) {
      if (optional && error instanceof PythonError && error.kind === 'TemplateNotFound') return ''
      throw error
    }
    return template.run(this.#derive(locals, { autoescape: template.autoescape }))
  }

  /** The module of another template, for `import`. */
  module(name: unknown, from: Template, locals: Readonly<Record<string, unknown>> | null): unknown {
    const template = this.load(name, from)
    const context = this.#derive(locals, { autoescape: template.autoescape })
    const output = template.run(context)
    const make = (text: unknown): Module => new Module(template.source.file, context, text as string)
    return output instanceof Promise ? output.then(make) : make(output)
  }

  #derive(
    locals: Readonly<Record<string, unknown>> | null,
    evaluation: { autoescape: boolean },
    blocks?: Map<string, BlockCode[]>,
  ): Context {
    const variables: VariableSource = {
      lookup: (name) => (locals === null ? undefined : (locals[name] ?? this.#hidden(locals, name))),
    }
    const derived = new Context(this.environment, variables, { async: this.async, evaluation, blocks })
    derived.#level = this.#level + 1
    derived.#checkDepth()
    return derived
  }

  /** A local that holds `None` hides the variable outside; one that is not set does not. */
  #hidden(locals: Readonly<Record<string, unknown>>, name: string): unknown {
    return locals[name] === null ? null : this.lookup(name)
  }

  block(name: string, locals: Readonly<Record<string, unknown>> | null, required: boolean): unknown {
    const stack = this.#blocks.get(name) ?? []
    if (required && stack.length === 1) {
      throw new PythonError('TemplateRuntimeError', `Required block '${name}' not found`)
    }
    const context = locals === null ? this : this.#derive(locals, this.#evaluation, this.#blocks)
    return stack[0]?.(context, 0) ?? ''
  }

  /** `super`: the same block of the parent template. */
  superOf(name: string, depth: number): unknown {
    const code = this.#blocks.get(name)?.[depth + 1]
    if (!code) return new Undefined(`there is no parent block called '${name}'.`)
    const reference = builtin('super', () => this.#marked(code(this, depth + 1)))
    return Object.assign(reference, {
      [ATTRIBUTE]: (member: string) => (member === 'super' ? this.superOf(name, depth + 1) : undefined),
    })
  }

  /** `self`: the blocks by name. */
  self(): unknown {
    return {
      [TYPE_NAME]: 'jinja2.runtime.TemplateReference',
      [ATTRIBUTE]: (name: string) =>
        this.#blocks.has(name) ? builtin(name, () => this.#marked(this.block(name, null, false))) : undefined,
    }
  }

  /** The text of a block as a value. */
  #marked(text: unknown): unknown {
    if (!this.autoescape) return text
    return text instanceof Promise ? text.then((later) => new Markup(later)) : new Markup(text as string)
  }

  /** `value[key]` as a template reads it. */
  item(value: unknown, key: unknown): unknown {
    const found = item(value, key)
    return found instanceof Undefined ? found.behaving(this.environment.undefinedBehaviour) : found
  }

  /** Reads `a.b.0` from a value as filters do with their `attribute`. */
  path(value: unknown, path: unknown): unknown {
    return path === null || path === undefined ? value : steps(path).reduce((at, step) => this.item(at, step), value)
  }
}

/** A template given in place of a name. A test by form, because `Template` itself depends on this file. */
function isTemplate(value: unknown): value is Template {
  return value !== null && typeof value === 'object' && 'statements' in value && 'run' in value
}

/** The steps of an attribute path; digits are indexes. */
export function steps(path: unknown): readonly unknown[] {
  if (typeof path !== 'string') return [path]
  return path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
}
