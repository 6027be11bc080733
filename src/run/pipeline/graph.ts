import type { Json } from '../../base/kernel/index.ts'
import type { PipelineOptions } from './options.ts'

/**
 * A pipeline as plain JSON: what `millrace show --json` prints, what is hashed, stored with a run and exported.
 * It holds no code; a function in it is an address.
 */
export interface PipelineGraph {
  readonly id: string
  /** Relative to the project folder, with `/` between segments. */
  readonly file: string
  /** Of the contents of the pipeline's file and every local module it imports. */
  readonly hash: string
  readonly options: PipelineOptions
  /** In the order they were written. */
  readonly tasks: readonly TaskNode[]
}

/** A task of a graph. Times are milliseconds. */
export interface TaskNode {
  readonly id: string
  readonly kind: string
  /** Ids of the tasks that must have succeeded before this one starts. */
  readonly needs: readonly string[]
  /** What the kind's schema accepts, with references in the place of inputs, functions and frames. */
  readonly options: { readonly [key: string]: Json | undefined }
  readonly retries?: number
  readonly retryDelayMs?: number
  readonly retryExponentialBackoff?: boolean
  readonly timeoutMs?: number
  /** Where the task is written, from 1. */
  readonly line?: number
}

/** A task id: letters, digits, `_` and `-`, so that it can stand in addresses, file names and tables. */
export const TASK_ID = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/

/** The node of a task. Undefined when there is none. */
export function taskOf(graph: Pick<PipelineGraph, 'tasks'>, id: string): TaskNode | undefined {
  return graph.tasks.find((task) => task.id === id)
}
