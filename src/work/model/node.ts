import type { Json } from '../../base/kernel/index.ts'
import type { DocBlock } from './docs.ts'
import type { SourceConfig } from './read/source-settings.ts'
import type { RefLookup } from './ref-lookup.ts'
import type { GraphEnds } from './resources/graph-ends.ts'
import type { UnitTest } from './unit-test/unit-test.ts'

/**
 * Nodes have the shape and the field names of dbt's manifest v12
 * (https://schemas.getdbt.com/dbt/manifest/v12.json), because users' macros read them as `model` and `graph`,
 * and tools read them from `target/manifest.json`. One object serves all three.
 */
export type ResourceType = 'model' | 'analysis' | 'seed' | 'snapshot' | 'test' | 'unit_test' | 'operation' | 'source'

/** What a node that is built or checked can be. */
export type NodeType = Exclude<ResourceType, 'source'>

/** Who may refer to a model: its group, its project, or everybody. */
export const ACCESS = ['private', 'protected', 'public'] as const
export type Access = (typeof ACCESS)[number]

/** A node's merged configuration: dbt_project.yml, then properties, then `config()` in the file. */
export interface NodeConfig {
  enabled: boolean
  materialized: string
  tags: string[]
  meta: Record<string, Json>
  alias: string | null
  schema: string | null
  database: string | null
  [key: string]: unknown
}

/** A column described in a properties file. */
export interface ColumnInfo {
  name: string
  description: string
  meta: Record<string, Json>
  data_type: string | null
  quote: boolean | null
  tags: string[]
  constraints: Json[]
  /** Of a column of a time spine. */
  granularity?: string | null
  /** Ids of the documentation blocks in its description. */
  doc_blocks?: string[]
}

/** One `ref()` as written. */
export interface RefArgs {
  name: string
  package: string | null
  version: string | number | null
}

/** A generic test's own part of its node. */
export interface TestMetadata {
  name: string
  kwargs: Record<string, unknown>
  namespace: string | null
}

/** A model, seed, snapshot or data test; an operation is a hook of `on-run-start` or `on-run-end`. */
export interface Node {
  resource_type: NodeType
  unique_id: string
  name: string
  package_name: string
  /** Relative to its resource path, such as `staging/stg_orders.sql`. */
  path: string
  /** Relative to the project, such as `models/staging/stg_orders.sql`. */
  original_file_path: string
  fqn: string[]
  alias: string
  database: string
  schema: string
  checksum: { name: string; checksum: string }
  config: NodeConfig
  /** What was written for the configuration, before it was rendered and merged with defaults. */
  unrendered_config: Record<string, unknown>
  tags: string[]
  description: string
  columns: Record<string, ColumnInfo>
  meta: Record<string, Json>
  group: string | null
  docs: { show: boolean; node_color: string | null }
  doc_blocks?: string[]
  patch_path: string | null
  build_path: string | null
  compiled_path: string | null
  /** Seconds since 1970. */
  created_at: number
  /** The quoted relation, or null for what has none (tests that keep no rows, ephemeral models). */
  relation_name: string | null
  raw_code: string
  language: 'sql'
  refs: RefArgs[]
  sources: [string, string][]
  depends_on: { macros: string[]; nodes: string[] }
  compiled: boolean
  compiled_code: string | null
  extra_ctes_injected: boolean
  extra_ctes: { id: string; sql: string }[]
  /** Models only. */
  version?: string | number | null
  latest_version?: string | number | null
  access?: Access
  deprecation_date?: string | null
  constraints?: Json[]
  time_spine?: Json
  /** Operations only: the place among the hooks of its project, from 0, and once it ran among all of them, from 1. */
  index?: number
  /** Unit tests only. */
  unit_test?: UnitTest
  /** Seeds: the project folder. */
  root_path?: string
  /** Generic tests only. */
  test_metadata?: TestMetadata
  column_name?: string | null
  attached_node?: string | null
  file_key_name?: string
}

/** A table of a declared source. */
export interface SourceNode {
  resource_type: 'source'
  unique_id: string
  name: string
  source_name: string
  source_description: string
  package_name: string
  path: string
  original_file_path: string
  fqn: string[]
  database: string
  schema: string
  identifier: string
  doc_blocks?: string[]
  loader: string
  loaded_at_field: string | null
  loaded_at_query: string | null
  freshness: Freshness | null
  external: Json
  unrendered_database: string | null
  unrendered_schema: string | null
  unrendered_config: Record<string, unknown>
  quoting: Record<string, boolean | null>
  config: SourceConfig
  tags: string[]
  description: string
  columns: Record<string, ColumnInfo>
  meta: Record<string, Json>
  source_meta: Record<string, Json>
  relation_name: string
  created_at: number
}

/** How old a source may be. */
export interface Freshness {
  warn_after: FreshnessLimit | null
  error_after: FreshnessLimit | null
  filter: string | null
}

/** A number of minutes, hours or days. */
export interface FreshnessLimit {
  count: number
  period: 'minute' | 'hour' | 'day'
}

/** A macro as the manifest lists it. */
export interface MacroNode {
  resource_type: 'macro'
  unique_id: string
  name: string
  package_name: string
  path: string
  original_file_path: string
  macro_sql: string
  depends_on: { macros: string[] }
  description: string
  meta: Record<string, Json>
  arguments: Json[]
}

/** A project as it was parsed: everything the graph holds, by unique id. */
export interface Manifest {
  readonly project: string
  readonly nodes: Map<string, Node>
  readonly sources: Map<string, SourceNode>
  readonly macros: Map<string, MacroNode>
  readonly refs: RefLookup
  /** Nodes with `enabled: false`. */
  readonly disabled: Map<string, Node>
  /** Each node's direct upstreams, sources included. */
  readonly parents: Map<string, readonly string[]>
  readonly children: Map<string, readonly string[]>
  /** Documentation blocks; absent in a manifest that is still being read. */
  docs?: ReadonlyMap<string, DocBlock>
  /** Exposures, metrics and their like, and groups; absent in a manifest that is still being read. */
  ends?: GraphEnds
}

/** A hook that ran, as messages name it: `shop.on-run-end.0`. */
export function hookName({ package_name: owner, tags, index = 1 }: Node): string {
  return `${owner}.${tags[0]}.${index - 1}`
}

/** Whether a node is one that `ref` can mean. */
export function isReferable({ resource_type: kind }: Node): boolean {
  return kind === 'model' || kind === 'seed' || kind === 'snapshot'
}

/** Whether a node stands for a relation that a run creates. */
export function isRelational(node: Node): boolean {
  return isReferable(node) && node.config.materialized !== 'ephemeral'
}
