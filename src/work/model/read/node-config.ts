import type { Json } from '../../../base/kernel/index.ts'
import type { NodeConfig, NodeType } from '../node.ts'
import { finalGrants, isTree, listed, overlay, type Tree } from './config-tree.ts'

const SHARED = {
  enabled: true,
  alias: null,
  schema: null,
  database: null,
  tags: [],
  meta: {},
  group: null,
  static_analysis: null,
} as const

const RELATIONAL = {
  incremental_strategy: null,
  batch_size: null,
  lookback: 1,
  begin: null,
  persist_docs: {},
  'post-hook': [],
  'pre-hook': [],
  quoting: {},
  column_types: {},
  full_refresh: null,
  unique_key: null,
  on_schema_change: 'ignore',
  on_configuration_change: 'apply',
  grants: {},
  packages: [],
  docs: { show: true, node_color: null },
  contract: { enforced: false, alias_types: true },
  event_time: null,
  concurrent_batches: null,
} as const

const DEFAULTS: Record<NodeType, Tree> = {
  model: {
    ...SHARED,
    materialized: 'view',
    ...RELATIONAL,
    access: 'protected',
    freshness: null,
    on_error: null,
    latest_version_pointer: { enabled: null, alias: null },
  },
  analysis: { ...SHARED, materialized: 'view', ...RELATIONAL },
  operation: { ...SHARED, materialized: 'view', ...RELATIONAL },
  seed: { ...SHARED, materialized: 'seed', ...RELATIONAL, delimiter: ',', quote_columns: null },
  snapshot: {
    ...SHARED,
    materialized: 'snapshot',
    ...RELATIONAL,
    strategy: null,
    unique_key: null,
    target_schema: null,
    target_database: null,
    updated_at: null,
    check_cols: null,
    snapshot_meta_column_names: {
      dbt_valid_to: null,
      dbt_valid_from: null,
      dbt_scd_id: null,
      dbt_updated_at: null,
      dbt_is_deleted: null,
    },
    dbt_valid_to_current: null,
  },
  unit_test: { enabled: true, materialized: 'unit', tags: [], meta: {}, alias: null, schema: null, database: null },
  test: {
    ...SHARED,
    schema: 'dbt_test__audit',
    materialized: 'test',
    severity: 'ERROR',
    store_failures: null,
    store_failures_as: null,
    sql_header: null,
    where: null,
    limit: null,
    fail_calc: 'count(*)',
    warn_if: '!= 0',
    error_if: '!= 0',
  },
}

/** A node's configuration from its layers, the first laid lowest: dbt_project.yml, properties, the file itself. */
export function mergeConfig(kind: NodeType, layers: readonly Tree[]): NodeConfig {
  const merged = layers.reduce<Record<string, unknown>>((under, over) => overlay(under, over), { ...DEFAULTS[kind] })
  if (kind === 'seed') merged['materialized'] = 'seed'
  if (kind === 'test') merged['materialized'] = 'test'
  if (kind === 'unit_test') merged['materialized'] = 'unit'
  if (isTree(merged['grants'])) merged['grants'] = finalGrants(merged['grants'])
  if (kind === 'test') Object.assign(merged, keptFailures(merged))
  return {
    ...merged,
    enabled: merged['enabled'] !== false && merged['enabled'] !== 'false',
    materialized: String(merged['materialized']),
    tags: listed(merged['tags']).map(String),
    meta: (isTree(merged['meta']) ? merged['meta'] : {}) as Record<string, Json>,
    alias: textOrNull(merged['alias']),
    schema: textOrNull(merged['schema']),
    database: textOrNull(merged['database']),
  }
}

/** Whether and as what a data test keeps the rows it finds: `store_failures_as` wins over `store_failures`. */
function keptFailures({ store_failures: kept, store_failures_as: as }: Tree): Tree {
  if (as !== null) return { store_failures: as !== 'ephemeral' }
  return { store_failures_as: kept === null ? null : kept ? 'table' : 'ephemeral' }
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined || value === '' ? null : String(value)
}
