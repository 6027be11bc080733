import { type Module, native, type Template, topLevelBlocks } from '../../base/jinja/index.ts'
import type { ModelDialect } from './dialect/index.ts'
import { BUILTIN_MACROS } from './macros/builtin-macros.ts'
import { CROSS_DATABASE_MACROS } from './macros/cross-database-macros.ts'
import { DATE_MACROS } from './macros/date-macros.ts'
import { SNAPSHOT_MACROS } from './macros/snapshot-macros.ts'
import type { MacroNode } from './node.ts'
import type { ProjectFile } from './project-files.ts'
import { type ModelTemplates, macroIn } from './templates.ts'

/** The package that dbt's own macros belong to. */
export const BUILTIN_PACKAGE = 'dbt'

/** Names with their values, as a template sees them. */
export type Namespace = Record<string, unknown>

interface MacroEntry {
  readonly name: string
  readonly package: string
  readonly file: string
  readonly template: () => Template
  readonly source: string
  /** What templates call. */
  readonly value: unknown
}

/**
 * The macros of a project and the built-in ones. Each is compiled once; it comes into being in a node's context
 * when it is first called there, because it sees the names of the node that calls it.
 */
export class MacroLibrary {
  readonly #packages = new Map<string, Map<string, MacroEntry>>()
  readonly #project: string
  readonly #modules = new WeakMap<object, Map<MacroEntry, Promise<Module>>>()
  /** Materializations written in Jinja, which a run cannot use yet. */
  readonly materializations: readonly string[]
  /** Every macro by bare name (the project's win over the built-in ones) and every package: the base of all contexts. */
  readonly names: Namespace

  /** @throws MillraceError JINJA_SYNTAX */
  constructor(templates: ModelTemplates, project: string, files: readonly ProjectFile[], dialect: ModelDialect) {
    this.#project = project
    const materializations: string[] = []
    const add = (owner: string, file: string, text: string): void => {
      for (const block of topLevelBlocks(text, ['macro', 'test', 'data_test', 'materialization'], file)) {
        const written = /^\w+/.exec(block.head)?.[0] ?? ''
        if (block.tag === 'materialization') {
          materializations.push(written)
          continue
        }
        const name = block.tag === 'macro' ? written : `test_${written}`
        const compile = () => templates.macro(block.full, { file, line: block.line, column: block.column })
        // Few projects call most of the built-in ones, so those are compiled when they are called.
        const template = owner === BUILTIN_PACKAGE ? once(compile) : always(compile())
        this.#entries(owner).set(name, this.#entry({ name, package: owner, file, template, source: block.full }))
      }
    }
    add(BUILTIN_PACKAGE, 'macros/dbt.sql', BUILTIN_MACROS)
    add(BUILTIN_PACKAGE, 'macros/cross_database.sql', CROSS_DATABASE_MACROS)
    add(BUILTIN_PACKAGE, 'macros/dates.sql', DATE_MACROS)
    add(BUILTIN_PACKAGE, 'macros/snapshots.sql', SNAPSHOT_MACROS)
    add(BUILTIN_PACKAGE, `macros/${dialect.adapter}.sql`, dialect.macros)
    for (const { originalPath, text } of files) add(project, originalPath, text)
    this.materializations = materializations
    this.names = this.#allNames()
  }

  /** Whether the project itself has a macro of that name. */
  overrides(name: string): boolean {
    return this.#packages.get(this.#project)?.has(name) ?? false
  }

  /** The unique id of the macro that a name means, or undefined. */
  idOf(name: string, owner?: string): string | undefined {
    const entry = this.#find(name, owner)
    return entry && `macro.${entry.package}.${entry.name}`
  }

  /** The macro of a name in one package, as a template calls it, or undefined. */
  find(name: string, owner: string): unknown {
    return this.#find(name, owner)?.value
  }

  /** Every macro as the manifest lists it. */
  nodes(): MacroNode[] {
    return [...this.#packages.values()].flatMap((entries) => [...entries.values()].map(macroNode))
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
        const context = caller.lookup('context') as Namespace
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

  #allNames(): Namespace {
    const names: Namespace = {}
    for (const [owner, entries] of this.#packages) {
      const own = Object.fromEntries([...entries].map(([name, { value }]) => [name, value]))
      Object.assign(names, owner === BUILTIN_PACKAGE ? { ...own, ...names } : own, { [owner]: own })
    }
    return names
  }

  #find(name: string, owner?: string): MacroEntry | undefined {
    const owners = owner === undefined ? [this.#project, BUILTIN_PACKAGE] : [owner]
    return owners.map((one) => this.#packages.get(one)?.get(name)).find((entry) => entry !== undefined)
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
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
