import { createHash } from 'node:crypto'
import { asMillraceError } from '../../../base/kernel/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { CodeFiles } from '../artifacts/code-files.ts'
import { runContext } from '../compile.ts'
import { hookName, type Node } from '../node.ts'
import type { DbtProject } from '../read/dbt-project.ts'
import { newNode } from '../read/new-node.ts'
import { rootReader } from '../read/reader.ts'
import { adapterResponse, isFailure, type NodeResult, threadName } from './result.ts'
import type { Session } from './session.ts'

/** When a hook of dbt_project.yml runs. */
type Moment = 'start' | 'end'

/**
 * Puts `on-run-start` and `on-run-end` of the project and its packages into the manifest, as dbt does: as operations
 * `operation.shop.shop-on-run-start-0`, which stand beside the graph and cannot be selected.
 */
export function addProjectHooks(session: Session): void {
  const { nodes, parents, children } = session.manifest
  for (const project of projects(session)) {
    for (const moment of ['start', 'end'] as const) {
      written(project, moment).forEach((text, at) => {
        const node = hookNode(session, project, { moment, at, text })
        nodes.set(node.unique_id, node)
        ;(parents as Map<string, readonly string[]>).set(node.unique_id, [])
        ;(children as Map<string, readonly string[]>).set(node.unique_id, [])
      })
    }
  }
}

/**
 * Runs the hooks of one moment, those of packages first. After one that fails the others are skipped; each is a
 * result, as in dbt from 1.8 on.
 * @throws what a hook's template throws, and CANCELLED
 */
export async function runProjectHooks(
  session: Session,
  connection: EngineConnection,
  moment: Moment,
  results: readonly NodeResult[] = [],
): Promise<NodeResult[]> {
  const { deps, manifest } = session
  const emit = deps.onEvent ?? (() => undefined)
  const hooks = projects(session).flatMap((project) =>
    written(project, moment).flatMap((_, at) => manifest.nodes.get(hookId(project, moment, at)) ?? []),
  )
  using files = new CodeFiles(session.invocation)
  const done: NodeResult[] = []
  for (const [at, node] of hooks.entries()) {
    const place = { index: at + 1, total: hooks.length }
    node.index = place.index
    const name = hookName(node)
    const base = { ...named(node), message: `${name} skipped`, failures: 1, executionMs: 0, timing: [] }
    let result: NodeResult = { ...base, status: 'skipped' }
    if (!done.some(isFailure)) {
      const started = { at: new Date().toISOString(), ms: performance.now() }
      const context = runContext(session, node, { connection })
      if (moment === 'end') Object.assign(context, endNames(session, results))
      const sql = await session.templates.render(node.raw_code, node.original_file_path, context)
      Object.assign(node, { compiled: true, compiled_code: sql, extra_ctes_injected: true })
      if (deps.artifacts !== false) files.keep(node, 'compiled', sql)
      const compiled = new Date().toISOString()
      emit({ kind: 'started', node, ...place })
      const ended = await execute(sql, connection, session)
      const timing: NodeResult['timing'] = [
        { name: 'compile', started_at: started.at, completed_at: compiled },
        { name: 'execute', started_at: compiled, completed_at: new Date().toISOString() },
      ]
      const took = { executionMs: performance.now() - started.ms, timing }
      result = ended
        ? {
            ...base,
            ...took,
            status: 'error',
            message: `${name} failed, error:\n ${ended.message}`,
            error: ended.toJSON(),
          }
        : { ...base, ...took, status: 'success', message: `${name} passed`, failures: 0 }
    }
    done.push(result)
    emit({ kind: 'finished', node, result, ...place })
  }
  return done
}

async function execute(sql: string, connection: EngineConnection, { deps: { signal } }: Session) {
  if (sql.trim() === '') return undefined
  try {
    await connection.script(sql, signal ? { signal } : {})
    return undefined
  } catch (thrown) {
    if (signal?.aborted) throw asMillraceError(signal.reason, 'CANCELLED')
    return asMillraceError(thrown, 'MODEL_FAILED').located({ file: 'dbt_project.yml' })
  }
}

/** Packages by name, then the project itself. */
function projects({ invocation: { project: root, packages } }: Session): DbtProject[] {
  const others = [...packages.values()].map(({ project }) => project).filter(({ name }) => name !== root.name)
  return [...others.sort((a, b) => (a.name < b.name ? -1 : 1)), root]
}

function written(project: DbtProject, moment: Moment): readonly string[] {
  return moment === 'start' ? project.onRunStart : project.onRunEnd
}

function hookId({ name }: DbtProject, moment: Moment, at: number): string {
  return `operation.${name}.${name}-on-run-${moment}-${at}`
}

function hookNode(
  { invocation, templates }: Session,
  project: DbtProject,
  { moment, at, text }: { readonly moment: Moment; readonly at: number; readonly text: string },
): Node {
  const name = `${project.name}-on-run-${moment}-${at}`
  const sha256 = createHash('sha256').update(text).digest('hex')
  const file = { file: '', path: `hooks/${name}.sql`, originalPath: './dbt_project.yml', text, sha256 }
  const node = newNode(rootReader(invocation, templates), 'operation', file, name, undefined)
  return {
    ...node,
    unique_id: hookId(project, moment, at),
    package_name: project.name,
    fqn: [project.name, 'hooks', name],
    tags: [`on-run-${moment}`],
    raw_code: text,
    index: at,
  }
}

function named(node: Node): Pick<NodeResult, 'unique_id' | 'name' | 'resource_type' | 'relation_name' | 'thread'> {
  const { unique_id, name, resource_type } = node
  return { unique_id, name, resource_type, relation_name: null, thread: 0 }
}

/** An object of dbt's, of which templates may ask a dict. */
function dictable<T extends object>(told: T): T & { readonly to_dict: () => T } {
  return { ...told, to_dict: () => told }
}

/** What only `on-run-end` sees: the results, and the schemas that were built in. */
function endNames({ manifest }: Session, results: readonly NodeResult[]): Record<string, unknown> {
  const built = results.flatMap(({ unique_id, status }) => {
    const node = manifest.nodes.get(unique_id)
    return node && node.relation_name !== null && status !== 'skipped' ? [node] : []
  })
  const places = new Map(built.map(({ database, schema }) => [`${database}.${schema}`, [database, schema]]))
  return {
    schemas: [...new Set(built.map(({ schema }) => schema))],
    database_schemas: [...places.values()],
    results: results.map((result) => {
      const node = manifest.nodes.get(result.unique_id)
      const told = {
        ...result,
        timing: result.timing.map(dictable),
        node: node ? dictable({ ...node }) : null,
        execution_time: result.executionMs / 1000,
        thread_id: threadName(result),
        adapter_response: adapterResponse(result),
      }
      return dictable(told)
    }),
  }
}
