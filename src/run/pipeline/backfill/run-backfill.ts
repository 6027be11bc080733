import { asMillraceError, type ErrorJson, failpoint, MillraceError, newId } from '../../../base/kernel/index.ts'
import { claim, keepLease, thisProcess } from '../../../base/state/index.ts'
import type { TaskResult } from '../contract.ts'
import { FunctionPool } from '../functions/function-pool.ts'
import type { PipelineGraph } from '../graph.ts'
import type { RunEvent } from '../runs/run-events.ts'
import { type RunOptions, runPipeline } from '../runs/run-pipeline.ts'
import type { Interval } from '../schedule/interval.ts'
import { type BackfillStatus, BackfillStore, backfillLease, type IntervalStatus } from './backfill-store.ts'
import type { BackfillPlan } from './plan-backfill.ts'

/** How one interval ended. */
export interface BackfillInterval {
  readonly interval: Interval
  readonly status: IntervalStatus
  /** From the claim of its lease to its end. */
  readonly ms: number
  /** Rows that its tasks wrote. */
  readonly rows: number
  readonly runId?: string
  readonly error?: MillraceError
}

/** What a backfill tells while it goes on, in order. */
export type BackfillEvent =
  | { readonly type: 'interval-started'; readonly interval: Interval }
  /** From within the run of an interval; what workers print has no interval, because runs share them. */
  | { readonly type: 'run-event'; readonly interval?: Interval; readonly event: RunEvent }
  | ({ readonly type: 'interval-finished' } & BackfillInterval)

export interface BackfillOptions extends Omit<RunOptions, 'onEvent' | 'functions'> {
  /** Goes on with other intervals after one has failed; by default none is begun any more. */
  readonly continueOnError?: boolean
  readonly onEvent?: (event: BackfillEvent) => void
}

/** What became of a backfill. */
export interface BackfillResult {
  readonly backfillId: string
  readonly pipeline: string
  readonly status: Exclude<BackfillStatus, 'running' | 'interrupted'>
  readonly ms: number
  /** Those that were begun, in the order they ended. */
  readonly intervals: readonly BackfillInterval[]
  /** Those that were planned and not begun. */
  readonly left: readonly Interval[]
}

const LEASE_MS = 30_000

/**
 * Runs the intervals of a plan, as many at a time as it says, each as `runPipeline` does: under its own lease, so
 * that another process may work on the same range, and recorded by itself, so that a backfill that ended early is
 * gone on with by planning it again. An interval that fails is told in the result, not thrown.
 */
export async function runBackfill(
  graph: PipelineGraph,
  plan: BackfillPlan,
  options: BackfillOptions,
): Promise<BackfillResult> {
  const { project, signal, continueOnError = false } = options
  const say = options.onEvent ?? (() => {})
  const store = await BackfillStore.open(project.state)
  const backfillId = newId()
  const nothing = { backfillId, pipeline: graph.id, status: 'success', ms: 0, intervals: [], left: [] } as const
  if (plan.order.length === 0) return nothing
  const begin = performance.now()
  const claimed = await claim(project.state, backfillLease(backfillId), thisProcess(), LEASE_MS)
  await using _ = claimed.granted ? keepLease(project.state, claimed.lease, LEASE_MS) : undefined
  const days = plan.intervals.map(({ interval }) => interval.ds)
  const range = { from: days[0] ?? '', to: days.at(-1) ?? '', planned: plan.order.length }
  await store.begin(
    { backfillId, pipeline: graph.id, ...range, startedAt: Date.now() },
    { parallel: plan.parallel, continueOnError },
  )
  await using functions = new FunctionPool(project.dir, {
    onOutput: (printed) => say({ type: 'run-event', event: { type: 'output', ...printed } }),
  })

  const waiting = [...plan.order]
  const ended: BackfillInterval[] = []
  let stopped = false
  const runNext = async (): Promise<void> => {
    for (;;) {
      const interval = stopped || signal?.aborted ? undefined : waiting.shift()
      if (!interval) return
      say({ type: 'interval-started', interval })
      const onEvent = (event: RunEvent): void => say({ type: 'run-event', interval, event })
      const one = await runInterval(graph, interval, { ...options, functions, onEvent })
      await store.note(backfillId, recordOf(one))
      failpoint('pipeline.backfill-interval-done')
      ended.push(one)
      if (one.status === 'refused' || (one.status === 'failed' && !continueOnError)) stopped = true
      say({ type: 'interval-finished', ...one })
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(plan.parallel, waiting.length) }, runNext))
  const broken = lanes.find((lane) => lane.status === 'rejected')
  const status = signal?.aborted ? 'cancelled' : ended.every(isFine) && !broken ? 'success' : 'failed'
  await store.end(backfillId, status)
  if (broken) throw broken.reason
  return { backfillId, pipeline: graph.id, status, ms: performance.now() - begin, intervals: ended, left: waiting }
}

/** An interval that another process has is done by that process. */
const isFine = ({ status }: BackfillInterval): boolean => status === 'success' || status === 'busy'

async function runInterval(graph: PipelineGraph, interval: Interval, options: RunOptions): Promise<BackfillInterval> {
  const begin = performance.now()
  const since = (): number => performance.now() - begin
  try {
    const { runId, status, tasks, error } = await runPipeline(graph, interval, options)
    return { interval, status, runId, ms: since(), rows: rowsOf(tasks), ...(error ? { error } : {}) }
  } catch (thrown) {
    const error = asMillraceError(thrown)
    const none = { interval, ms: since(), rows: 0, error }
    if (error.code === 'RUN_IN_PROGRESS') return { ...none, status: 'busy' }
    // The state is out of reach: nothing more can be recorded.
    if (error.code.startsWith('STATE_') && error.code !== 'STATE_LEASE_LOST') throw error
    return { ...none, status: error.code === 'RUN_DEPENDS_ON_PAST' ? 'refused' : 'failed' }
  }
}

/** Rows that were written; tasks that only look at rows have no bytes. */
function rowsOf(tasks: readonly TaskResult[]): number {
  return tasks.reduce((sum, { output }) => sum + (output?.bytes === undefined ? 0 : (output.rows ?? 0)), 0)
}

function recordOf({ interval, status, runId, ms, rows, error }: BackfillInterval) {
  const told: ErrorJson | undefined = (error?.cause instanceof MillraceError ? error.cause : error)?.toJSON()
  return {
    start: interval.start,
    ds: interval.ds,
    status,
    ms,
    rows,
    ...(runId === undefined ? {} : { runId }),
    ...(told && status !== 'cancelled' ? { error: `${told.code}: ${told.message}` } : {}),
  }
}
