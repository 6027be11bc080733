import { asMillraceError, type MillraceError } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { runContext } from '../compile.ts'
import { runJinjaMaterialization } from '../materialize/jinja-materialization.ts'
import { hasOverriddenPieces } from '../materialize/overridden-pieces.ts'
import type { Node } from '../node.ts'
import { relationOf } from '../node-names.ts'
import { relationInState } from '../state/defer.ts'
import { type NodeResult, resultOf } from './result.ts'
import { connectTo, createSchemas } from './run-node.ts'
import type { Session } from './session.ts'

/** The Jinja form, which is used when a project has its own form of a macro that it reaches. */
const CLONE = 'materialization_clone_default'

/**
 * `clone`: gives each node the content that the state's manifest says, as a view of it, for neither engine can share
 * a table's data. What exists stays, unless `--full-refresh` is said.
 */
export async function cloneNodes(session: Session, nodes: readonly Node[]): Promise<NodeResult[]> {
  const { deps, invocation } = session
  await using connection = await connectTo(deps, invocation.dialect)
  const work = nodes.filter((node) => node.config.materialized !== 'ephemeral')
  await createSchemas(session, connection, work)
  const emit = deps.onEvent ?? (() => undefined)
  const results: NodeResult[] = []
  for (const [at, node] of work.entries()) {
    const place = { index: at + 1, total: work.length }
    emit({ kind: 'started', node, ...place })
    const result = await cloned(session, node, connection)
    results.push(result)
    emit({ kind: 'finished', node, result, ...place })
  }
  return results
}

async function cloned(session: Session, node: Node, connection: EngineConnection): Promise<NodeResult> {
  const started = { at: new Date().toISOString(), ms: performance.now() }
  let message = 'OK'
  let error: MillraceError | undefined
  try {
    message = await clone(session, node, connection)
  } catch (thrown) {
    error = asMillraceError(thrown, 'MODEL_FAILED').located({ file: node.original_file_path })
  }
  const timing = [{ name: 'execute', started_at: started.at, completed_at: new Date().toISOString() }] as const
  return resultOf(node, { startedMs: started.ms, timing, message, error, adapter: session.invocation.dialect.adapter })
}

async function clone(session: Session, node: Node, connection: EngineConnection): Promise<string> {
  const { dialect, flags, log, macros } = session.invocation
  const source = relationInState(session.previous?.manifest?.members.get(node.unique_id))
  const written = macros.materialization('clone', dialect.adapter)
  if (written && (!written.builtin || hasOverriddenPieces(session.invocation, CLONE, node.package_name))) {
    const context = runContext(session, node, { connection, sql: `select * from ${source?.render() ?? ''}` })
    const run = { connection, context, hooks: async () => undefined, record: () => undefined }
    return (await runJinjaMaterialization(session, node, written, run)).message
  }
  if (!source) {
    log(`No relation found in state manifest for ${node.unique_id}`, false)
    return 'No relation found in state manifest'
  }
  const target = relationOf(node)
  const existing = await dialect.relationAt(connection, target)
  if (existing && !flags.fullRefresh) {
    log(`Relation ${existing.render()} already exists`, false)
    return 'No-op'
  }
  if (target.render() === source.render()) {
    log(`Target relation and defer relation are the same, skipping clone for relation: ${target.render()}`, false)
    return 'No-op'
  }
  await connection.transaction(async () => {
    if (existing) await connection.execute(dialect.drop(existing))
    await connection.execute(sql`create view ${target.sql()} as select * from ${source.sql()}`)
  })
  return 'OK'
}
