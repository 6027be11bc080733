import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { asMillraceError, type MillraceError } from '../../../base/kernel/index.ts'
import type { Dialect } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { keepCode, manifestJson, runResultsJson, writeArtifact } from '../artifacts/artifacts.ts'
import { mergedVars, yamlRenderer } from '../base-context.ts'
import { type Compilation, compileNode } from '../compile.ts'
import { readDbtProject } from '../dbt-project.ts'
import { modelDialect } from '../dialect/index.ts'
import { MacroLibrary } from '../macro-library.ts'
import type { Manifest, Node } from '../node.ts'
import type { Invocation } from '../node-context.ts'
import { parseProject } from '../parse-project.ts'
import { readFiles } from '../project-files.ts'
import { type IndirectSelection, selectNodes, unmatchedWords } from '../select/select-nodes.ts'
import { ModelTemplates } from '../templates.ts'
import { isFailure, type NodeResult } from './result.ts'
import { runGraph } from './run-graph.ts'
import { connectTo } from './run-node.ts'

/** The commands there are, with dbt's meaning. */
export const DBT_COMMANDS = ['parse', 'compile', 'run', 'test', 'build', 'seed', 'ls'] as const
export type DbtCommand = (typeof DBT_COMMANDS)[number]

/** dbt's flags, as far as they are known here. */
export interface DbtOptions {
  readonly select?: string | readonly string[]
  readonly exclude?: string | readonly string[]
  readonly indirectSelection?: IndirectSelection
  /** `--resource-type`, for `ls` and `build`. */
  readonly resourceTypes?: readonly string[]
  readonly fullRefresh?: boolean
  /** Ends the run at the first failure; what was not started is skipped. */
  readonly failFast?: boolean
  /** Warnings of tests count as failures. */
  readonly warnError?: boolean
  readonly storeFailures?: boolean
  /** `--vars`, already parsed. */
  readonly vars?: Readonly<Record<string, unknown>>
  /** How many nodes are worked on at once; 4 when absent. */
  readonly threads?: number
}

/** What happens while a command runs. */
export type DbtEvent =
  | { readonly kind: 'parsed'; readonly nodes: number; readonly ms: number }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'log'; readonly message: string }
  | { readonly kind: 'started'; readonly node: Node; readonly index: number; readonly total: number }
  | {
      readonly kind: 'finished'
      readonly node: Node
      readonly result: NodeResult
      readonly index: number
      readonly total: number
    }

/** What a command needs from its caller. */
export interface DbtDeps {
  /** The folder with dbt_project.yml. */
  readonly dir: string
  /** A new connection to the engine; not called by `parse` and `ls`. The room closes it. */
  readonly connect: () => Promise<EngineConnection>
  /** What the engine speaks: `adapter.type()` and dispatch need it before there is a connection. `duckdb` when absent. */
  readonly dialect?: Dialect
  /** The database (catalog) and schema that nodes are built in unless they say otherwise. */
  readonly database: string
  readonly schema: string
  /** `target` of templates: its name, its profile's, and what may be told of the connection (host, port, user; never a password). */
  readonly target?: {
    readonly name: string
    readonly profile?: string
    readonly connection?: Readonly<Record<string, unknown>>
  }
  readonly environment?: Readonly<Record<string, string | undefined>>
  /**
   * Called once before anything runs, with the sources the selected nodes read, as `database.schema.identifier`.
   * What it answers is disposed of when the command is done.
   */
  readonly beforeRun?: (sources: readonly string[]) => Promise<AsyncDisposable | undefined>
  readonly signal?: AbortSignal
  readonly onEvent?: (event: DbtEvent) => void
  /** Whether `target/` is written; true when absent. */
  readonly artifacts?: boolean
}

/** What a command answers. */
export interface DbtRun {
  /** In the order they ended; empty for `parse` and `ls`. */
  readonly results: readonly NodeResult[]
  readonly manifest: Manifest
  /** The unique ids that were selected, sources included for `ls`. */
  readonly selected: readonly string[]
  readonly warnings: readonly string[]
  /** 0: all went well; 1: a node failed. */
  readonly exitCode: 0 | 1
  readonly elapsedMs: number
}

/**
 * Runs a dbt command on a project.
 * @throws MillraceError for what makes the project as a whole unusable (MODEL_*, REF_NOT_FOUND, SOURCE_NOT_FOUND,
 * JINJA_*, SELECTOR_INVALID) and CANCELLED; a node that fails while it runs is a result, not an error.
 */
export async function runDbt(command: DbtCommand, options: DbtOptions, deps: DbtDeps): Promise<DbtRun> {
  const started = performance.now()
  const emit = deps.onEvent ?? (() => undefined)
  const { invocation, templates } = await prepare(command, options, deps)
  const { manifest, warnings } = await parseProject(invocation, templates)
  emit({ kind: 'parsed', nodes: manifest.nodes.size, ms: performance.now() - started })
  const noted = [...warnings]
  for (const word of [...unmatchedWords(manifest, options.select), ...unmatchedWords(manifest, options.exclude)]) {
    noted.push(`the selection "${word}" matches no node`)
  }
  for (const message of noted) emit({ kind: 'warning', message })
  const compilation: Compilation = { invocation, templates, manifest }
  const chosen = choose(command, options, manifest)
  const selected = [...chosen]
  const nodes = selected.flatMap((id) => manifest.nodes.get(id) ?? [])
  const results = await perform(command, options, deps, compilation, nodes)
  const elapsedMs = performance.now() - started
  if (deps.artifacts !== false) {
    const target = join(deps.dir, invocation.project.targetPath)
    await writeArtifact(join(target, 'manifest.json'), manifestJson(invocation, manifest))
    if (command !== 'parse' && command !== 'ls') {
      const args = { which: command, ...options }
      await writeArtifact(
        join(target, 'run_results.json'),
        runResultsJson(invocation, manifest, { results, elapsedMs, args }),
      )
    }
  }
  return { results, manifest, selected, warnings: noted, exitCode: results.some(isFailure) ? 1 : 0, elapsedMs }
}

