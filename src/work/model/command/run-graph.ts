import { asMillraceError, MillraceError } from '../../../base/kernel/index.ts'
import type { EngineConnection } from '../../../data/engine/index.ts'
import { CodeFiles } from '../artifacts/code-files.ts'
import { topological } from '../graph.ts'
import type { Node } from '../node.ts'
import { errorMessage } from './error-message.ts'
import { Journal } from './journal.ts'
import { knownRelations } from './known-relations.ts'
import { runProjectHooks } from './project-hooks.ts'
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
    const before = await runProjectHooks(session, first, 'start')
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
    if (before.some(isFailure)) {
      // As in dbt, the hooks at the end see nothing of what was held back.
      for (const id of order) skipped(id, 'a hook of on-run-start failed')
      return [...before, ...results, ...(await runProjectHooks(session, first, 'end'))]
    }
    const existing = await knownRelations(session.invocation.dialect, first, total)
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
    return [...before, ...results, ...(await runProjectHooks(session, first, 'end', results))]
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
