import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { NodeResult } from '../command/result.ts'
import type { Manifest, Node, SourceNode } from '../node.ts'
import type { Invocation } from '../node-context.ts'

/** The version of dbt whose artifacts and templates these agree with. */
export const DBT_VERSION = '1.12.0'

interface Metadata {
  readonly dbt_schema_version: string
  readonly dbt_version: string
  readonly generated_at: string
  readonly invocation_id: string
  readonly env: Record<string, string>
}

function metadata(invocation: Invocation, schema: string): Metadata {
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${schema}.json`,
    dbt_version: DBT_VERSION,
    generated_at: new Date().toISOString(),
    invocation_id: invocation.id,
    env: {},
  }
}

/** The manifest as dbt's manifest v12, as far as these nodes go. */
export function manifestJson(invocation: Invocation, manifest: Manifest): object {
  return {
    metadata: {
      ...metadata(invocation, 'manifest/v12'),
      project_name: manifest.project,
      project_id: null,
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: invocation.dialect.adapter,
    },
    nodes: Object.fromEntries([...manifest.nodes].map(([id, node]) => [id, nodeJson(node)])),
    sources: Object.fromEntries([...manifest.sources].map(([id, source]) => [id, sourceJson(source)])),
    macros: Object.fromEntries(manifest.macros),
    docs: {},
    exposures: {},
    metrics: {},
    groups: {},
    selectors: {},
    disabled: Object.fromEntries([...manifest.disabled].map(([id, node]) => [id, [nodeJson(node)]])),
    parent_map: Object.fromEntries(manifest.parents),
    child_map: Object.fromEntries(manifest.children),
    group_map: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
    functions: {},
  }
}

function nodeJson(node: Node): object {
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
  if (node.resource_type === 'test') return code
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

/** Results as dbt's run-results v6. */
export function runResultsJson(
  invocation: Invocation,
  manifest: Manifest,
  run: { readonly results: readonly NodeResult[]; readonly elapsedMs: number; readonly args: object },
): object {
  return {
    metadata: metadata(invocation, 'run-results/v6'),
    results: run.results.map((result) => {
      const node = manifest.nodes.get(result.unique_id)
      const code = node && node.resource_type !== 'seed'
      return {
        status: result.status,
        timing: result.timing,
        thread_id: `Thread-${result.thread}`,
        execution_time: result.executionMs / 1000,
        adapter_response: {
          ...(result.message === null || result.error ? {} : { _message: result.message }),
          ...(result.code === undefined ? {} : { code: result.code }),
          ...(result.rows === undefined ? {} : { rows_affected: result.rows }),
        },
        message: result.message,
        failures: result.failures,
        unique_id: result.unique_id,
        compiled: code ? node.compiled : null,
        compiled_code: code ? node.compiled_code : null,
        relation_name: result.relation_name,
        batch_results: null,
      }
    }),
    elapsed_time: run.elapsedMs / 1000,
    args: run.args,
  }
}

/** Writes a file of the target folder whole or not at all. */
export async function writeArtifact(file: string, content: string | object): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.tmp`
  await writeFile(temporary, typeof content === 'string' ? content : JSON.stringify(content))
  await rename(temporary, file)
}

/** Keeps a node's SQL below the target folder, as `target/compiled/shop/models/a.sql`, and notes where. */
export async function keepCode(
  invocation: Invocation,
  node: Node,
  folder: 'compiled' | 'run',
  sql: string,
): Promise<void> {
  const { project } = invocation
  const file = node.test_metadata ? `${node.original_file_path}/${node.path}` : node.original_file_path
  const path = join(project.targetPath, folder, project.name, file)
  if (folder === 'compiled') node.compiled_path = path
  else node.build_path = path
  await writeArtifact(join(project.dir, path), sql)
}
