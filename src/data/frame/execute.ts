import type { Sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../engine/index.ts'
import type { ExplainOptions, ShowOptions } from './actions.ts'
import type { Plan } from './plan.ts'
import type { FrameSession } from './session.ts'
import type { WriteOutcome, WriteTarget } from './write/write-target.ts'

// Engines, stores and catalogs are loaded by the first call: a program that only builds plans starts without them.

/**
 * Writes what a frame computes. A write that is repeated in the same run leaves the same data, whenever the first
 * one was killed.
 * @throws MillraceError WRITE_EXISTS, WRITE_PARTITION_OUTSIDE, COLUMN_UNKNOWN (of partitionBy), COLUMN_AMBIGUOUS, SOURCE_MALFORMED, STORE_FULL
 */
export async function writeFrame(
  session: FrameSession,
  frame: { readonly plan: Plan },
  target: WriteTarget,
): Promise<WriteOutcome> {
  const write = await import('./write/write-frame.ts')
  return write.writeFrame(session, frame, target)
}

/** Gives work the query that a plan becomes in the session, and the connection that it runs on. */
export async function withQuery<T>(
  plan: Plan,
  work: (query: Sql, connection: EngineConnection) => Promise<T>,
): Promise<T> {
  const actions = await import('./actions.ts')
  return actions.prepared(plan, ({ compiled, connection }) => work(actions.distinctColumns(compiled), connection))
}

/** The first rows of a frame (20 when not said) as the text of a table, as `show` prints it. */
export async function showText(plan: Plan, rows?: number, options?: ShowOptions): Promise<string> {
  const actions = await import('./actions.ts')
  return actions.showText(plan, rows, options)
}

/** The columns of a frame as the tree that `printSchema` prints. */
export async function schemaText(plan: Plan, level?: number): Promise<string> {
  const actions = await import('./actions.ts')
  return actions.schemaText(plan, level)
}

/** The plan as a tree and the SQL it becomes, as `explain` prints them. */
export async function explainText(plan: Plan, options?: ExplainOptions): Promise<string> {
  const actions = await import('./actions.ts')
  return actions.explainText(plan, options)
}
