import type { Invocation } from '../context/node-context.ts'
import type { ModelTemplates } from '../context/templates.ts'
import type { Node, NodeType } from '../node.ts'
import { nameRelation } from '../node-names.ts'
import type { DbtPackage } from '../packages/dbt-package.ts'
import { configsFor, type Tree } from './config-tree.ts'
import type { DbtProject } from './dbt-project.ts'
import { mergeConfig } from './node-config.ts'
import { type Calls, readByRendering } from './reading.ts'
import { staticCalls } from './static-calls.ts'

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

/** Sections of dbt_project.yml that configure nodes. */
export type ConfigSection = 'models' | 'seeds' | 'snapshots' | 'tests' | 'sources' | 'unitTests' | 'analyses'

/** A node's configuration before what its own code says: laid below that, and above. */
export interface ConfigLayers {
  readonly below: readonly Tree[]
  /** What the root project says about a package's node wins over the node's own code. */
  readonly above: readonly Tree[]
}

/** The layers of a node: its package's dbt_project.yml, its properties, and the root project's dbt_project.yml. */
export function layersOf(
  { invocation, owner }: Reader,
  section: ConfigSection,
  fqn: readonly string[],
  properties: readonly Tree[],
): ConfigLayers {
  const from = (project: DbtProject): Tree[] => configsFor(project[section], fqn)
  const root = invocation.project
  return {
    below: [...from(owner.project), ...properties],
    above: owner.project.name === root.name ? [] : from(root),
  }
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
  apply(node, known ?? (await readByRendering(invocation, templates, node)), layers)
}

/** Puts into a node what its code was found to call. */
export function apply(node: Node, calls: Calls, layers: ConfigLayers): void {
  node.refs = calls.refs
  node.sources = calls.sources
  if (Object.keys(calls.config).length === 0) return
  node.config = configOf(node.resource_type, layers, calls.config)
  node.unrendered_config = { ...node.unrendered_config, ...calls.config }
}

/** The node with its database, schema and alias. */
export async function named({ invocation, templates }: Reader, node: Node): Promise<Node> {
  await nameRelation(invocation, templates, node)
  return node
}
