import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import { yamlRenderer } from './base-context.ts'
import { configsFor, type Tree } from './config-tree.ts'
import { collectDocs, resolveDocs } from './docs.ts'
import { linkManifest } from './link.ts'
import { newNode, sourceNode, testNode } from './new-node.ts'
import type { Manifest, Node, NodeType } from './node.ts'
import { mergeConfig } from './node-config.ts'
import type { Invocation } from './node-context.ts'
import { nameRelation } from './node-names.ts'
import { type ProjectFile, readFiles } from './project-files.ts'
import { type Patch, readProperties } from './properties.ts'
import { type Calls, readByRendering } from './reading.ts'
import { snapshotNodes } from './snapshot/snapshot-nodes.ts'
import { snapshotSettings } from './snapshot/snapshot-settings.ts'
import { staticCalls } from './static-calls.ts'
import type { ModelTemplates } from './templates.ts'
import { withTestArguments } from './test-arguments.ts'

/** A project as it was read. */
export interface ParsedProject {
  readonly manifest: Manifest
  /** Sentences about parts of the project that are not carried out here. */
  readonly warnings: readonly string[]
}

/**
 * Reads all files of a project into a manifest, without an engine.
 * @throws MillraceError MODEL_INVALID, MODEL_DUPLICATE, MODEL_CYCLE, REF_NOT_FOUND, SOURCE_NOT_FOUND, JINJA_*
 */
export async function parseProject(invocation: Invocation, templates: ModelTemplates): Promise<ParsedProject> {
  const { project } = invocation
  const { dir } = project
  const [models, pythonModels, seeds, tests, snapshots, docs, propertyFiles] = await Promise.all([
    readFiles(dir, project.modelPaths, ['.sql']),
    readFiles(dir, project.modelPaths, ['.py']),
    readFiles(dir, project.seedPaths, ['.csv']),
    readFiles(dir, project.testPaths, ['.sql']),
    readFiles(dir, project.snapshotPaths, ['.sql']),
    readFiles(dir, [...project.modelPaths, ...project.seedPaths, ...project.macroPaths], ['.md']),
    readFiles(
      dir,
      [...project.modelPaths, ...project.seedPaths, ...project.snapshotPaths, ...project.testPaths],
      ['.yml', '.yaml'],
    ),
  ])
  const [python] = pythonModels
  if (python) {
    throw new MillraceError('MODEL_INVALID', `reading ${python.originalPath}: models in Python cannot be run`, {
      at: { file: python.originalPath },
      hint: 'Write the model in SQL, or compute it in a frame task of a pipeline.',
    })
  }
  const properties = readProperties(propertyFiles, (file) =>
    yamlRenderer({ file, vars: invocation.vars, environment: invocation.environment }, { target: invocation.target }),
  )
  const blocks = collectDocs(docs)
  const patches = new PatchBook(properties.patches)

  const nodes: Node[] = []
  for (const file of models)
    nodes.push(await readModel(invocation, templates, file, patches.take('model', nameOf(file))))
  for (const file of seeds) {
    const patch = patches.take('seed', nameOf(file))
    const node = newNode(invocation, 'seed', file, nameOf(file), patch)
    node.config = mergeConfig('seed', [...configsFor(project.seeds, node.fqn), patch?.config ?? {}])
    nodes.push(await named(invocation, templates, node))
  }
  const found = snapshotNodes(invocation, templates, snapshots, {
    all: properties.patches,
    take: (name) => patches.take('snapshot', name),
  })
  for (const { node, patch } of found) {
    const layers = [...configsFor(project.snapshots, node.fqn), patch?.config ?? {}]
    node.config = mergeConfig('snapshot', layers)
    if (node.config.enabled) await withCalls(invocation, templates, node, 'snapshot', layers)
    if (node.config.enabled) snapshotSettings(node)
    nodes.push(await named(invocation, templates, node))
  }
  for (const file of tests.filter(({ path }) => !path.startsWith('generic/'))) {
    const node = newNode(invocation, 'test', file, nameOf(file), undefined)
    const layers = configsFor(project.tests, node.fqn)
    node.config = mergeConfig('test', layers)
    await withCalls(invocation, templates, node, 'test', layers)
    nodes.push(await named(invocation, templates, node))
  }
  const sources = properties.sources.map((entry) =>
    sourceNode(invocation, entry, configsFor(project.sources, [project.name, entry.source, entry.name])),
  )
  for (const { patch, file, at } of patches.unused()) {
    // dbt only warns, but a misspelled name silently takes all its tests away.
    invocation.log(`${file}:${at}: there is no ${patch.kind} "${patch.name}"; what it says here has no effect`, true)
  }
  const attached = [
    ...properties.patches
      .filter((patch) =>
        nodes.some((node) => node.name === patch.name && node.resource_type === patch.kind && node.config.enabled),
      )
      .flatMap((patch) =>
        patch.tests.map((test) => ({
          test,
          file: patch.file,
          target: {
            kind: 'ref' as const,
            section: `${patch.kind}s` as const,
            name: patch.name,
          },
        })),
      ),
    ...properties.sources.flatMap((entry) =>
      entry.tests.map((test) => ({
        test,
        file: entry.file,
        target: { kind: 'source' as const, source: entry.source, name: entry.name },
      })),
    ),
  ]
  for (const { test, file, target } of attached) {
    const node = testNode(invocation, test, file, target)
    const layers = [...configsFor(project.tests, node.fqn), node.unrendered_config]
    node.config = mergeConfig('test', layers)
    await readTest(invocation, templates, node, layers)
    nodes.push(await named(invocation, templates, node))
  }
  for (const node of nodes) resolveDocs(node, blocks)
  for (const source of sources) resolveDocs(source, blocks)
  const manifest = linkManifest(project.name, nodes, sources, invocation.macros.nodes())
  return { manifest, warnings: warningsOf(properties.ignored, invocation) }
}

