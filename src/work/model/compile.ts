import { native } from '../../base/jinja/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { flatText } from './context/flat-text.ts'
import type { Namespace } from './context/macro-library.ts'
import { type Invocation, type NodeMode, nodeContext } from './context/node-context.ts'
import { Relation } from './context/relation.ts'
import type { ModelTemplates } from './context/templates.ts'
import { renderForeignKeys } from './contract/foreign-keys.ts'
import { type Cte, cteName, injectCtes } from './ephemeral.ts'
import { findSource } from './link.ts'
import { type Batch, momentText } from './materialize/plan-batches.ts'
import type { Manifest, Node, RefArgs } from './node.ts'
import { quotePolicy, relationOf } from './node-relation.ts'
import type { PluginSources } from './plugin/plugin-sources.ts'
import { pythonStr } from './python-text.ts'
import { externalLocation } from './read/external-source.ts'
import { withTestArguments } from './read/test-arguments.ts'
import { refNotFound, sourceNotFound } from './read/unresolved.ts'

/** What compiling nodes of one invocation shares. */
export interface Compilation {
  readonly invocation: Invocation
  readonly templates: ModelTemplates
  readonly manifest: Manifest
  /** What stands for a relation that code refers to: another's with `--defer`, one of no rows with `--empty`. */
  readonly refer?: (id: string, relation: Relation) => Relation
  /** The window of event time that models and snapshots read of what has an `event_time`: `--sample`. */
  readonly sample?: Batch
  /** What stands for a node in the state that is deferred to: `defer_relation`. */
  readonly deferred?: (id: string) => Relation | undefined
  /** Brings sources into the database that a plugin of the profile reads. */
  readonly plugins?: PluginSources
  /** The unique ids that were selected: `selected_resources`. */
  readonly selected?: readonly string[]
}

/** How a node is compiled. */
export interface CompileOptions {
  /** For `run_query` and the adapter; without one, `execute` is false. */
  readonly connection?: EngineConnection
  /** Gives the connection when a node's code has to be rendered whole, in place of `connection`. */
  readonly connect?: () => Promise<EngineConnection>
  /** Whether the run adds to the node's table: `is_incremental()`. */
  readonly incremental?: boolean
  /** The window of event time that a microbatch model is built for: what it refers to is filtered by it. */
  readonly batch?: Batch
}

/**
 * Renders a node's code into SQL, with the ephemeral models it uses in front. The node keeps the result.
 * @throws MillraceError JINJA_*, REF_NOT_FOUND, SOURCE_NOT_FOUND, MODEL_INVALID
 */
export async function compileNode(compilation: Compilation, node: Node, options: CompileOptions = {}): Promise<string> {
  if (node.resource_type === 'seed') return ''
  const ctes = new Map<string, Cte>()
  const sql = injectCtes(await renderNode(compilation, node, options, ctes), [...ctes.values()])
  const { invocation, templates } = compilation
  await renderForeignKeys(templates, node, () => runContext(compilation, node, options), invocation.dialect.adapter)
  node.compiled = true
  node.compiled_code = sql
  node.extra_ctes = [...ctes.values()].map((cte) => ({ id: cte.id, sql: ` ${cte.name} as (\n${cte.sql}\n)` }))
  node.extra_ctes_injected = true
  return sql
}

/** The context a node's code or hooks are rendered in when they run. */
export function runContext(
  compilation: Compilation,
  node: Node,
  options: CompileOptions & { readonly sql?: string },
  used: Set<string> = new Set(),
): Namespace {
  const { batch } = options
  const shown = batch
    ? {
        ...node,
        batch: {
          id: batch.start.toISOString(),
          event_time_start: momentText(batch.start),
          event_time_end: momentText(batch.end),
        },
      }
    : node
  const names = nodeContext(compilation.invocation, shown, runMode(compilation, node, options, used))
  names['render'] = native('render', ({ args: [text] }) =>
    compilation.templates.render(pythonStr(text), node.original_file_path, names),
  )
  return names
}

