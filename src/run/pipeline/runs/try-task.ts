import { setTimeout as sleep } from 'node:timers/promises'
import { asMillraceError, formatDuration, MillraceError } from '../../../base/kernel/index.ts'
import type { TaskOutput } from '../contract.ts'
import type { TaskNode } from '../graph.ts'
import type { PipelineOptions } from '../options.ts'

/** How often and how long a task is tried. */
export interface TryPolicy {
  readonly retries: number
  readonly retryDelayMs: number
  readonly exponential: boolean
  readonly timeoutMs: number | undefined
}

type Defaults = Pick<PipelineOptions, 'retries' | 'retryDelay' | 'retryExponentialBackoff' | 'executionTimeout'>

/** The policy of a task: its own words, else its pipeline's. */
export function tryPolicy(task: TaskNode, options: Defaults): TryPolicy {
  return {
    retries: task.retries ?? options.retries,
    retryDelayMs: task.retryDelayMs ?? options.retryDelay,
    exponential: task.retryExponentialBackoff ?? options.retryExponentialBackoff,
    timeoutMs: task.timeoutMs ?? options.executionTimeout,
  }
}

/** A day: no delay between tries grows beyond it. */
const MOST_DELAY_MS = 86_400_000

/** Milliseconds before the next try, after the given number of failed ones. */
export function retryDelay({ retryDelayMs, exponential }: TryPolicy, failures: number): number {
  return exponential ? Math.min(MOST_DELAY_MS, retryDelayMs * 2 ** (failures - 1)) : retryDelayMs
}

/** How long a task may go on after it was told to stop, before it is given up. */
const GRACE_MS = 10_000

/**
 * One try: the work gets a signal that aborts with the run's or when the time is over. Work that does not heed it
 * is given up after a grace of ten seconds.
 * @throws MillraceError TIMEOUT, CANCELLED, or what the work throws
 */
export async function tryOnce(
  work: (signal: AbortSignal) => Promise<TaskOutput>,
  task: string,
  timeoutMs: number | undefined,
  signal: AbortSignal,
  graceMs: number = GRACE_MS,
): Promise<TaskOutput> {
  const stop = new AbortController()
  const cancelled = (): MillraceError =>
    new MillraceError('CANCELLED', `task ${task} was cancelled`, { retry: 'again' })
  const onAbort = (): void => stop.abort(cancelled())
  if (signal.aborted) throw cancelled()
  signal.addEventListener('abort', onAbort, { once: true })
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          const message = `task ${task} took longer than ${formatDuration(timeoutMs)}`
          stop.abort(new MillraceError('TIMEOUT', message, { retry: 'again', hint: 'Raise its executionTimeout.' }))
        }, timeoutMs)
  const over = new AbortController()
  const givenUp = new Promise<never>((_, reject) => {
    stop.signal.addEventListener(
      'abort',
      () =>
        void sleep(graceMs, undefined, { signal: over.signal }).then(
          () => reject(stop.signal.reason),
          () => {},
        ),
    )
  })
  try {
    const output = await Promise.race([work(stop.signal), givenUp])
    // Work that ended well although it was told to stop has been done, and is not undone by saying otherwise.
    return output
  } catch (thrown) {
    throw stop.signal.aborted ? stop.signal.reason : asMillraceError(thrown, 'TASK_FAILED', { retry: 'again' })
  } finally {
    over.abort()
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