async function readModel(
  invocation: Invocation,
  templates: ModelTemplates,
  file: ProjectFile,
  patch: Patch | undefined,
): Promise<Node> {
  const node = newNode(invocation, 'model', file, nameOf(file), patch)
  const layers = [...configsFor(invocation.project.models, node.fqn), patch?.config ?? {}]
  node.config = mergeConfig('model', layers)
  if (node.config.enabled) await withCalls(invocation, templates, node, 'model', layers)
  if (isEnforced(node)) {
    throw new MillraceError('MODEL_INVALID', `reading ${file.originalPath}: model contracts cannot be enforced`, {
      at: { file: file.originalPath },
      hint: 'Take out `contract: { enforced: true }` and test the columns instead.',
    })
  }
  return named(invocation, templates, node)
}

/** Reads what a node's code calls, and lays its own `config()` over the rest. */
async function withCalls(
  invocation: Invocation,
  templates: ModelTemplates,
  node: Node,
  kind: NodeType,
  layers: readonly Tree[],
): Promise<void> {
  const known =
    invocation.macros.overrides('ref') || invocation.macros.overrides('source')
      ? undefined
      : staticCalls(templates, node.raw_code, node.original_file_path)
  const calls = known ?? (await readByRendering(invocation, templates, node))
  apply(node, calls, kind, layers)
}

async function readTest(
  invocation: Invocation,
  templates: ModelTemplates,
  node: Node,
  layers: readonly Tree[],
): Promise<void> {
  const { test_metadata: metadata } = node
  if (!metadata) return
  const macro = invocation.macros.idOf(`test_${metadata.name}`, metadata.namespace ?? undefined)
  if (macro === undefined) {
    const known = Object.keys(invocation.macros.names).filter((name) => name.startsWith('test_'))
    throw unknownName(
      'MODEL_INVALID',
      `reading ${node.original_file_path}: the test`,
      metadata.name,
      known.map((name) => name.slice('test_'.length)),
      {
        at: { file: node.original_file_path },
      },
    )
  }
  node.depends_on.macros = [macro]
  // What these two refer to is known without rendering, and they are most of all tests.
  if (macro === 'macro.dbt.test_unique' || macro === 'macro.dbt.test_not_null') return
  node.refs = []
  node.sources = []
  const calls = await readByRendering(invocation, templates, node, (context) =>
    withTestArguments(metadata, node.original_file_path, templates, context),
  )
  apply(node, calls, 'test', layers)
}

function apply(node: Node, calls: Calls, kind: NodeType, layers: readonly Tree[]): void {
  node.refs = calls.refs
  node.sources = calls.sources
  if (Object.keys(calls.config).length === 0) return
  node.config = mergeConfig(kind, [...layers, calls.config])
  node.unrendered_config = { ...node.unrendered_config, ...calls.config }
}

async function named(invocation: Invocation, templates: ModelTemplates, node: Node): Promise<Node> {
  await nameRelation(invocation, templates, node)
  return node
}

function isEnforced(node: Node): boolean {
  return (node.config['contract'] as { enforced?: unknown } | undefined)?.enforced === true
}

/** The name of a file without folders and ending. */
function nameOf(file: ProjectFile): string {
  return (file.path.split('/').at(-1) ?? '').replace(/\.[^.]+$/, '')
}

function warningsOf(ignored: readonly { kind: string; file: string }[], invocation: Invocation): string[] {
  return [
    ...ignored.map(({ kind, file }) => `${file}: ${kind} are not carried out yet`),
    ...invocation.macros.materializations.map((name) => `the materialization "${name}" of the project is not used yet`),
  ]
}

/** Patches by name: two for one node are refused, and those for no node are remembered. */
class PatchBook {
  readonly #patches = new Map<string, Patch>()
  readonly #used = new Set<string>()

  constructor(patches: readonly Patch[]) {
    for (const patch of patches) {
      const key = `${patch.kind} ${patch.name}`
      const first = this.#patches.get(key)
      if (first) {
        throw new MillraceError(
          'MODEL_DUPLICATE',
          `reading ${patch.file.originalPath}: the ${key} is described twice`,
          {
            at: patch.at,
            hint: `It is described at ${first.file.originalPath}:${first.at.line ?? 1} already; keep one of them.`,
          },
        )
      }
      this.#patches.set(key, patch)
    }
  }

  take(kind: Patch['kind'], name: string): Patch | undefined {
    this.#used.add(`${kind} ${name}`)
    return this.#patches.get(`${kind} ${name}`)
  }

  unused(): { patch: Patch; file: string; at: number }[] {
    return [...this.#patches]
      .filter(([key]) => !this.#used.has(key))
      .map(([, patch]) => ({ patch, file: patch.file.originalPath, at: patch.at.line ?? 1 }))
  }
}
