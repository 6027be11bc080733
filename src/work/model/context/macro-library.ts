import { type Module, native, type Template, topLevelBlocks } from '../../../base/jinja/index.ts'
import { once } from '../../../base/kernel/index.ts'
import type { ModelDialect } from '../dialect/index.ts'
import { BUILTIN_FILES } from '../macros/index.ts'
import type { MacroNode } from '../node.ts'
import type { ProjectFile } from '../read/project-files.ts'
import type { ContextView } from './context-view.ts'
import { type ModelTemplates, macroIn } from './templates.ts'

/** The package that dbt's own macros belong to. */
export const BUILTIN_PACKAGE = 'dbt'

/** Names with their values, as a template sees them. */
export type Namespace = Record<string, unknown>

/** The macro files of one installed package. */
export interface MacroPackage {
  readonly name: string
  readonly files: readonly ProjectFile[]
}

/** A materialization written in Jinja. */
export interface Materializer {
  readonly id: string
  /** Whether it is one of dbt's own. */
  readonly builtin: boolean
  readonly source: string
  /** What is called, without arguments. */
  readonly value: unknown
}

interface MacroEntry {
  readonly name: string
  readonly package: string
  readonly file: string
  readonly template: () => Template
  readonly source: string
  /** What templates call. */
  readonly value: unknown
}

/** The tags that define macros, with the names that macros get under them. */
const NAMED: Record<string, (head: string) => string> = {
  macro: firstWord,
  test: (head) => `test_${firstWord(head)}`,
  data_test: (head) => `test_${firstWord(head)}`,
  materialization: materializationName,
}

/**
 * The macros of a project, its packages and the built-in ones. Each is compiled once; it comes into being in a node's
 * context when it is first called there, because it sees the names of the node that calls it.
 *
 * A bare name means the macro of the package whose node is rendered, then the project's, then the built-in one;
 * `package.name` means that package's; `dbt.name` a built-in one, the adapter's before the general one.
 */
export class MacroLibrary {
  readonly #packages = new Map<string, Map<string, MacroEntry>>()
  readonly #builtin: readonly string[]
  readonly #project: string
  readonly #modules = new WeakMap<object, Map<MacroEntry, Promise<Module>>>()
  readonly #namespaces = new Map<string, Namespace>()
  readonly #materializers = new Map<string, Materializer | undefined>()
  #sources: ReadonlyMap<string, string> | undefined

