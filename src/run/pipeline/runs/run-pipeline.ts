import { formatDuration, MillraceError, newId } from '../../../base/kernel/index.ts'
import { claim, keepLease, thisProcess } from '../../../base/state/index.ts'
import { inOrder } from '../check-graph.ts'
import type { ProjectServices, RunStatus, TaskKinds, TaskOutput, TaskResult } from '../contract.ts'
import type { FunctionPool } from '../functions/function-pool.ts'
import type { SpareWorker } from '../functions/spare-worker.ts'
import type { PipelineGraph } from '../graph.ts'
import type { Interval } from '../schedule/interval.ts'
import { type Executed, executeRun, notSent } from './execute-run.ts'
import type { RunEvent } from './run-events.ts'
import { continued, outputsFor, selected } from './run-start.ts'
import { type RunRecord, RunStore } from './run-store.ts'

export interface RunOptions {
  readonly project: ProjectServices
  readonly kinds: TaskKinds
  readonly onEvent?: (event: RunEvent) => void
  readonly signal?: AbortSignal
  /** What to do about a run of the interval whose process died: go on with it (the default), or begin anew. */
  readonly afterCrash?: 'continue' | 'restart'
  /** Workers that outlive the run, for several in a row; by default a run has its own and ends them. */
  readonly functions?: FunctionPool
  /** The process that evaluated the pipeline, to become the first worker. */
  readonly spare?: SpareWorker
}

/** What became of a run. */
export interface RunResult {
  readonly runId: string
  readonly pipeline: string
  readonly interval: Interval
  readonly status: Exclude<RunStatus, 'running' | 'crashed'>
  readonly ms: number
  /** In an order in which they can run. */
  readonly tasks: readonly TaskResult[]
  /** RUN_FAILED with the first failed task's error as its cause, or CANCELLED. */
  readonly error?: MillraceError
}

/**
 * Runs a pipeline for an interval. Running the same interval again runs all tasks again, which replace what they
 * wrote before. When a run of the interval was cut off by a crash and the code is the same, it is continued: tasks
 * that had succeeded are not run again. A task that fails is told in the result, not thrown.
 * @throws MillraceError RUN_IN_PROGRESS, RUN_DEPENDS_ON_PAST, STATE_*
 */
export async function runPipeline(graph: PipelineGraph, interval: Interval, options: RunOptions): Promise<RunResult> {
  return startRun(graph, interval, undefined, options)
}

/**
 * Runs chosen tasks of a pipeline alone, as `millrace task run` does. What they need from other tasks is taken from
 * the newest success of those for the same interval.
 * @throws MillraceError TASK_UNKNOWN, UPSTREAM_MISSING, RUN_IN_PROGRESS
 */
export async function runTasks(
  graph: PipelineGraph,
  tasks: readonly string[],
  interval: Interval,
  options: RunOptions,
): Promise<RunResult> {
  return startRun(graph, interval, tasks, options)
}

/**
 * Takes up a run that failed, was cancelled or crashed: tasks that have succeeded stay as they are, the others run
 * with the code the run began with.
 * @throws MillraceError RUN_UNKNOWN, RUN_IN_PROGRESS, FUNCTION_CHANGED
 */
export async function resumeRun(runId: string, options: RunOptions): Promise<RunResult> {
  const store = await RunStore.open(options.project.state)
  const record = await store.find(runId)
  if (!record)
    throw new MillraceError('RUN_UNKNOWN', `there is no run ${runId}`, {
      hint: 'The id of a run stands in what it printed and in the table pipeline_runs of the state.',
    })
  return withLease(record.graph, record.interval, options, async (signal) => {
    const crashed = record.status === 'running'
    const outputs = await continued(store, record)
    return carryOut(store, record, outputs, crashed ? 'after-crash' : 'resumed', { ...options, signal })
  })
}

async function startRun(
  graph: PipelineGraph,
  interval: Interval,
  only: readonly string[] | undefined,
  options: RunOptions,
): Promise<RunResult> {
  const tasks = selected(graph, only)
  const store = await RunStore.open(options.project.state)
  return withLease(graph, interval, options, async (signal) => {
    const within = { ...options, signal }
    // The lease is ours, so whoever left these runs open is gone.
    const [crashed, ...older] = await store.runs(graph.id, { intervalStart: interval.start, status: ['running'] })
    const canContinue =
      crashed !== undefined &&
      options.afterCrash !== 'restart' &&
      crashed.graph.hash === graph.hash &&
      JSON.stringify(crashed.only) === JSON.stringify(only)
    for (const lost of canContinue ? older : [crashed, ...older]) {
      if (lost) await store.end(lost.runId, 'crashed')
    }
    if (canContinue) return carryOut(store, crashed, await continued(store, crashed), 'after-crash', within)
    if (graph.options.dependsOnPast && only === undefined) await checkPast(store, graph, interval)
    const outputs = await outputsFor(store, graph, tasks, interval, only !== undefined)
    const run = { runId: newId(), graph, interval, startedAt: Date.now(), ...(only ? { only } : {}) }
    await store.begin(run)
    return carryOut(store, { ...run, status: 'running' }, outputs, undefined, within)
  })
}

