import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { CodeFiles } from '../artifacts/code-files.ts'
import { runContext } from '../compile.ts'
import { topological } from '../graph.ts'
import type { Node } from '../node.ts'
import { errorMessage } from './error-message.ts'
import { Journal } from './journal.ts'
import { knownRelations } from './known-relations.ts'
import type { NodeResult } from './result.ts'
import { isFailure } from './result.ts'
import { connectTo, createSchemas, type NodeOutcome, runNode } from './run-node.ts'
import { type Outcome, workThrough } from './schedule.ts'
import type { Session } from './session.ts'
import { waitsFor } from './waits-for.ts'

/**
 * Runs nodes in the order of the graph on several connections. What failed holds back what is built on it.
 * @throws MillraceError CANCELLED
 */
export async function runGraph(session: Session, nodes: readonly Node[]): Promise<NodeResult[]> {
  const { deps, options } = session
  const work = nodes.filter((node) => node.config.materialized !== 'ephemeral')
  const total = work.length
  const threads = Math.min(options.threads ?? 4, Math.max(total, 1))
  const byId = new Map(work.map((node) => [node.unique_id, node]))
  const order = topological(session.manifest.parents).filter((id) => byId.has(id))
  const results: NodeResult[] = []
  const emit = deps.onEvent ?? (() => undefined)
  let index = 0
  const lanes: EngineConnection[] = []
  using files = new CodeFiles(session.invocation)
  const journal = deps.artifacts === false ? undefined : await Journal.start(session, order)
  try {
    for (let lane = 0; lane < threads; lane += 1) lanes.push(await connectTo(deps, session.invocation.dialect))
    const [first] = lanes
    if (!first) return []
    await createSchemas(session, first, work)
    await runProjectHooks(session, first, 'start')
    const existing = await knownRelations(session.invocation.dialect, first, total)
    const finish = (node: Node, result: NodeResult, at: number): void => {
      results.push(result)
      journal?.note(result)
      emit({ kind: 'finished', node, result, index: at, total })
    }
    const skipped = (id: string, message: string): void => {
      const node = byId.get(id)
      if (!node) return
      index += 1
      finish(node, { ...unfinished(node), status: 'skipped', message, executionMs: 0, thread: 1, timing: [] }, index)
    }
    await workThrough({
      order,
      waitsFor: waitsFor(session.manifest, byId, session.command),
      threads,
      work: async (id, lane) => {
        const node = byId.get(id)
        const connection = lanes[lane]
        if (!node || !connection) throw new MillraceError('INTERNAL', `the run has no node ${id}`)
        if (deps.signal?.aborted) return 'stop'
        index += 1
        const at = index
        emit({ kind: 'started', node, index: at, total })
        const result = await timed(session, node, { connection, lane, existing, files })
        finish(node, result, at)
        return outcomeOf(result, options.failFast ?? false)
      },
      skip: (id, because) => skipped(id, `${byId.get(because)?.name ?? because} did not succeed`),
      abandon: (id) => skipped(id, 'the run was stopped'),
    })
    if (deps.signal?.aborted) throw asMillraceError(deps.signal.reason, 'CANCELLED')
    await runProjectHooks(session, first, 'end', results)
    return results
  } finally {
    journal?.close()
    await Promise.all(lanes.map((lane) => lane[Symbol.asyncDispose]()))
  }
}

function outcomeOf(result: NodeResult, failFast: boolean): Outcome {
  if (!isFailure(result)) return 'ok'
  return failFast ? 'stop' : 'blocked'
}

interface Lane {
  readonly connection: EngineConnection
  readonly lane: number
  readonly existing: Awaited<ReturnType<typeof knownRelations>>
  readonly files: CodeFiles
}