  /** @throws MillraceError JINJA_SYNTAX */
  constructor(
    templates: ModelTemplates,
    project: string,
    files: readonly ProjectFile[],
    {
      dialect,
      packages = [],
      read = false,
    }: {
      readonly dialect: ModelDialect
      readonly packages?: readonly MacroPackage[]
      /** Whether the project's own files are known to be without a fault. */
      readonly read?: boolean
    },
  ) {
    this.#project = project
    this.#builtin = [`dbt_${dialect.adapter}`, BUILTIN_PACKAGE]
    const add = (owner: string, file: string, text: string): void => {
      for (const block of topLevelBlocks(text, Object.keys(NAMED), file)) {
        const name = NAMED[block.tag]?.(block.head) ?? ''
        const { line, column, full } = block
        const compile = () => templates.macro(full, { file, line, column, internal: this.#builtin.includes(owner) })
        // Few projects call most of what they did not write themselves, so that is compiled when it is called.
        const template = owner === project && !read ? always(compile()) : once(compile)
        this.#entries(owner).set(name, this.#entry({ name, package: owner, file, template, source: block.spaced }))
      }
    }
    for (const [file, text] of BUILTIN_FILES) add(BUILTIN_PACKAGE, `macros/${file}`, text)
    add(`dbt_${dialect.adapter}`, `macros/${dialect.adapter}.sql`, dialect.macros)
    for (const one of packages) for (const { originalPath, text } of one.files) add(one.name, originalPath, text)
    for (const { originalPath, text } of files) add(project, originalPath, text)
  }

  /** The names of the project's own materializations written in Jinja. */
  get materializations(): readonly string[] {
    const names = [...(this.#packages.get(this.#project)?.keys() ?? [])]
    return names.flatMap((name) => /^materialization_(.+)_[^_]+$/.exec(name)?.[1] ?? [])
  }

  /** The names that a template of the project itself sees. */
  get names(): Namespace {
    return this.namesFor(this.#project)
  }

  /** Every macro by bare name and every package, as a template of a package sees them: the base of its contexts. */
  namesFor(owner: string): Namespace {
    const known = this.#namespaces.get(owner)
    if (known) return known
    const builtin = this.#values(...[...this.#builtin].reverse())
    const packages = [...this.#packages.keys()].filter((name) => !this.#builtin.includes(name))
    const names: Namespace = {
      ...builtin,
      [BUILTIN_PACKAGE]: builtin,
      ...Object.fromEntries(packages.map((name) => [name, this.#values(name)])),
      ...this.#values(this.#project, ...(owner === this.#project ? [] : [owner])),
    }
    this.#namespaces.set(owner, names)
    return names
  }

  /** Whether the project itself has a macro of that name. */
  overrides(name: string): boolean {
    return this.#packages.get(this.#project)?.has(name) ?? false
  }

  /** Whether a template of the package sees a macro of a project in place of dbt's own name. */
  hides(name: string, owner: string): boolean {
    return this.overrides(name) || (owner !== this.#project && (this.#packages.get(owner)?.has(name) ?? false))
  }

  /** The unique id of the macro that a name means, or undefined: in one package, or as a template of `within` sees it. */
  idOf(name: string, owner?: string, within?: string): string | undefined {
    const entry = this.#find(name, owner, within)
    return entry && `macro.${entry.package}.${entry.name}`
  }

  /** The macro of a name as a template calls it: in one package, or as a template of `within` sees it. */
  find(name: string, owner?: string, within?: string): unknown {
    return this.#find(name, owner, within)?.value
  }

  /** Whether there is a package of that name. */
  hasPackage(name: string): boolean {
    return this.#packages.has(name)
  }

  /**
   * The materialization of that name written in Jinja, called without arguments. The adapter's own comes before the
   * general one, then the project's before a package's before dbt's; a package cannot replace one of dbt's.
   */
  materialization(name: string, adapter: string): Materializer | undefined {
    const key = `${name}\0${adapter}`
    if (!this.#materializers.has(key)) this.#materializers.set(key, this.#materializer(name, adapter))
    return this.#materializers.get(key)
  }

  #materializer(name: string, adapter: string): Materializer | undefined {
    const packages = [...this.#packages.keys()].filter((one) => one !== this.#project && !this.#builtin.includes(one))
    const within = (owners: readonly string[]): MacroEntry | undefined =>
      [adapter, 'default']
        .flatMap((suffix) => owners.map((owner) => this.#packages.get(owner)?.get(`materialization_${name}_${suffix}`)))
        .find((entry) => entry !== undefined)
    const entry = within([this.#project, ...(within(this.#builtin) ? [] : packages), ...this.#builtin])
    if (!entry) return undefined
    const { source, value } = entry
    return { id: `macro.${entry.package}.${entry.name}`, builtin: this.#builtin.includes(entry.package), source, value }
  }

  /** The names of a package's macros. */
  namesIn(owner: string): readonly string[] {
    return [...(this.#packages.get(owner)?.keys() ?? [])]
  }

  /** The texts of dbt's own macros by name, the adapter's before the general ones. */
  get builtinSources(): ReadonlyMap<string, string> {
    const entries = () => [...this.#builtin].reverse().flatMap((owner) => [...(this.#packages.get(owner) ?? [])])
    this.#sources ??= new Map(entries().map(([name, { source }]) => [name, source]))
    return this.#sources
  }

  /** Every macro as the manifest lists it. */
  nodes(): MacroNode[] {
    return [...this.#packages.values()].flatMap((entries) => [...entries.values()].map(macroNode))
  }

  #values(...owners: readonly string[]): Namespace {
    const entries = owners.flatMap((owner) => [...(this.#packages.get(owner) ?? [])])
    return Object.fromEntries(entries.map(([name, { value }]) => [name, value]))
  }

  #entries(owner: string): Map<string, MacroEntry> {
    const entries = this.#packages.get(owner) ?? new Map<string, MacroEntry>()
    this.#packages.set(owner, entries)
    return entries
  }

  #entry(parts: Omit<MacroEntry, 'value'>): MacroEntry {
    const entry: MacroEntry = {
      ...parts,
      value: native(parts.name, async ({ args, kwargs, caller }) => {
        const context = (caller.lookup('context') as ContextView).names
        const module = await this.#moduleOf(entry, context)
        return caller.call(macroIn(module, entry.name), args, kwargs)
      }),
    }
    return entry
  }

  #moduleOf(entry: MacroEntry, context: Namespace): Promise<Module> {
    const modules = this.#modules.get(context) ?? new Map<MacroEntry, Promise<Module>>()
    this.#modules.set(context, modules)
    const module = modules.get(entry) ?? entry.template().moduleAsync(context)
    modules.set(entry, module)
    return module
  }

  #find(name: string, owner?: string, within = this.#project): MacroEntry | undefined {
    if (owner !== undefined && owner !== BUILTIN_PACKAGE) return this.#packages.get(owner)?.get(name)
    // No list of owners is made: it is asked for each name in the text of each macro.
    const own = owner === undefined ? (this.#in(within, name) ?? this.#in(this.#project, name)) : undefined
    if (own) return own
    for (const builtin of this.#builtin) {
      const entry = this.#in(builtin, name)
      if (entry) return entry
    }
    return undefined
  }

  #in(owner: string, name: string): MacroEntry | undefined {
    return this.#packages.get(owner)?.get(name)
  }
}

function firstWord(head: string): string {
  return /^\w+/.exec(head)?.[0] ?? ''
}

/** `name, adapter='duckdb'` or `name, default`. */
function materializationName(head: string): string {
  const adapter = /adapter\s*=\s*['"](\w+)['"]/.exec(head)?.[1] ?? 'default'
  return `materialization_${firstWord(head)}_${adapter}`
}

function always<T>(value: T): () => T {
  return () => value
}

function macroNode(entry: MacroEntry): MacroNode {
  return {
    resource_type: 'macro',
    unique_id: `macro.${entry.package}.${entry.name}`,
    name: entry.name,
    package_name: entry.package,
    path: entry.file,
    original_file_path: entry.file,
    macro_sql: entry.source,
    depends_on: { macros: [] },
    description: '',
    meta: {},
    arguments: [],
  }
}
