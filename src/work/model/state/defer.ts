import type { EngineConnection } from '../../../data/engine/index.ts'
import { Relation } from '../context/relation.ts'
import type { ModelDialect } from '../dialect/index.ts'
import type { Manifest, Node } from '../node.ts'
import { relationOf } from '../node-names.ts'
import type { PreviousManifest, PreviousNode } from './previous-state.ts'

const REFERRED = ['model', 'seed', 'snapshot']

/** The relation that a node of another manifest stands for, or undefined for one that has none. */
export function relationInState(node: PreviousNode | undefined): Relation | undefined {
  if (!node || !REFERRED.includes(node.resource_type) || node['relation_name'] === null) return undefined
  const text = (key: string): string => String(node[key] ?? '')
  return new Relation({ database: text('database'), schema: text('schema'), identifier: text('alias') })
}

/**
 * The relations that `ref()` is to mean in place of the project's own, by unique id: with `--defer` those of the
 * state's manifest for what is not built by this run and does not exist, with `--favor-state` for all of it.
 */
export async function deferredRelations(
  manifest: Manifest,
  state: PreviousManifest,
  options: {
    /** The nodes of this run. */
    readonly selected: ReadonlySet<string>
    /** Whether this run builds them, so that they will exist. */
    readonly builds: boolean
    readonly favorState: boolean
    readonly dialect: ModelDialect
    readonly connection: EngineConnection
  },
): Promise<ReadonlyMap<string, Relation>> {
  const deferred = new Map<string, Relation>()
  for (const node of referredTo(manifest, options.selected)) {
    if (options.builds && options.selected.has(node.unique_id)) continue
    const relation = relationInState(state.members.get(node.unique_id))
    if (!relation) continue
    const favoured = options.favorState && !options.selected.has(node.unique_id)
    if (favoured || !(await options.dialect.relationAt(options.connection, relationOf(node)))) {
      deferred.set(node.unique_id, relation)
    }
  }
  return deferred
}

/** What the nodes refer to, themselves or through ephemeral models. */
function referredTo(manifest: Manifest, selected: ReadonlySet<string>): Node[] {
  const found = new Map<string, Node>()
  const visit = (id: string): void => {
    for (const parent of manifest.parents.get(id) ?? []) {
      const node = manifest.nodes.get(parent)
      if (!node || found.has(parent)) continue
      found.set(parent, node)
      if (node.config.materialized === 'ephemeral') visit(parent)
    }
  }
  for (const id of selected) visit(id)
  return [...found.values()].filter((node) => node.config.materialized !== 'ephemeral')
}
