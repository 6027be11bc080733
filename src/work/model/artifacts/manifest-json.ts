import type { Invocation } from '../context/node-context.ts'
import { constraintJson, contractChecksum } from '../contract/contract-checksum.ts'
import type { Manifest, Node, SourceNode } from '../node.ts'
import { freshnessJson } from '../read/source-settings.ts'
import type { Selectable } from '../select/selectable.ts'
import { unitTestJson } from '../unit-test/unit-test-nodes.ts'
import { artifactMetadata } from './metadata.ts'
import { primaryKeys } from './primary-keys.ts'

/** The manifest as dbt's manifest v12 (https://schemas.getdbt.com/dbt/manifest/v12.json). */
export function manifestJson(
  invocation: Invocation,
  manifest: Manifest,
  /** The selectors of selectors.yml, written out. */
  selectors: Readonly<Record<string, unknown>> = {},
): object {
  const keys = primaryKeys(manifest.nodes.values())
  const { ends } = manifest
  const dated = (one: object): object => ({ ...one, created_at: invocation.startedAt.getTime() / 1000 })
  const plain = (one: object): object => one
  const code = (node: Node): object => codeJson(node, keys.get(node.unique_id))
  return {
    metadata: {
      ...artifactMetadata(invocation, 'manifest/v12'),
      project_name: manifest.project,
      project_id: null,
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: invocation.dialect.adapter,
      quoting: { database: true, schema: true, identifier: true, column: null },
      run_started_at: invocation.startedAt.toISOString(),
    },
    nodes: mapped(ofKind(manifest.nodes, false), code),
    sources: mapped(manifest.sources, sourceJson),
    macros: mapped(manifest.macros, macroJson),
    docs: Object.fromEntries(manifest.docs ?? NONE),
    exposures: mapped(ends?.exposures ?? NONE, dated),
    metrics: mapped(ends?.metrics ?? NONE, dated),
    groups: mapped(ends?.groups ?? NONE, plain),
    selectors,
    disabled: mapped(manifest.disabled, (node) => [codeJson(node)]),
    parent_map: mapped(manifest.parents, (ids) => [...ids].sort()),
    child_map: mapped(manifest.children, (ids) => [...ids].sort()),
    group_map: groupMap(manifest),
    saved_queries: mapped(ends?.savedQueries ?? NONE, dated),
    semantic_models: mapped(ends?.semanticModels ?? NONE, dated),
    unit_tests: mapped(ofKind(manifest.nodes, true), unitTestJson),
    functions: {},
  }
}

const NONE: ReadonlyMap<string, object> = new Map()

/** Any member of the graph as the manifest has it. */
export function nodeJson(member: Selectable): object {
  if (member.resource_type === 'source') return sourceJson(member as unknown as SourceNode)
  return 'raw_code' in member ? codeJson(member as unknown as Node) : member
}

function ofKind(nodes: ReadonlyMap<string, Node>, unitTests: boolean): ReadonlyMap<string, Node> {
  return new Map([...nodes].filter(([, node]) => (node.resource_type === 'unit_test') === unitTests))
}

function mapped<T>(map: ReadonlyMap<string, T>, json: (one: T) => unknown): Record<string, unknown> {
  // An object that has a prototype gets a hidden class of its own for each of its first thousand members.
  const members: Record<string, unknown> = Object.create(null)
  for (const [id, one] of map) members[id] = json(one)
  return members
}

function codeJson(node: Node, primaryKey: readonly string[] = []): object {
  if (node.resource_type === 'unit_test') return unitTestJson(node)
  const { root_path: root, ...all } = node
  const rest = {
    doc_blocks: [],
    ...compiledFields(all),
    config: configJson(node.config),
    columns: columnsJson(node.columns),
  }
  if (node.resource_type === 'seed') {
    // A seed has no code, so dbt's schema gives it nothing that belongs to code.
    const { refs: _r, sources: _s, compiled: _c, compiled_code: _cc, compiled_path: _p, ...seed } = rest
    const { extra_ctes: _e, extra_ctes_injected: _i, language: _l, ...table } = seed
    return { ...table, root_path: root, depends_on: { macros: node.depends_on.macros } }
  }
  // What the node itself says wins over these.
  const usual = { metrics: [], functions: [], contract: contractJson(node) }
  if (node.resource_type !== 'model') return { ...usual, ...rest }
  return {
    ...usual,
    access: node.config['access'] ?? 'protected',
    constraints: [],
    version: null,
    latest_version: null,
    deprecation_date: null,
    primary_key: primaryKey,
    time_spine: null,
    ...rest,
  }
}

function contractJson(node: Node): object {
  const written = node.config['contract'] as { enforced?: boolean; alias_types?: boolean } | undefined
  const checksum = written?.enforced === true && node.resource_type === 'model' ? contractChecksum(node) : null
  return { enforced: written?.enforced ?? false, alias_types: written?.alias_types ?? true, checksum }
}

/** What was not compiled says nothing of its code, as in dbt. */
function compiledFields<T extends Partial<Node>>(node: T): Partial<T> {
  if (node.compiled) return node
  const { compiled: _, compiled_code: _code, extra_ctes: _ctes, extra_ctes_injected: _injected, ...rest } = node
  return rest as Partial<T>
}

/** A node's configuration with its hooks as dbt writes them. */
function configJson(config: Node['config']): object {
  const hook = (written: unknown) =>
    typeof written === 'string'
      ? { sql: written, transaction: true, index: null }
      : { transaction: true, index: null, ...(written as object) }
  const hooks = (['pre-hook', 'post-hook'] as const).flatMap((key) =>
    Array.isArray(config[key]) && config[key].length > 0 ? [[key, config[key].map(hook)] as const] : [],
  )
  return hooks.length === 0 ? config : { ...config, ...Object.fromEntries(hooks) }
}

function columnsJson(columns: Node['columns']): object {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      {
        granularity: null,
        dimension: null,
        entity: null,
        doc_blocks: [],
        ...column,
        constraints: column.constraints.map(constraintJson),
        config: { meta: column.meta, tags: column.tags },
      },
    ]),
  )
}

function macroJson(macro: Manifest['macros'] extends Map<string, infer M> ? M : never): object {
  return {
    patch_path: null,
    docs: { show: true, node_color: null },
    created_at: 0,
    supported_languages: null,
    config: { meta: {}, docs: { show: true, node_color: null } },
    ...macro,
  }
}

function sourceJson(source: SourceNode): object {
  const freshness = source.freshness && freshnessJson(source.freshness)
  return {
    patch_path: null,
    doc_blocks: [],
    ...source,
    freshness,
    columns: columnsJson(source.columns),
    config: { ...source.config, freshness },
  }
}

/** The nodes of each group. */
function groupMap({ nodes, ends }: Manifest): Record<string, string[]> {
  const groups: Record<string, string[]> = {}
  for (const { name } of ends?.groups.values() ?? []) groups[name] = []
  const members = [...nodes.values(), ...(ends?.metrics.values() ?? []), ...(ends?.semanticModels.values() ?? [])]
  for (const { unique_id: id, group } of members as { unique_id: string; group: string | null }[]) {
    if (group !== null) groups[group] = [...(groups[group] ?? []), id]
  }
  return groups
}
