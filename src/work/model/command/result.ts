import type { ErrorJson, MillraceError } from '../../../base/kernel/index.ts'
import type { Node, NodeType } from '../node.ts'
import { errorMessage } from './error-message.ts'

/** How a node of a run ended, in dbt's words. */
export type NodeStatus = 'success' | 'error' | 'skipped' | 'pass' | 'fail' | 'warn' | 'no-op'

/** One node of a run. */
export interface NodeResult {
  readonly unique_id: string
  readonly name: string
  readonly resource_type: NodeType | 'source' | 'exposure' | 'saved_query'
  readonly status: NodeStatus
  readonly message: string | null
  /** Rows that a test found; null for what is not a test. */
  readonly failures: number | null
  /** Rows written, where the engine says so. */
  readonly rows?: number
  readonly code?: string
  readonly relation_name: string | null
  /** Milliseconds. */
  readonly executionMs: number
  /** The lane that did it, from 1; 0 for what the command itself does between the nodes. */
  readonly thread: number
  readonly timing: readonly {
    readonly name: 'compile' | 'execute'
    readonly started_at: string
    readonly completed_at: string
  }[]
  readonly error?: ErrorJson
}

/** How the work on one node ended that the command does itself, one node after the other. */
export interface Outcome {
  /** `performance.now()` at its start. */
  readonly startedMs: number
  readonly timing: NodeResult['timing']
  readonly message: string | null
  readonly error: MillraceError | undefined
  readonly adapter: 'duckdb' | 'postgres'
}

/** The name of the thread that did it, as dbt writes it. */
export function threadName({ thread }: Pick<NodeResult, 'thread'>): string {
  return thread === 0 ? 'main' : `Thread-${thread} (worker)`
}

/** What the database answered, as dbt writes it: hooks and what was skipped have no answer. */
export function adapterResponse(result: NodeResult): Record<string, unknown> {
  const { message, error, status, code, rows } = result
  if (result.resource_type === 'operation' || status === 'skipped') return {}
  return {
    ...(message === null || error ? {} : { _message: message }),
    ...(code === undefined ? {} : { code }),
    ...(rows === undefined ? {} : { rows_affected: rows }),
  }
}

/** The result of such work; an error's message comes in place of the other. */
export function resultOf(node: Node, { startedMs, timing, message, error, adapter }: Outcome): NodeResult {
  return {
    unique_id: node.unique_id,
    name: node.name,
    resource_type: node.resource_type,
    status: error ? 'error' : 'success',
    message: error ? errorMessage(node, error, adapter) : message,
    failures: null,
    relation_name: node.relation_name,
    executionMs: performance.now() - startedMs,
    thread: 1,
    timing,
    ...(error ? { error: error.toJSON() } : {}),
  }
}

/** Whether a result makes the command fail. */
export function isFailure(result: Pick<NodeResult, 'status'>): boolean {
  return result.status === 'error' || result.status === 'fail'
}