async function prepare(
  command: DbtCommand,
  options: DbtOptions,
  deps: DbtDeps,
): Promise<{ invocation: Invocation; templates: ModelTemplates }> {
  const environment = deps.environment ?? {}
  const given = options.vars ?? {}
  const dialect = modelDialect(deps.dialect ?? 'duckdb')
  const target = {
    name: deps.target?.name ?? 'default',
    profile: deps.target?.profile ?? deps.target?.name ?? 'default',
    database: deps.database,
    schema: deps.schema,
    threads: options.threads ?? 4,
    ...(deps.target?.connection ? { connection: deps.target.connection } : {}),
  }
  const render = yamlRenderer({ vars: given, environment, file: 'dbt_project.yml' }, { target })
  const project = await readDbtProject(deps.dir, render)
  const templates = new ModelTemplates()
  const generic = project.testPaths.map((path) => `${path}/generic`)
  const files = await readFiles(deps.dir, [...project.macroPaths, ...generic], ['.sql'])
  const invocation: Invocation = {
    id: randomUUID(),
    startedAt: new Date(),
    command,
    project,
    target,
    dialect,
    vars: mergedVars(project, given),
    environment,
    macros: new MacroLibrary(templates, project.name, files, dialect),
    flags: { fullRefresh: options.fullRefresh ?? false, storeFailures: options.storeFailures ?? false },
    log: (message, info) => {
      if (info) deps.onEvent?.({ kind: 'log', message })
    },
  }
  return { invocation, templates }
}

const KINDS: Record<DbtCommand, readonly string[]> = {
  parse: [],
  ls: ['model', 'seed', 'test', 'source'],
  compile: ['model', 'seed', 'test'],
  run: ['model'],
  test: ['test'],
  seed: ['seed'],
  build: ['model', 'seed', 'test'],
}

function choose(command: DbtCommand, options: DbtOptions, manifest: Manifest): Set<string> {
  const kinds = new Set(KINDS[command])
  const wanted =
    options.resourceTypes && new Set(options.resourceTypes.map((kind) => (kind === 'data_test' ? 'test' : kind)))
  const ids = selectNodes(manifest, {
    ...(options.select === undefined ? {} : { select: options.select }),
    ...(options.exclude === undefined ? {} : { exclude: options.exclude }),
    ...(options.indirectSelection === undefined ? {} : { indirect: options.indirectSelection }),
  })
  return new Set(
    [...ids].filter((id) => {
      const kind = manifest.nodes.get(id)?.resource_type ?? 'source'
      return kinds.has(kind) && (!wanted || wanted.has(kind))
    }),
  )
}

async function perform(
  command: DbtCommand,
  options: DbtOptions,
  deps: DbtDeps,
  compilation: Compilation,
  nodes: readonly Node[],
): Promise<NodeResult[]> {
  if (command === 'parse' || command === 'ls' || nodes.length === 0) return []
  if (deps.signal?.aborted) throw asMillraceError(deps.signal.reason, 'CANCELLED')
  const held = await deps.beforeRun?.(sourcesOf(compilation.manifest, nodes))
  try {
    if (command === 'compile') return await compileAll(deps, compilation, nodes)
    return await runGraph(compilation, nodes, { command, options, deps })
  } finally {
    await held?.[Symbol.asyncDispose]()
  }
}

async function compileAll(deps: DbtDeps, compilation: Compilation, nodes: readonly Node[]): Promise<NodeResult[]> {
  await using connection = await connectTo(deps, compilation.invocation.dialect)
  const results: NodeResult[] = []
  for (const node of nodes) {
    if (node.resource_type === 'seed') continue
    const started = performance.now()
    let error: MillraceError | undefined
    try {
      const sql = await compileNode(compilation, node, { connection })
      if (deps.artifacts !== false) await keepCode(compilation.invocation, node, 'compiled', sql)
    } catch (thrown) {
      error = asMillraceError(thrown, 'MODEL_FAILED')
    }
    results.push({
      unique_id: node.unique_id,
      name: node.name,
      resource_type: node.resource_type,
      status: error ? 'error' : 'success',
      message: error?.message ?? null,
      failures: null,
      relation_name: node.relation_name,
      executionMs: performance.now() - started,
      thread: 1,
      timing: [],
      ...(error ? { error: error.toJSON() } : {}),
    })
  }
  return results
}

/** The sources that nodes read, themselves or through ephemeral models, as `database.schema.identifier`. */
function sourcesOf(manifest: Manifest, nodes: readonly Node[]): string[] {
  const names = new Set<string>()
  const visited = new Set<string>()
  const visit = (id: string): void => {
    if (visited.has(id)) return
    visited.add(id)
    const source = manifest.sources.get(id)
    if (source) names.add(`${source.database}.${source.schema}.${source.identifier}`)
    const node = manifest.nodes.get(id)
    // Views are read through too: they name their sources.
    if (node) for (const parent of manifest.parents.get(id) ?? []) visit(parent)
  }
  for (const node of nodes) visit(node.unique_id)
  return [...names].sort()
}
