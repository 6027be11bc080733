import type { Manifest } from '../node.ts'
import type { PreviousState } from '../state/previous-state.ts'

/**
 * A member of the graph as selection sees it: the fields of dbt's manifest v12 that its methods read. Nodes read from
 * files and nodes of another run's manifest.json both have this shape.
 */
export interface Selectable {
  readonly resource_type: string
  readonly unique_id: string
  readonly name: string
  readonly package_name: string
  readonly original_file_path: string
  readonly fqn: readonly string[]
  readonly tags?: readonly string[]
  readonly config?: object
  readonly patch_path?: string | null
  readonly depends_on?: { readonly macros?: readonly string[]; readonly nodes?: readonly string[] }
  readonly source_name?: string
  readonly test_metadata?: { readonly name: string } | null | undefined
  readonly access?: string
  readonly version?: string | number | null
  readonly latest_version?: string | number | null
}

/** A macro as far as a change of it can be seen. */
export interface SelectableMacro {
  readonly macro_sql: string
  readonly depends_on?: { readonly macros?: readonly string[] }
}

/** The graph that a selection is made in. */
export interface SelectionGraph {
  /** The name of the root project, which `package:this` means. */
  readonly project: string
  readonly members: ReadonlyMap<string, Selectable>
  readonly parents: ReadonlyMap<string, readonly string[]>
  readonly children: ReadonlyMap<string, readonly string[]>
  readonly macros: ReadonlyMap<string, SelectableMacro>
  /** What `state:`, `result:` and `source_status:` compare with. */
  readonly previous?: PreviousState
}

const NO_ENDS = { exposures: new Map(), metrics: new Map(), semanticModels: new Map(), savedQueries: new Map() }

/** The graph of a project that was read. */
export function selectionGraph(manifest: Manifest, previous?: PreviousState): SelectionGraph {
  const members = new Map<string, Selectable>()
  const { exposures, metrics, semanticModels, savedQueries } = manifest.ends ?? NO_ENDS
  const parts: readonly ReadonlyMap<string, Selectable>[] = [
    manifest.nodes,
    manifest.sources,
    exposures,
    metrics,
    semanticModels,
    savedQueries,
  ]
  for (const part of parts) {
    for (const [id, member] of part) members.set(id, member)
  }
  return {
    project: manifest.project,
    members,
    parents: manifest.parents,
    children: manifest.children,
    macros: manifest.macros,
    ...(previous ? { previous } : {}),
  }
}
