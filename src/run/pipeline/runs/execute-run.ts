import { setTimeout as sleep } from 'node:timers/promises'
import { asMillraceError, failpoint, MillraceError } from '../../../base/kernel/index.ts'
import { inOrder } from '../check-graph.ts'
import type { Printed } from '../code/evaluate.ts'
import { relativePlace } from '../code/user-error.ts'
import type { TaskContext, TaskOutput, TaskResult } from '../contract.ts'
import { FunctionPool } from '../functions/function-pool.ts'
import type { TaskNode } from '../graph.ts'
import { referencesIn } from '../references.ts'
import type { RunEvent } from './run-events.ts'
import type { RunOptions } from './run-pipeline.ts'
import type { RunRecord, RunStore } from './run-store.ts'
import { retryDelay, tryOnce, tryPolicy } from './try-task.ts'
import { type Ended, walkGraph } from './walk-graph.ts'

interface Execution extends RunOptions {
  readonly signal: AbortSignal
  readonly store: RunStore
  readonly chosen: ReadonlySet<string>
  /** Tasks that are not run again, with their outputs. */
  readonly done: ReadonlyMap<string, TaskOutput>
  /** Outputs at hand when the run starts, also of tasks that are not part of it. */
  readonly outputs: ReadonlyMap<string, TaskOutput>
}

/** What became of a run's tasks, and whether the time of the run as a whole was over. */
export interface Executed {
  readonly results: readonly TaskResult[]
  readonly timedOut: boolean
}

/**
 * Carries out the tasks of a run. Each start and each end is durable before what depends on it happens, so that
 * whoever takes the run up after a crash knows at least what was started and never believes in more than was done.
 */
export async function executeRun(run: RunRecord, execution: Execution): Promise<Executed> {
  const { store, chosen, done, project } = execution
  const say = execution.onEvent ?? (() => {})
  const outputs = new Map(execution.outputs)
  const results = new Map<string, TaskResult>()
  const tasks = inOrder(run.graph.tasks).filter(({ id }) => chosen.has(id))
  for (const { id, kind } of tasks) {
    const output = done.get(id)
    if (output) results.set(id, { task: id, kind, status: 'success', tries: 0, ms: 0, output, reused: true })
  }
  const triesBefore = new Map<string, number>()
  for (const { task, tryNumber } of await store.tries(run.runId)) {
    triesBefore.set(task, Math.max(tryNumber, triesBefore.get(task) ?? 0))
  }
  const onOutput = (printed: Printed): void => say({ type: 'output', ...printed })
  const pool =
    execution.functions ??
    new FunctionPool(project.dir, { onOutput, ...(execution.spare ? { spare: execution.spare } : {}) })
  await using _ = execution.functions ? undefined : pool
  const called = referencesIn(tasks.filter(({ id }) => !done.has(id)).map(({ options }) => options))
  const early = called.find((reference) => '$function' in reference)
  // The start of a worker takes as long as many a task; it goes on beside the first.
  if (early && '$function' in early) pool.prepare(early)
  const limit = run.graph.options.runTimeout
  const timeout = limit === undefined ? undefined : AbortSignal.timeout(limit)
  const signal = timeout ? AbortSignal.any([execution.signal, timeout]) : execution.signal

  const finish = (result: TaskResult): void => {
    results.set(result.task, result)
    const { error, kind: _, reused: __, ...told } = result
    say({ type: 'task-finished', ...told, ...(error ? { error: error.toJSON() } : {}) })
  }

  const runTask = async (node: TaskNode): Promise<Ended> => {
    const begin = Date.now()
    const policy = tryPolicy(node, run.graph.options)
    const first = (triesBefore.get(node.id) ?? 0) + 1
    const common = { task: node.id, kind: node.kind }
    for (let tryNumber = first; ; tryNumber += 1) {
      await store.beginTry(run.runId, node.id, tryNumber)
      failpoint('pipeline.task-started')
      say({ type: 'task-started', ...common, tryNumber })
      const tries = tryNumber - first + 1
      try {
        const work = (stop: AbortSignal) =>
          perform(node, contextOf(run, node, tryNumber, outputs, pool, stop, execution), execution)
        const output = await tryOnce(work, node.id, policy.timeoutMs, signal)
        await store.endTry(run.runId, node.id, tryNumber, 'success', { output })
        failpoint('pipeline.task-done')
        outputs.set(node.id, output)
        finish({ ...common, status: 'success', tries, ms: Date.now() - begin, output })
        return 'success'
      } catch (thrown) {
        const error = located(asMillraceError(thrown, 'TASK_FAILED'), run, node, project.dir)
        const status = signal.aborted ? 'cancelled' : 'failed'
        await store.endTry(run.runId, node.id, tryNumber, status, { error: error.toJSON() })
        const again = status === 'failed' && error.retry !== 'never' && tries <= policy.retries
        const delayMs = retryDelay(policy, tries)
        if (again) {
          say({ type: 'task-retry', task: node.id, tryNumber, error: error.toJSON(), delayMs })
          const { emailOnRetry, email } = run.graph.options
          if (emailOnRetry && email.length > 0) say(notSent(`task ${node.id} is tried again`, email))
          await sleep(delayMs, undefined, { signal }).catch(() => {})
        }
        if (again && !signal.aborted) continue
        const end = again ? 'cancelled' : status
        finish({ ...common, status: end, tries, ms: Date.now() - begin, error })
        return end
      }
    }
  }

  const skip = ({ id, kind }: TaskNode, status: 'upstream_failed' | 'cancelled'): void =>
    finish({ task: id, kind, status, tries: 0, ms: 0 })
  await walkGraph(tasks, {
    maxParallel: run.graph.options.maxParallel,
    done: new Set(done.keys()),
    signal,
    run: runTask,
    skip,
  })
  failpoint('pipeline.run-done')
  return { results: tasks.flatMap(({ id }) => results.get(id) ?? []), timedOut: timeout?.aborted === true }
}

