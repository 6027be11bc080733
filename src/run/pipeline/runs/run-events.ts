import type { ErrorJson, Json } from '../../../base/kernel/index.ts'
import type { LogLevel, RunStatus, TaskOutput, TaskProgress, TaskStatus } from '../contract.ts'
import type { Interval } from '../schedule/interval.ts'

/** What a run tells while it goes on, in order; plain JSON. A door renders it. */
export type RunEvent =
  | {
      readonly type: 'run-started'
      readonly runId: string
      readonly pipeline: string
      readonly interval: Interval
      /** In an order in which they can run. */
      readonly tasks: readonly { readonly id: string; readonly kind: string }[]
      /** Tasks that had succeeded before the run was taken up again. */
      readonly done: readonly string[]
      /** Why a run was taken up again. */
      readonly continued?: 'resumed' | 'after-crash'
    }
  | { readonly type: 'task-started'; readonly task: string; readonly kind: string; readonly tryNumber: number }
  | ({ readonly type: 'task-progress'; readonly task: string } & TaskProgress)
  | {
      readonly type: 'task-log'
      readonly task: string
      readonly level: LogLevel
      readonly message: string
      readonly data?: Json
    }
  | {
      readonly type: 'task-retry'
      readonly task: string
      readonly tryNumber: number
      readonly error: ErrorJson
      readonly delayMs: number
    }
  | {
      readonly type: 'task-finished'
      readonly task: string
      readonly status: TaskStatus
      readonly tries: number
      readonly ms: number
      readonly output?: TaskOutput
      readonly error?: ErrorJson
    }
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'notice'; readonly message: string }
  | {
      readonly type: 'run-finished'
      readonly runId: string
      readonly status: Exclude<RunStatus, 'running'>
      readonly ms: number
      readonly error?: ErrorJson
    }
