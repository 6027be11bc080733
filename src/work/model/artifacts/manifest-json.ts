import type { Manifest, Node, SourceNode } from '../node.ts'
import type { Invocation } from '../node-context.ts'
import type { Selectable } from '../select/selectable.ts'
import { artifactMetadata } from './metadata.ts'

/** The manifest as dbt's manifest v12, as far as these nodes go. */
export function manifestJson(invocation: Invocation, manifest: Manifest): object {
  return {
    metadata: {
      ...artifactMetadata(invocation, 'manifest/v12'),
      project_name: manifest.project,
      project_id: null,
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: invocation.dialect.adapter,
    },
    nodes: Object.fromEntries([...manifest.nodes].map(([id, node]) => [id, codeJson(node)])),
    sources: Object.fromEntries([...manifest.sources].map(([id, source]) => [id, sourceJson(source)])),
    macros: Object.fromEntries(manifest.macros),
    docs: {},
    exposures: {},
    metrics: {},
    groups: {},
    selectors: {},
    disabled: Object.fromEntries([...manifest.disabled].map(([id, node]) => [id, [codeJson(node)]])),
    parent_map: Object.fromEntries(manifest.parents),
    child_map: Object.fromEntries(manifest.children),
    group_map: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
    functions: {},
  }
}

/** Any member of the graph as the manifest has it. */
export function nodeJson(member: Selectable): object {
  if (member.resource_type === 'source') return sourceJson(member as unknown as SourceNode)
  return 'raw_code' in member ? codeJson(member as unknown as Node) : member
}

function codeJson(node: Node): object {
  const { root_path: root, ...all } = node
  const rest = { ...all, doc_blocks: [], columns: columnsJson(node.columns) }
  if (node.resource_type === 'seed') {
    // A seed has no code, so dbt's schema gives it nothing that belongs to code.
    const { refs: _r, sources: _s, compiled: _c, compiled_code: _cc, compiled_path: _p, ...seed } = rest
    const { extra_ctes: _e, extra_ctes_injected: _i, language: _l, ...table } = seed
    return { ...table, root_path: root, depends_on: { macros: [] } }
  }
  const code = {
    ...rest,
    metrics: [],
    functions: [],
    contract: { enforced: false, alias_types: true, checksum: null },
  }
  if (node.resource_type !== 'model') return code
  return {
    ...code,
    access: node.config['access'] ?? 'protected',
    constraints: [],
    version: null,
    latest_version: null,
    deprecation_date: null,
    primary_key: [],
    time_spine: null,
  }
}

function columnsJson(columns: Node['columns']): object {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      {
        ...column,
        config: { meta: column.meta, tags: column.tags },
        granularity: null,
        dimension: null,
        entity: null,
        doc_blocks: [],
      },
    ]),
  )
}

function sourceJson(source: SourceNode): object {
  return { ...source, unrendered_config: {}, patch_path: null, external: null }
}
