import { MillraceError } from '../../../base/kernel/index.ts'
import type { PipelineOptions } from '../options.ts'
import type { RunHead } from '../runs/run-store.ts'
import type { Interval } from '../schedule/interval.ts'

/**
 * Which intervals a backfill does; each word includes those before it. `missing`: those that were never run;
 * `failed`: also those whose latest run failed, was cancelled or crashed; `changed`: also those that were done, but
 * the files they read are others by now; `all`: all.
 */
export const RERUNS = ['missing', 'failed', 'changed', 'all'] as const
export type Rerun = (typeof RERUNS)[number]

/** Why an interval is done by a backfill, or left alone. */
export type Why =
  /** Done: */
  | 'new'
  | 'failed'
  | 'cancelled'
  | 'crashed'
  | 'changed'
  | 'again'
  /** Left alone: */
  | 'done'
  | 'failed-before'
  | 'running'
  | 'not-over'
  | 'beyond-limit'

/** One interval of the range, and what a backfill does about it. */
export interface PlannedInterval {
  readonly interval: Interval
  readonly action: 'run' | 'skip'
  readonly why: Why
  /** Its latest run as a whole. */
  readonly latest?: RunHead
}

/** What a backfill would do. */
export interface BackfillPlan {
  /** Every interval of the range, oldest first. */
  readonly intervals: readonly PlannedInterval[]
  /** Those that are run, in the order they are begun. */
  readonly order: readonly Interval[]
  readonly parallel: number
  /** How long a run takes by the median of the latest successes, in milliseconds; unknown without one. */
  readonly typicalMs?: number
  /** Why fewer run at once than was asked for. */
  readonly note?: string
}

/** What is known when a backfill is planned. */
export interface BackfillFacts {
  /** The range, oldest first. */
  readonly intervals: readonly Interval[]
  /** The latest run as a whole of each interval, by the interval's start. */
  readonly latest: ReadonlyMap<string, RunHead>
  /** Starts of intervals that a living process has. */
  readonly running: ReadonlySet<string>
  /** Starts of intervals whose files are others than their latest success read. */
  readonly changed: ReadonlySet<string>
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** How a range is to be done. */
export interface BackfillWishes {
  /** `failed` by default. */
  readonly rerun?: Rerun
  /** Runs at the same time; 1 by default. */
  readonly parallel?: number
  /** At most so many intervals. */
  readonly limit?: number
  /** The newest first. */
  readonly reverse?: boolean
}

/**
 * Decides what a backfill does. Pure.
 * @throws MillraceError OPTION_INVALID
 */
export function planBackfill(
  options: Pick<PipelineOptions, 'dependsOnPast'>,
  facts: BackfillFacts,
  wishes: BackfillWishes,
): BackfillPlan {
  const { rerun = 'failed', limit = Number.POSITIVE_INFINITY, reverse = false } = wishes
  const asked = wishes.parallel ?? 1
  if (options.dependsOnPast && reverse) {
    throw new MillraceError('OPTION_INVALID', 'backfilling the newest first: the pipeline says dependsOnPast', {
      hint: 'Each of its runs waits for the one before it, so leave out --reverse.',
    })
  }
  const parallel = options.dependsOnPast ? 1 : asked
  const judged = facts.intervals.map((interval) => judge(interval, facts, rerun))
  const wanted = judged.filter(({ action }) => action === 'run').map(({ interval }) => interval)
  const order = (reverse ? wanted.toReversed() : wanted).slice(0, limit)
  const within = new Set(order)
  const intervals = judged.map((each): PlannedInterval => {
    const left = each.action === 'run' && !within.has(each.interval)
    return left ? { ...each, action: 'skip', why: 'beyond-limit' } : each
  })
  const typicalMs = median([...facts.latest.values()].filter(({ status }) => status === 'success').map(duration))
  return {
    intervals,
    order,
    parallel,
    ...(typicalMs === undefined ? {} : { typicalMs }),
    ...(parallel < asked ? { note: 'One at a time, because the pipeline says dependsOnPast.' } : {}),
  }
}

function judge(interval: Interval, facts: BackfillFacts, rerun: Rerun): PlannedInterval {
  const latest = facts.latest.get(interval.start)
  const known = { interval, ...(latest ? { latest } : {}) }
  const run = (why: Why): PlannedInterval => ({ ...known, action: 'run', why })
  const skip = (why: Why): PlannedInterval => ({ ...known, action: 'skip', why })
  if (Date.parse(interval.end) > facts.now) return skip('not-over')
  if (facts.running.has(interval.start)) return skip('running')
  if (!latest) return run('new')
  if (latest.status !== 'success') {
    // A run that is called running while nobody has it lost its process.
    const why = latest.status === 'running' ? 'crashed' : latest.status
    return rerun === 'missing' ? skip('failed-before') : run(why)
  }
  if (rerun === 'all') return run(facts.changed.has(interval.start) ? 'changed' : 'again')
  return rerun === 'changed' && facts.changed.has(interval.start) ? run('changed') : skip('done')
}

function duration({ startedAt, finishedAt }: RunHead): number {
  return (finishedAt ?? startedAt) - startedAt
}

function median(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
