import { isCalendarDay, MillraceError } from '../../base/kernel/index.ts'
import { holderOfLease } from '../../base/state/index.ts'
import {
  type BackfillEvent,
  type BackfillPlan,
  type BackfillRecord,
  type BackfillResult,
  type BackfillRunRecord,
  BackfillStore,
  type BackfillWishes,
  defaultInterval,
  haveChanged,
  type Interval,
  intervalLease,
  intervalsBetween,
  loadPipeline,
  type PipelineGraph,
  planBackfill,
  type RunHead,
  RunStore,
  runBackfill,
  stampsIn,
} from '../../run/pipeline/index.ts'
import type { Project } from './open-project.ts'

/** Which days of what, and how. */
export interface BackfillRequest extends BackfillWishes {
  readonly pipeline: string
  /** The first day, `2001-01-01`; by default the pipeline's start date. */
  readonly from?: string
  /** The last day, included; by default that of the latest complete interval. */
  readonly to?: string
  readonly continueOnError?: boolean
  readonly onEvent?: (event: BackfillEvent) => void
  readonly signal?: AbortSignal
}

/** A backfill that was thought through and not begun. */
export interface BackfillPreview extends BackfillPlan {
  readonly graph: PipelineGraph
  readonly from: string
  readonly to: string
}

async function kinds() {
  return (await import('../../run/tasks/index.ts')).taskKinds
}

/**
 * What a backfill would do. Writes nothing.
 * @throws MillraceError PIPELINE_…, INTERVAL_INVALID, OPTION_INVALID
 */
export async function previewBackfill(project: Project, request: BackfillRequest): Promise<BackfillPreview> {
  const graph = await loadPipeline(project.dir, request.pipeline, { kinds })
  const { from, to, intervals } = rangeOf(graph, request)
  const store = await RunStore.open(project.state)
  const [first, last] = [intervals[0], intervals.at(-1)]
  const latest = first && last ? await store.latest(graph.id, first.start, last.start) : new Map<string, RunHead>()
  const running = new Set<string>()
  for (const { status, interval } of latest.values()) {
    if (status !== 'running') continue
    if (await holderOfLease(project.state, intervalLease(graph.id, interval.start))) running.add(interval.start)
  }
  const looks = request.rerun === 'changed' || request.rerun === 'all'
  const changed = looks ? await changedSince(project, store, latest) : new Set<string>()
  const plan = planBackfill(graph.options, { intervals, latest, running, changed, now: Date.now() }, request)
  return { ...plan, graph, from, to }
}

/**
 * Carries out what a preview says.
 * @throws MillraceError STATE_…; an interval that fails is told in the result
 */
export async function carryOutBackfill(
  project: Project,
  preview: BackfillPreview,
  request: Pick<BackfillRequest, 'continueOnError' | 'onEvent' | 'signal'> = {},
): Promise<BackfillResult> {
  const { graph, ...plan } = preview
  // Each interval writes the same datasets; their views are for others, who need not see them change with each.
  await using _views = project.catalog.gather(request.signal ? { signal: request.signal } : {})
  return await runBackfill(graph, plan, { project, kinds: await kinds(), ...request })
}

/**
 * Runs a pipeline for every interval of a range of days that is not done yet, or as `rerun` says. Repeating it goes
 * on where it was left, however it ended.
 * @throws MillraceError PIPELINE_…, INTERVAL_INVALID, OPTION_INVALID, STATE_…
 */
export async function backfill(project: Project, request: BackfillRequest): Promise<BackfillResult> {
  return carryOutBackfill(project, await previewBackfill(project, request), request)
}

/** The backfills of a project, newest first. */
export async function listBackfills(project: Project, pipeline?: string): Promise<BackfillRecord[]> {
  return (await BackfillStore.open(project.state)).list(pipeline === undefined ? {} : { pipeline })
}

/**
 * One backfill with its intervals that have ended. Enough of the beginning of its id names it.
 * @throws MillraceError RUN_UNKNOWN
 */
export async function showBackfill(
  project: Project,
  id: string,
): Promise<BackfillRecord & { runs: BackfillRunRecord[] }> {
  const store = await BackfillStore.open(project.state)
  const exact = await store.list({ backfillId: id })
  const meant = exact.length > 0 ? exact : (await store.list()).filter(({ backfillId }) => backfillId.startsWith(id))
  const [found] = meant
  if (found && meant.length === 1) return { ...found, runs: await store.runs(found.backfillId) }
  const many = meant.length > 1
  throw new MillraceError('RUN_UNKNOWN', many ? `several backfills begin with ${id}` : `there is no backfill ${id}`, {
    hint: many ? `There are: ${meant.map(({ backfillId }) => backfillId).join(', ')}.` : 'See millrace backfill list.',
  })
}

function rangeOf(graph: PipelineGraph, request: BackfillRequest): { from: string; to: string; intervals: Interval[] } {
  const from = request.from ?? graph.options.startDate
  if (from === undefined) {
    throw new MillraceError('OPTION_MISSING', `backfilling ${graph.id}: no first day was named`, {
      hint: 'Add --from 2024-01-31, or give the pipeline a startDate.',
    })
  }
  checkDay(from)
  const to = request.to ?? defaultInterval(graph.options, new Date()).ds
  checkDay(to)
  if (from > to) {
    throw new MillraceError('INTERVAL_INVALID', `backfilling ${graph.id}: ${from} is later than ${to}`, {
      hint: 'The first day comes first, also with --reverse.',
    })
  }
  const intervals = [...intervalsBetween(graph.options, from, to)]
  if (intervals.length > 0) return { from, to, intervals }
  const { startDate, endDate, schedule } = graph.options
  const bounds = [startDate && `starts on ${startDate}`, endDate && `ends on ${endDate}`].filter(Boolean).join(' and ')
  throw new MillraceError('INTERVAL_INVALID', `backfilling ${graph.id}: no interval lies between ${from} and ${to}`, {
    hint: bounds ? `The pipeline ${bounds}.` : `Its schedule is ${schedule ?? 'none'}.`,
  })
}

function checkDay(day: string): void {
  if (isCalendarDay(day)) return
  throw new MillraceError('INTERVAL_INVALID', `"${day}" is not a day`, { hint: 'Write 2024-01-31.' })
}

/** Starts of intervals of which a file that their latest success read has changed, come or gone since. */
async function changedSince(
  project: Project,
  store: RunStore,
  latest: ReadonlyMap<string, RunHead>,
): Promise<Set<string>> {
  const changed = new Set<string>()
  const known = new Map<string, Promise<string>>()
  for (const { runId, status, interval } of latest.values()) {
    if (status !== 'success') continue
    for (const output of (await store.outputs(runId)).values()) {
      if (await haveChanged(stampsIn(output), project, known)) changed.add(interval.start)
    }
  }
  return changed
}
