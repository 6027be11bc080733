import type { z } from 'zod'
import type { Json, MillraceError, Schema } from '../../base/kernel/index.ts'
import type { Connections } from '../../base/project/index.ts'
import type { State } from '../../base/state/index.ts'
import type { Store } from '../../base/store/index.ts'
import type { Catalog } from '../../data/catalog/index.ts'
import type { Engine } from '../../data/engine/index.ts'
import type { FrameSession } from '../../data/frame/index.ts'
import type { AddTask } from './builder.ts'
import type { CallArguments, CallResult } from './functions/protocol.ts'
import type { FunctionRef } from './references.ts'
import type { Interval } from './schedule/interval.ts'

/** What a task may use of its project. Built by the doors, once per process. */
export interface ProjectServices {
  /** Absolute path of the project folder. */
  readonly dir: string
  /** The checked sections of millrace.yml by key, with the project's name. */
  readonly config: { readonly name: string; readonly sections: Readonly<Record<string, unknown>> }
  readonly target: string
  /** Of the target. */
  readonly engine: Engine
  /** Reads and writes the files of the lake; the same as `engine` when that does. */
  readonly lake: Engine
  readonly connections: Connections
  readonly catalog: Catalog
  readonly state: State
  readonly session: FrameSession
  readonly vars: Readonly<Record<string, Json>>
  /** Environment variables that templates may read, as far as the door passes them on. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** The store an address such as `lake://raw` lies in. */
  store(url: string): Store
}

/** What a task did, as plain JSON; the input of the tasks after it. */
export interface TaskOutput {
  /** The dataset or address it wrote or vouches for, when there is one. */
  readonly dataset?: string
  /** All datasets it wrote, by the short name that `.dataset(name)` uses. */
  readonly datasets?: Readonly<Record<string, DatasetOutput>>
  readonly version?: number
  readonly rows?: number
  readonly bytes?: number
  /** The columns, when no row was written: there may be nothing at the dataset's place that tells them. */
  readonly schema?: Schema
  readonly files?: number
  readonly checks?: { readonly passed: number; readonly failed: number; readonly warned: number }
  /** Sentences: what was skipped and why. */
  readonly skipped?: readonly string[]
  /** Rows that were put aside. */
  readonly rejected?: number
  /** Anything else, for people and programs. */
  readonly detail?: Json
}

export interface DatasetOutput {
  /** The full name; by default the key. */
  readonly dataset?: string
  readonly version?: number
  readonly rows?: number
}

/** What a task says while it runs. */
export interface TaskProgress {
  /** Between 0 and 1. */
  readonly fraction?: number
  readonly text?: string
  readonly rows?: number
}

export type LogLevel = 'debug' | 'info' | 'warning' | 'error'

/** One try of one task. */
export interface TaskContext {
  readonly runId: string
  readonly pipeline: string
  readonly task: string
  /** From 1. */
  readonly tryNumber: number
  /** The day of the interval: `2024-01-31`. */
  readonly ds: string
  readonly interval: Interval
  /** What a repeated write is recognised by: `pipeline/task/interval start`. */
  readonly idempotencyKey: string
  /** The outputs of the tasks this one needs, by task id. */
  readonly inputs: Readonly<Record<string, TaskOutput>>
  readonly project: ProjectServices
  /** Aborted on Ctrl-C and when the try's time is over. */
  readonly signal: AbortSignal
  log(level: LogLevel, message: string, data?: Json): void
  progress(progress: TaskProgress): void
  /**
   * Calls a function of the user's in a worker process, with frames and values by name.
   * @throws MillraceError TASK_FAILED with the user's file and line, FUNCTION_CHANGED, TASK_OUTPUT_INVALID, TIMEOUT
   */
  call(fn: FunctionRef, args: CallArguments): Promise<CallResult>
}

/**
 * A kind of task: a plug-in, one file and one value. `run` is called once per try and may be called again for
 * the same interval at any time after a crash, so that what it writes must be replaced or recognised, not
 * added twice. It throws to fail the task; only an error whose `retry` is not `never` is tried again.
 */
export interface TaskKind<O extends z.ZodType = z.ZodType, B = unknown> {
  /** Its name in a graph and the name of its method in the builder. */
  readonly kind: string
  readonly summary: string
  /** Of the options as they stand in a graph (references in place of inputs, functions and frames). */
  readonly options: O
  /** Makes the builder's method, typed for people. */
  readonly build: (add: AddTask) => B
  run(options: z.output<O>, context: TaskContext): Promise<TaskOutput>
}

/** Declares a kind of task. */
export function defineTask<O extends z.ZodType, B>(definition: TaskKind<O, B>): TaskKind<O, B> {
  return definition
}

/** Kinds of task by name. */
// biome-ignore lint/suspicious/noExplicitAny: the options of different kinds have nothing in common.
export type TaskKinds = Readonly<Record<string, TaskKind<any, any>>>

/** How a task, and how a run, can end; Airflow's words where it has them. */
export type TaskStatus = 'success' | 'failed' | 'upstream_failed' | 'cancelled'
export type RunStatus = 'running' | 'success' | 'failed' | 'cancelled' | 'crashed'

/** What became of a task in a run. */
export interface TaskResult {
  readonly task: string
  readonly kind: string
  readonly status: TaskStatus
  readonly tries: number
  readonly ms: number
  readonly output?: TaskOutput
  readonly error?: MillraceError
  /** Whether it had already succeeded when the run was taken up again. */
  readonly reused?: boolean
}
