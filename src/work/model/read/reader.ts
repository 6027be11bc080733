import type { Invocation } from '../context/node-context.ts'
import type { ModelTemplates } from '../context/templates.ts'
import type { Node, NodeType } from '../node.ts'
import { nameRelation } from '../node-names.ts'
import type { DbtPackage } from '../packages/dbt-package.ts'
import { configsFor, type Tree } from './config-tree.ts'
import type { ConfigSection, DbtProject } from './dbt-project.ts'
import { mergeConfig } from './node-config.ts'
import { type Calls, readByRendering } from './reading.ts'
import { staticCalls, writtenConfig } from './static-calls.ts'

/** What reading the files of one package needs. */
export interface Reader {
  readonly invocation: Invocation
  readonly templates: ModelTemplates
  /** The package that is read. */
  readonly owner: DbtPackage
}

/** For nodes that stand in no file: they belong to the root project. */
export function rootReader(invocation: Invocation, templates: ModelTemplates): Reader {
  const { packages, project, vars } = invocation
  return { invocation, templates, owner: packages.get(project.name) ?? { project, vars } }
}

/** A node's configuration before what its own code says: laid below that, and above. */
export interface ConfigLayers {
  readonly below: readonly Tree[]
  /** What the root project says about a package's node wins over the node's own code. */
  readonly above: readonly Tree[]
  /** The same with the texts of dbt_project.yml as they are written, before they are rendered. */
  readonly unrendered: Pick<ConfigLayers, 'below' | 'above'>
}

/** The layers of a node: its package's dbt_project.yml, its properties, and the root project's dbt_project.yml. */
export function layersOf(
  { invocation, owner }: Reader,
  section: ConfigSection,
  fqn: readonly string[],
  properties: readonly Tree[],
  /** The same as they were written, before they were rendered. */
  written: readonly Tree[] = properties,
): ConfigLayers {
  const root = invocation.project
  const foreign = owner.project.name !== root.name
  const above = (from: (project: DbtProject) => Tree[]) => (foreign ? from(root) : [])
  const rendered = (project: DbtProject) => configsFor(project[section], fqn)
  const unrendered = (project: DbtProject) => configsFor(project.unrendered[section], fqn)
  return {
    below: [...rendered(owner.project), ...properties],
    above: above(rendered),
    unrendered: { below: [...unrendered(owner.project), ...written], above: above(unrendered) },
  }
}

/** What was written for a configuration, by which two states of a project are compared; nothing is merged. */
export function unrenderedOf({ unrendered: { below, above } }: ConfigLayers, own: Tree = {}): Record<string, unknown> {
  return Object.assign({}, ...below, own, ...above) as Record<string, unknown>
}

/** Gives a node the configuration of its layers, with what the code says between them, and as it is written there. */
export function configure(node: Node, layers: ConfigLayers, own: Tree = {}, written: Tree = own): void {
  node.config = configOf(node.resource_type, layers, own)
  node.unrendered_config = unrenderedOf(layers, written)
}

/** The configuration that layers give, with what the code says between them. */
export function configOf(kind: NodeType, { below, above }: ConfigLayers, own: Tree = {}): Node['config'] {
  return mergeConfig(kind, [...below, own, ...above])
}

/** Reads what a node's code calls, and lays its own `config()` over the rest. */
export async function withCalls(reader: Reader, node: Node, layers: ConfigLayers): Promise<void> {
  const { invocation, templates } = reader
  const known =
    invocation.macros.overrides('ref') || invocation.macros.overrides('source')
      ? undefined
      : staticCalls(templates, node.raw_code, node.original_file_path)
  if (known) {
    apply(node, known, layers)
    // What dbt reads without rendering stands last.
    Object.assign(node.unrendered_config, known.config)
  } else {
    const written = writtenConfig(templates, node.raw_code, node.original_file_path)
    apply(node, await readByRendering(invocation, templates, node), layers, written)
  }
}

/** Puts into a node what its code was found to call. */
export function apply(node: Node, calls: Calls, layers: ConfigLayers, written?: Tree): void {
  node.refs = calls.refs
  node.sources = calls.sources
  if (Object.keys(calls.config).length === 0) return
  configure(node, layers, calls.config, written)
}

/** The node with its database, schema and alias. */
export async function named({ invocation, templates }: Reader, node: Node): Promise<Node> {
  await nameRelation(invocation, templates, node)
  return node
}
