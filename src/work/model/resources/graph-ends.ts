import type { Json } from '../../../base/kernel/index.ts'
import type { Selectable } from '../select/selectable.ts'

/** An exposure, metric, semantic model or saved query, with the fields of dbt's manifest v12. */
export interface GraphEnd extends Selectable {
  readonly depends_on: { readonly macros: string[]; readonly nodes: string[] }
  readonly [field: string]: unknown
}

/** A group of nodes with its owner. */
export interface Group {
  readonly name: string
  readonly resource_type: 'group'
  readonly unique_id: string
  readonly package_name: string
  readonly path: string
  readonly original_file_path: string
  readonly owner: Json
  readonly description: string | null
  readonly config: { readonly meta: Json }
}

/** What a project tells of its models' use: nothing here is built. */
export interface GraphEnds {
  readonly exposures: ReadonlyMap<string, GraphEnd>
  readonly metrics: ReadonlyMap<string, GraphEnd>
  readonly semanticModels: ReadonlyMap<string, GraphEnd>
  readonly savedQueries: ReadonlyMap<string, GraphEnd>
  readonly groups: ReadonlyMap<string, Group>
}