/** No mail server can be configured yet, and what is not sent is said. */
export function notSent(what: string, to: readonly string[]): RunEvent {
  const message = `No mail server is configured: the notice that ${what} was not sent to ${to.join(', ')}.`
  return { type: 'notice', message }
}

/** Calls the kind with the task's options, checked once more by the version of the kind that runs now. */
function perform(node: TaskNode, context: TaskContext, { kinds }: Execution): Promise<TaskOutput> {
  const kind = kinds[node.kind]
  if (!kind) throw new MillraceError('PIPELINE_INVALID', `task ${node.id} is of the unknown kind ${node.kind}`)
  const options = kind.options.safeParse(node.options)
  if (!options.success) {
    throw new MillraceError('PIPELINE_INVALID', `the options of task ${node.id} are not those of ${node.kind}`, {
      cause: options.error,
      hint: 'The run began under another version of Millrace; start a new one.',
    })
  }
  return kind.run(options.data, context)
}

function contextOf(
  run: RunRecord,
  node: TaskNode,
  tryNumber: number,
  outputs: ReadonlyMap<string, TaskOutput>,
  pool: FunctionPool,
  signal: AbortSignal,
  { project, onEvent }: Execution,
): TaskContext {
  const say: (event: RunEvent) => void = onEvent ?? (() => {})
  const log: TaskContext['log'] = (level, message, data) =>
    say({ type: 'task-log', task: node.id, level, message, ...(data === undefined ? {} : { data }) })
  return {
    runId: run.runId,
    pipeline: run.graph.id,
    task: node.id,
    tryNumber,
    ds: run.interval.ds,
    interval: run.interval,
    idempotencyKey: `${run.graph.id}/${node.id}/${run.interval.start}`,
    inputs: Object.fromEntries(node.needs.map((need) => [need, outputs.get(need) ?? {}])),
    project,
    signal,
    log,
    progress: (progress) => say({ type: 'task-progress', task: node.id, ...progress }),
    call: (fn, args) => pool.call(fn, args, { signal, onLog: log }),
  }
}

/** An error with its place relative to the project; one without a place is placed at the task. */
function located(error: MillraceError, run: RunRecord, node: TaskNode, dir: string): MillraceError {
  const own = { file: run.graph.file, ...(node.line === undefined ? {} : { line: node.line }) }
  const at = error.at ? relativePlace(error.at, dir) : own
  if (at === error.at) return error
  const { cause, hint, retry, data } = error
  return new MillraceError(error.code, error.message, {
    at,
    retry,
    ...(cause === undefined ? {} : { cause }),
    ...(hint === undefined ? {} : { hint }),
    ...(data === undefined ? {} : { data }),
  })
}
