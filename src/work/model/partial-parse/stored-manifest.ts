import type { Manifest, Node } from '../node.ts'
import { keepQuoting } from '../node-relation.ts'
import type { DbtProject } from '../read/dbt-project.ts'
import { RefLookup } from '../ref-lookup.ts'
import type { GraphEnds } from '../resources/graph-ends.ts'

type Entries<M> = M extends ReadonlyMap<string, infer V> ? readonly (readonly [string, V])[] : never

/** A manifest as JSON: its maps as lists, which keep their order. */
export interface StoredManifest {
  readonly project: string
  readonly nodes: Entries<Manifest['nodes']>
  readonly sources: Entries<Manifest['sources']>
  readonly macros: Entries<Manifest['macros']>
  readonly disabled: Entries<Manifest['disabled']>
  readonly parents: Entries<Manifest['parents']>
  readonly children: Entries<Manifest['children']>
  readonly docs: Entries<NonNullable<Manifest['docs']>>
  readonly ends: { readonly [Part in keyof GraphEnds]: Entries<GraphEnds[Part]> }
}

/** A manifest as it was read, before anything is compiled. */
export function storedManifest({ docs, ends, refs: _, ...manifest }: Manifest): StoredManifest {
  const { exposures, metrics, semanticModels, savedQueries, groups } = ends ?? NO_ENDS
  return {
    project: manifest.project,
    nodes: [...manifest.nodes],
    sources: [...manifest.sources],
    macros: [...manifest.macros],
    disabled: [...manifest.disabled],
    parents: [...manifest.parents],
    children: [...manifest.children],
    docs: [...(docs ?? [])],
    ends: {
      exposures: [...exposures],
      metrics: [...metrics],
      semanticModels: [...semanticModels],
      savedQueries: [...savedQueries],
      groups: [...groups],
    },
  }
}

/** The manifest again, for a root project. */
export function restoredManifest(stored: StoredManifest, root: DbtProject): Manifest {
  const nodes = new Map(stored.nodes)
  const disabled = new Map(stored.disabled)
  for (const node of [...nodes.values(), ...disabled.values()] as Node[]) keepQuoting(node, root.quoting)
  const { exposures, metrics, semanticModels, savedQueries, groups } = stored.ends
  return {
    project: stored.project,
    nodes,
    sources: new Map(stored.sources),
    macros: new Map(stored.macros),
    refs: new RefLookup(stored.project, nodes.values()),
    disabled,
    parents: new Map(stored.parents),
    children: new Map(stored.children),
    docs: new Map(stored.docs),
    ends: {
      exposures: new Map(exposures),
      metrics: new Map(metrics),
      semanticModels: new Map(semanticModels),
      savedQueries: new Map(savedQueries),
      groups: new Map(groups),
    },
  }
}

const NO_ENDS: GraphEnds = {
  exposures: new Map(),
  metrics: new Map(),
  semanticModels: new Map(),
  savedQueries: new Map(),
  groups: new Map(),
}