/** What running a node means by `ref`, `source` and their kin; the ephemeral models among them are put into `used`. */
function runMode(
  compilation: Compilation,
  node: Node,
  options: CompileOptions & { readonly sql?: string },
  used: Set<string>,
): NodeMode {
  const { invocation, manifest } = compilation
  const place = { file: node.original_file_path, text: node.raw_code }
  const refer = (id: string, relation: Relation, eventTime: unknown): Relation => {
    const meant = compilation.refer?.(id, relation) ?? relation
    const window = narrowed(
      options.batch,
      /^(model|snapshot)$/.test(node.resource_type) ? compilation.sample : undefined,
    )
    if (!window || typeof eventTime !== 'string') return meant
    const [start, end] = [momentText(window.start), momentText(window.end)]
    return meant.filtered({
      condition: `${eventTime} >= '${start}' and ${eventTime} < '${end}'`,
      // DuckDB needs none, and the user may write one.
      alias: invocation.dialect.adapter === 'duckdb' ? '' : ` _dbt_et_filter_subq_${meant.identifier}`,
    })
  }
  return {
    execute: options.connection !== undefined,
    manifest,
    config: () => undefined,
    ref: (written) => {
      const found = manifest.refs.find(written, node.package_name)
      if (!found)
        throw refNotFound(place, written, refNames(manifest), manifest.disabled.has(disabledId(manifest, written)))
      const ephemeral = found.config.materialized === 'ephemeral'
      if (ephemeral) used.add(found.unique_id)
      const relation = ephemeral
        ? new Relation({ database: '', schema: '', identifier: cteName(found.name), type: 'cte' })
        : relationOf(found)
      return refer(found.unique_id, relation, found.config['event_time'])
    },
    source: (source, table) => {
      const found = findSource(manifest, source, table, node.package_name)
      if (!found) {
        const declared = [...manifest.sources.values()].map((one) => `${one.source_name}.${one.name}`)
        throw sourceNotFound(place, source, table, declared)
      }
      compilation.plugins?.named(found)
      const external = invocation.dialect.adapter === 'duckdb' ? externalLocation(found) : undefined
      if (external !== undefined) {
        const relation = new Relation({ database: '', schema: '', identifier: external, type: 'external' })
        return refer(found.unique_id, relation, found.config.event_time)
      }
      const path = { database: found.database, schema: found.schema, identifier: found.identifier }
      const quoting = quotePolicy(invocation.project.quoting, found.quoting)
      return refer(found.unique_id, new Relation(path, undefined, quoting), found.config.event_time)
    },
    deferred: compilation.deferred?.(node.unique_id),
    ...(compilation.selected === undefined ? {} : { selected: compilation.selected }),
    ...(options.connection === undefined ? {} : { connection: options.connection }),
    ...(options.incremental === undefined ? {} : { incremental: options.incremental }),
    ...(options.sql === undefined ? {} : { sql: options.sql }),
  }
}

/** What two windows have in common, or the one there is. */
function narrowed(batch: Batch | undefined, sample: Batch | undefined): Batch | undefined {
  if (!batch || !sample) return batch ?? sample
  return {
    start: sample.start > batch.start ? sample.start : batch.start,
    end: sample.end < batch.end ? sample.end : batch.end,
  }
}

async function renderNode(
  compilation: Compilation,
  node: Node,
  options: CompileOptions,
  ctes: Map<string, Cte>,
): Promise<string> {
  const { templates, manifest } = compilation
  const used = new Set<string>()
  const text =
    flatText(compilation.invocation, templates, node, runMode(compilation, node, options, used)) ??
    (await wholeText(compilation, node, options, used))
  for (const id of used) {
    const ephemeral = manifest.nodes.get(id)
    if (!ephemeral || ctes.has(id)) continue
    // What the ephemeral model itself uses comes before it.
    const sql = await renderNode(compilation, ephemeral, options, ctes)
    ctes.set(id, { id, name: cteName(ephemeral.name), sql: sql.replace(/;\s*$/, '') })
  }
  return text
}

/** A node's text with everything that templates may do. */
async function wholeText(
  compilation: Compilation,
  node: Node,
  options: CompileOptions,
  used: Set<string>,
): Promise<string> {
  const { templates } = compilation
  const connection = options.connection ?? (await options.connect?.())
  const context = runContext(compilation, node, { ...options, ...(connection ? { connection } : {}) }, used)
  if (node.test_metadata) await withTestArguments(node.test_metadata, node.original_file_path, templates, context)
  return templates.render(node.raw_code, node.original_file_path, context)
}

function refNames(manifest: Manifest): string[] {
  return [...manifest.nodes.values()].filter((node) => node.resource_type !== 'test').map((node) => node.name)
}

function disabledId(manifest: Manifest, written: Pick<RefArgs, 'name'>): string {
  return `model.${manifest.project}.${written.name}`
}
