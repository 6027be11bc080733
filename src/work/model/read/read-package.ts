import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { yamlRenderer } from '../context/base-context.ts'
import { yamlGlobals } from '../context/invocation-globals.ts'
import type { Invocation } from '../context/node-context.ts'
import { checkContract } from '../contract/contract.ts'
import { referForeignKeys } from '../contract/foreign-keys.ts'
import { collectDocs, type DocBlocks } from '../docs.ts'
import { batchSettings, isMicrobatch } from '../materialize/plan-batches.ts'
import { ACCESS, type Access, type Node, type SourceNode } from '../node.ts'
import { snapshotNodes } from '../snapshot/snapshot-nodes.ts'
import { snapshotSettings } from '../snapshot/snapshot-settings.ts'
import { unitTestNodes } from '../unit-test/unit-test-nodes.ts'
import type { Tree } from './config-tree.ts'
import { descriptionsOf } from './descriptions.ts'
import { withHookCalls } from './hook-calls.ts'
import { newNode } from './new-node.ts'
import { PatchBook } from './patch-book.ts'
import type { ProjectFile, ProjectPart } from './project-files.ts'
import { type Patch, type Properties, readProperties } from './properties.ts'
import { checkSeverity, readAttachedTests } from './read-tests.ts'
import { configure, layersOf, named, type Reader, withCalls } from './reader.ts'
import { sourceNode } from './source-node.ts'

/** All that the files of one package say. */
export interface ReadPackage {
  readonly nodes: readonly Node[]
  readonly sources: readonly SourceNode[]
  readonly properties: Properties
  readonly docs: DocBlocks
}

/**
 * Reads the files of one package into nodes.
 * @throws MillraceError MODEL_INVALID, MODEL_DUPLICATE, JINJA_*
 */
export async function readPackage(reader: Reader): Promise<ReadPackage> {
  const { invocation, templates, owner } = reader
  const { project, vars } = owner
  const files = (part: ProjectPart): readonly ProjectFile[] => invocation.files.of(project, part)
  refusePython(files('pythonModels'))
  const properties = readProperties(files('properties'), (file) =>
    yamlRenderer({ file, vars, environment: invocation.environment }, yamlGlobals(invocation)),
  )
  const patches = new PatchBook(properties.patches)
  const nodes: Node[] = []
  for (const file of files('models')) nodes.push(await readModel(reader, file, patches))
  for (const file of files('analyses')) nodes.push(await readAnalysis(reader, file, patches))
  for (const file of files('seeds')) {
    const patch = patches.take('seed', nameOf(file))
    const node = newNode(reader, 'seed', file, nameOf(file), patch)
    if (isLarge(file, invocation)) node.checksum = { name: 'path', checksum: node.original_file_path }
    configure(node, layersOf(reader, 'seeds', node.fqn, ...patchLayers(patch)))
    if (node.config.enabled) await withHookCalls(reader, node)
    nodes.push(await named(reader, node))
  }
  for (const { node, patch } of snapshotNodes(reader, templates, files('snapshots'), patches)) {
    const layers = layersOf(reader, 'snapshots', node.fqn, ...patchLayers(patch))
    configure(node, layers)
    await withCalls(reader, node, layers)
    if (node.config.enabled) await withHookCalls(reader, node)
    if (node.config.enabled) snapshotSettings(node)
    nodes.push(await named(reader, node))
  }
  for (const file of files('tests').filter(({ path }) => !/^(generic|fixtures)\//.test(path))) {
    const node = newNode(reader, 'test', file, nameOf(file), undefined)
    const layers = layersOf(reader, 'tests', node.fqn, [])
    configure(node, layers)
    await withCalls(reader, node, layers)
    checkSeverity(node)
    nodes.push(await named(reader, node))
  }
  const sources = properties.sources.map((entry) => sourceNode(reader, entry))
  for (const { patch, file, at } of patches.unused()) {
    const other = nodes.find(({ name, resource_type: type }) => name === patch.name && type !== patch.kind)
    // dbt only warns, but a misspelled name silently takes all its tests away.
    const message = other
      ? `"${patch.name}" is a ${other.resource_type}, not a ${patch.kind}; of what it says here only tests have effect`
      : `there is no ${patch.kind} "${patch.name}"; what it says here has no effect`
    invocation.warn('NoNodeForYamlKey', `${file}:${at}: ${message}`)
  }
  nodes.push(...(await readAttachedTests(reader, properties, nodes)))
  nodes.push(...unitTestNodes(reader, properties.unitTests, nodes, files('fixtures')))
  return {
    nodes,
    sources,
    properties,
    docs: collectDocs(project.name, files('docs'), descriptionsOf(invocation, project.name)),
  }
}

async function readModel(reader: Reader, file: ProjectFile, patches: PatchBook): Promise<Node> {
  const patch = patches.take('model', nameOf(file))
  const node = newNode(reader, 'model', file, patch?.name ?? nameOf(file), patch)
  const layers = layersOf(reader, 'models', node.fqn, ...patchLayers(patch))
  configure(node, layers)
  // One that dbt_project.yml switches off can switch itself on.
  await withCalls(reader, node, layers)
  if (node.config.enabled) referForeignKeys(reader.templates, node)
  if (node.config.enabled) await withHookCalls(reader, node)
  if (node.config.enabled) checkContract(node)
  if (node.config.enabled && isMicrobatch(node)) batchSettings(node)
  node.access = accessOf(node)
  return named(reader, node)
}

/** An analysis: a query that is compiled and never run. As in dbt what dbt_project.yml says of models holds for it. */
async function readAnalysis(reader: Reader, file: ProjectFile, patches: PatchBook): Promise<Node> {
  const patch = patches.take('analysis', nameOf(file))
  const node = newNode(reader, 'analysis', { ...file, path: `analysis/${file.path}` }, nameOf(file), patch)
  const layers = layersOf(reader, 'models', node.fqn, ...patchLayers(patch))
  configure(node, layers)
  await withCalls(reader, node, layers)
  return named(reader, node)
}

function refusePython([python]: readonly ProjectFile[]): void {
  if (!python) return
  throw new MillraceError('MODEL_INVALID', `reading ${python.originalPath}: models in Python cannot be run`, {
    at: { file: python.originalPath },
    hint: 'Write the model in SQL, or compute it in a frame task of a pipeline.',
  })
}

function accessOf(node: Node): Access {
  const written = String(node.config['access'] ?? 'protected')
  const found = ACCESS.find((one) => one === written)
  if (found) return found
  throw unknownName('MODEL_INVALID', `reading ${node.original_file_path}: the access`, written, ACCESS, {
    at: { file: node.original_file_path },
  })
}

/** Whether a seed is so large that, as in dbt, not its content but its path tells whether it was modified. */
function isLarge({ text }: ProjectFile, { flags }: Invocation): boolean {
  const most = Number(flags.named?.['maximum_seed_size_mib'] ?? 1)
  return most > 0 && Buffer.byteLength(text) > most * 1024 * 1024
}

/** The name of a file without folders and ending. */
function nameOf(file: ProjectFile): string {
  return (file.path.split('/').at(-1) ?? '').replace(/\.[^.]+$/, '')
}

/** What a patch says of settings, rendered and as it is written. */
function patchLayers(patch: Patch | undefined): [readonly Tree[], readonly Tree[]] {
  return [[patch?.config ?? {}], [patch?.written ?? {}]]
}
