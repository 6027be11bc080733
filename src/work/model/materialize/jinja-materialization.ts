import { toJavaScript } from '../../../base/jinja/index.ts'
import { failpoint, MillraceError } from '../../../base/kernel/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import type { Compilation } from '../compile.ts'
import type { Materializer, Namespace } from '../context/macro-library.ts'
import type { Node } from '../node.ts'
import { pythonStr } from '../python-text.ts'
import { isTree, listed } from '../read/config-tree.ts'
import { judge, type TestOutcome } from './data-test.ts'
import type { MaterializationInput, MaterializationResult } from './materialization.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { hasOverriddenPieces } from './overridden-pieces.ts'
import { transact } from './transact.ts'

/**
 * The materialization in Jinja that a node is to be built with, or undefined when the built-in one of TypeScript does:
 * it has no Jinja between its settings and its statements, but only settings that most projects use.
 */
export function jinjaMaterialization({ invocation }: Compilation, node: Node): Materializer | undefined {
  const { macros, dialect } = invocation
  const name = MATERIALIZED_AS[node.resource_type] ?? node.config.materialized
  const found = macros.materialization(name, dialect.adapter)
  if (!found?.builtin || !BUILT_IN_TYPESCRIPT.has(name)) return found
  const [, id = ''] = /([^.]+)$/.exec(found.id) ?? []
  const needed = hasRareSettings(node, dialect.adapter) || hasOverriddenPieces(invocation, id, node.package_name)
  return needed ? found : undefined
}

/** What the nodes of a kind are built as, whatever they are configured to be. */
const MATERIALIZED_AS: Readonly<Record<string, string>> = { test: 'test', seed: 'seed', snapshot: 'snapshot' }

const BUILT_IN_TYPESCRIPT: ReadonlySet<string> = new Set(['table', 'view', 'incremental', 'seed', 'snapshot', 'test'])

function hasRareSettings(node: Node, adapter: string): boolean {
  const { config, resource_type: kind } = node
  if (kind === 'test' || adapter !== 'duckdb') return false
  if (config['sql_header'] || listed(config['indexes']).length > 0) return true
  if (kind !== 'model') return false
  if (['partitioned_by', 'partition_by', 'sorted_by', 'sort_by'].some((name) => listed(config[name]).length > 0))
    return true
  return hasKeys(node)
}

/** Whether the enforced contract of a model has a key that others may refer to, or that refers to others. */
function hasKeys({ config, constraints, columns }: Node): boolean {
  if (!isTree(config['contract']) || config['contract']['enforced'] !== true) return false
  const all = [...listed(constraints), ...Object.values(columns).flatMap((column) => listed(column.constraints))]
  return all.some((one) => isTree(one) && /^(foreign_key|primary_key|unique)$/.test(String(one['type'])))
}

/** What a materialization in Jinja is run with. */
export interface JinjaRun {
  readonly connection: EngineConnection
  /** The node's context. */
  readonly context: Namespace
  readonly hooks: MaterializationInput['hooks']
  readonly record: MaterializationInput['record']
}

/**
 * Builds a node with a materialization written in Jinja, in one transaction: `adapter.commit()` does not end it, so
 * that a crash leaves nothing half done. Hooks that it runs outside of its transaction run around ours.
 * @throws MillraceError MODEL_INVALID when it does not return the relations it built, and what its statements throw
 */
export async function runJinjaMaterialization(
  { invocation, templates }: Compilation,
  node: Node,
  materialization: Materializer,
  { connection, context, hooks, record }: JinjaRun,
): Promise<MaterializationResult> {
  const file = node.original_file_path
  const around = (when: 'pre' | 'post'): boolean =>
    materialization.builtin || OUTSIDE[when].test(materialization.source)
  for (const when of ['pre', 'post'] as const)
    if (around(when)) context[`${when}_hooks`] = listed(context[`${when}_hooks`]).filter(isInside)
  context['write'] = (text: unknown) => {
    record(pythonStr(text).trim())
    return ''
  }
  context['_materialization'] = materialization.value
  let answer: unknown
  if (around('pre')) await hooks('pre', 'around')
  const log = (message: string): void => invocation.log(message, false)
  const build = (): Promise<void> =>
    transact({ node, connection, log }, async () => {
      answer = toJavaScript(await templates.evaluate('_materialization()', file, context))
      failpoint('model.before-commit')
    })
  // DuckDB confuses the indexes and keys of tables that are replaced at once.
  const alone = invocation.dialect.adapter === 'duckdb' && (hasKeys(node) || listed(node.config['indexes']).length > 0)
  if (alone) await oneAtATime(invocation.project, build)
  else await build()
  failpoint('model.after-commit')
  if (around('post')) await hooks('post', 'around')
  const relations = isTree(answer) ? answer['relations'] : undefined
  if (!Array.isArray(relations)) {
    throw new MillraceError(
      'MODEL_INVALID',
      `building ${node.name}: the materialization "${node.config.materialized}" does not return the relations it built`,
      { at: { file }, hint: "End it with {{ return({'relations': [target_relation]}) }}." },
    )
  }
  const response = await templates.evaluate("((load_result('main') or {}).response or 'OK') ~ ''", file, context)
  return { message: pythonStr(response) }
}

/**
 * Runs a data test by the Jinja form of dbt's `test`, in which a project has a macro of its own (`get_test_sql`).
 * @throws MillraceError what its statements throw
 */
export async function runJinjaTest(
  compilation: Compilation,
  node: Node,
  materialization: Materializer,
  run: JinjaRun & { readonly warnError: boolean },
): Promise<TestOutcome> {
  await runJinjaMaterialization(compilation, node, materialization, run)
  const { templates } = compilation
  const found = toJavaScript(
    await templates.evaluate("(load_result('main') or {}).data", node.original_file_path, run.context),
  )
  const [row] = Array.isArray(found) ? (found as unknown[]) : []
  const [failures, warn, error] = Array.isArray(row) ? (row as unknown[]) : []
  return judge(node, Number(failures ?? 0), Boolean(warn), Boolean(error), run.warnError)
}

const OUTSIDE = {
  pre: /run_hooks\(\s*pre_hooks\s*,\s*(?:inside_transaction\s*=\s*)?False/i,
  post: /run_hooks\(\s*post_hooks\s*,\s*(?:inside_transaction\s*=\s*)?False/i,
} as const

function isInside(hook: unknown): boolean {
  return !isTree(hook) || hook['transaction'] !== false
}