async function timed(session: Session, node: Node, { connection, lane, existing, files }: Lane): Promise<NodeResult> {
  const { deps, options } = session
  const started = { at: new Date(), ms: performance.now() }
  let compiledAt: Date | undefined
  let outcome: NodeOutcome | undefined
  let error: MillraceError | undefined
  try {
    outcome = await runNode(session, node, {
      connection,
      ...(existing ? { existing } : {}),
      warnError: session.policy('LogTestResult') === 'error',
      threads: options.threads ?? 4,
      connect: () => connectTo(deps, session.invocation.dialect),
      compiled: () => {
        compiledAt = new Date()
      },
      ...(deps.signal ? { signal: deps.signal } : {}),
    })
  } catch (thrown) {
    error = failed(node, thrown)
  }
  if (deps.artifacts !== false) {
    if (compiledAt && node.compiled_code !== null) files.keep(node, 'compiled', node.compiled_code)
    if (outcome) files.keep(node, 'run', outcome.statements.join(';\n'))
    // Whoever reads of an error looks into the file.
    if (!outcome || isFailure(outcome)) files.flush()
  }
  const middle = (compiledAt ?? new Date()).toISOString()
  const base = {
    ...unfinished(node),
    executionMs: performance.now() - started.ms,
    thread: lane + 1,
    timing: [
      { name: 'compile' as const, started_at: started.at.toISOString(), completed_at: middle },
      { name: 'execute' as const, started_at: middle, completed_at: new Date().toISOString() },
    ],
  }
  if (error) {
    const message = errorMessage(node, error, session.invocation.dialect.adapter)
    return { ...base, status: 'error', message, error: error.toJSON() }
  }
  const { statements: _, ...answer } = outcome as NodeOutcome
  return { ...base, ...answer }
}

function unfinished(
  node: Node,
): Pick<NodeResult, 'unique_id' | 'name' | 'resource_type' | 'failures' | 'relation_name' | 'message'> {
  return {
    unique_id: node.unique_id,
    name: node.name,
    resource_type: node.resource_type,
    failures: null,
    relation_name: node.relation_name,
    message: null,
  }
}

/** Any error of a node as one that names the node and its file. */
function failed(node: Node, thrown: unknown): MillraceError {
  const error = asMillraceError(thrown, 'MODEL_FAILED')
  if (error.message.includes(node.name) || error.message.includes(node.original_file_path)) {
    return error.located({ file: node.original_file_path })
  }
  return new MillraceError(
    error.code,
    `${node.resource_type === 'test' ? 'testing' : 'building'} ${node.name}: ${error.message}`,
    {
      at: error.at?.file === undefined ? { file: node.original_file_path } : error.at,
      cause: thrown,
      retry: error.retry,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.data === undefined ? {} : { data: error.data }),
    },
  )
}

/** `on-run-start` and `on-run-end` of dbt_project.yml: those of packages first, then the project's own. */
async function runProjectHooks(
  session: Session,
  connection: EngineConnection,
  when: 'start' | 'end',
  results: readonly NodeResult[] = [],
): Promise<void> {
  const { project: root, packages } = session.invocation
  const others = [...packages.values()].map(({ project }) => project).filter(({ name }) => name !== root.name)
  const [some] = session.manifest.nodes.values()
  if (!some) return
  for (const project of [...others, root]) {
    for (const hook of when === 'start' ? project.onRunStart : project.onRunEnd) {
      const node: Node = {
        ...some,
        name: `on-run-${when}`,
        package_name: project.name,
        raw_code: hook,
        original_file_path: 'dbt_project.yml',
      }
      const context = runContext(session, node, { connection })
      if (when === 'end') Object.assign(context, endNames(session, results))
      const text = await session.templates.render(hook, 'dbt_project.yml', context)
      if (text.trim() !== '') await connection.script(text, session.deps.signal ? { signal: session.deps.signal } : {})
    }
  }
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
        thread_id: `Thread-${result.thread} (worker)`,
        adapter_response: {},
      }
      return dictable(told)
    }),
  }
}