async function carryOut(
  store: RunStore,
  run: RunRecord,
  outputs: ReadonlyMap<string, TaskOutput>,
  why: 'resumed' | 'after-crash' | undefined,
  options: RunOptions & { readonly signal: AbortSignal },
): Promise<RunResult> {
  const chosen = selected(run.graph, run.only)
  const done = run.only && why === undefined ? new Map<string, TaskOutput>() : outputs
  const begin = Date.now()
  const say = options.onEvent ?? (() => {})
  say({
    type: 'run-started',
    runId: run.runId,
    pipeline: run.graph.id,
    interval: run.interval,
    tasks: inOrder(run.graph.tasks)
      .filter(({ id }) => chosen.has(id))
      .map(({ id, kind }) => ({ id, kind })),
    done: [...done.keys()].filter((id) => chosen.has(id)),
    ...(why ? { continued: why } : {}),
  })
  const executed = await executeRun(run, { ...options, chosen, done, outputs, store })
  // Whoever has the lease now decides about the run.
  if (options.signal.reason?.code === 'STATE_LEASE_LOST') throw options.signal.reason
  const results = executed.results
  const { status, error } = verdict(run, executed)
  await store.end(run.runId, status, error?.toJSON())
  const ms = Date.now() - begin
  notifyOfFailure(run.graph, status, say)
  say({ type: 'run-finished', runId: run.runId, status, ms, ...(error ? { error: error.toJSON() } : {}) })
  const result = { runId: run.runId, pipeline: run.graph.id, interval: run.interval, status, ms, tasks: results }
  return { ...result, ...(error ? { error } : {}) }
}

function verdict(
  run: RunRecord,
  { results, timedOut }: Executed,
): { status: RunResult['status']; error?: MillraceError } {
  const failed = results.filter(({ status }) => status === 'failed')
  const [first] = failed
  if (first) {
    const others = failed.length > 1 ? ` and ${failed.length - 1} more` : ''
    const error = new MillraceError(
      'RUN_FAILED',
      `run ${run.runId} of ${run.graph.id}: task ${first.task}${others} failed`,
      {
        cause: first.error,
        hint: `When the cause is gone, go on from there: millrace run ${run.graph.id} --ds ${run.interval.ds} --resume`,
        data: { tasks: failed.map(({ task }) => task) },
      },
    )
    return { status: 'failed', error }
  }
  if (results.some(({ status }) => status === 'cancelled')) {
    if (timedOut) {
      const took = formatDuration(run.graph.options.runTimeout ?? 0)
      const cause = new MillraceError('TIMEOUT', `the run took longer than its runTimeout of ${took}`)
      const message = `run ${run.runId} of ${run.graph.id} did not end in time`
      return { status: 'failed', error: new MillraceError('RUN_FAILED', message, { cause, hint: 'Raise runTimeout.' }) }
    }
    const message = `run ${run.runId} of ${run.graph.id} was cancelled`
    const hint = `Go on from there: millrace run ${run.graph.id} --ds ${run.interval.ds} --resume`
    return { status: 'cancelled', error: new MillraceError('CANCELLED', message, { hint }) }
  }
  return { status: 'success' }
}

function notifyOfFailure({ options, id }: PipelineGraph, status: RunStatus, say: (event: RunEvent) => void): void {
  if (status !== 'failed' || !options.emailOnFailure || options.email.length === 0) return
  say(notSent(`${id} failed`, options.email))
}

async function checkPast(store: RunStore, graph: PipelineGraph, interval: Interval): Promise<void> {
  const before = await store.runBefore(graph.id, interval.start)
  if (!before || before.status === 'success') return
  throw new MillraceError(
    'RUN_DEPENDS_ON_PAST',
    `${graph.id} of ${interval.ds} waits for ${before.interval.ds}, which is ${before.status}`,
    {
      hint: `Run ${before.interval.ds} to its end first: millrace run ${graph.id} --ds ${before.interval.ds} --resume`,
    },
  )
}

const LEASE_MS = 30_000

/** The lease that whoever runs an interval holds. */
export function intervalLease(pipeline: string, intervalStart: string): string {
  return `pipeline:${pipeline}:${intervalStart}`
}

/** Holds the interval of the pipeline while `work` runs; a lost lease cancels it. */
async function withLease<T>(
  graph: PipelineGraph,
  interval: Interval,
  { project, signal }: RunOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const key = intervalLease(graph.id, interval.start)
  const claimed = await claim(project.state, key, thisProcess(), LEASE_MS)
  if (!claimed.granted) {
    const { host, pid } = claimed.holder
    throw new MillraceError(
      'RUN_IN_PROGRESS',
      `${graph.id} of ${interval.ds} is being run by process ${pid} on ${host}`,
      {
        retry: 'again',
        hint: 'Wait for it to end, or stop it.',
      },
    )
  }
  await using kept = keepLease(project.state, claimed.lease, LEASE_MS)
  return await work(signal ? AbortSignal.any([signal, kept.lost]) : kept.lost)
}
