import type { Json } from '../../base/kernel/index.ts'
import type { TaskContext } from '../pipeline/index.ts'

/** What a user's function of a task gets beside its inputs. */
export interface RunValues {
  /** The day of the interval by the pipeline's wall clock: `2024-01-31`. */
  readonly ds: string
  /** Instants, ISO 8601 in UTC; the interval ends before `dataIntervalEnd`. */
  readonly dataIntervalStart: string
  readonly dataIntervalEnd: string
  readonly runId: string
  readonly pipeline: string
  readonly task: string
  /** From 1. */
  readonly tryNumber: number
  /** The project's `vars`. */
  readonly vars: Readonly<Record<string, Json>>
}

export function runValues(context: TaskContext): RunValues {
  return {
    ds: context.ds,
    dataIntervalStart: context.interval.start,
    dataIntervalEnd: context.interval.end,
    runId: context.runId,
    pipeline: context.pipeline,
    task: context.task,
    tryNumber: context.tryNumber,
    vars: context.project.vars,
  }
}
