import type { z } from 'zod'
import type { Schema } from '../../base/kernel/index.ts'
import { inline, type Sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import type { Expectation, Severity, Suite, ValidationResult } from '../../work/quality/index.ts'
import type { TaskContext, TaskOutput } from '../pipeline/index.ts'
import { frameTarget, refusePartOfDay, type targetOption } from './frame-target.ts'

/** What a validation found, and where its rows go. */
export interface PartedRows {
  readonly quarantine: string | { readonly table: string; readonly severities: readonly Severity[] }
  readonly into: z.output<typeof targetOption> | undefined
  readonly failOn: Severity | undefined
  readonly context: TaskContext
  readonly connection: EngineConnection
  /** What was validated. */
  readonly rows: { readonly sql: Sql; readonly schema: Schema; readonly where?: Sql }
  /** What the task tells of its data when it writes no other. */
  readonly vouched: TaskOutput
  readonly suite: Suite
  readonly own: readonly Expectation[]
  readonly result: ValidationResult
}

/**
 * Puts rows aside that fail, and lets the others flow on. Both writes are replaced when the interval runs again. What
 * no row can settle, such as a count of rows, fails the task before anything is written.
 * @throws MillraceError VALIDATION_FAILED, OPTION_INVALID, and those of writing
 */
export async function partedRows(given: PartedRows): Promise<TaskOutput> {
  const { quarantine: asked, vouched, into, failOn, context, connection, rows, suite, own, result } = given
  const { project, signal } = context
  const quality = await import('../../work/quality/index.ts')
  const { table, severities } =
    typeof asked === 'string' ? { table: asked, severities: ['critical', 'warning'] as const } : asked
  const parts = await quality.quarantine({
    connection,
    relation: rows.sql,
    schema: rows.schema,
    suite,
    own,
    result,
    severities,
    signal,
    ...(rows.where ? { where: rows.where } : {}),
  })
  const left = { ...result, results: result.results.filter((_, place) => !parts.settled.has(place)) }
  const failure = quality.validationError([left], failOn)
  if (failure) throw failure
  const counts = quality.countChecks([left], failOn)
  const rejected = await quality.keepQuarantine(
    { catalog: project.catalog, lake: project.lake, connection, dataset: table, run: context.idempotencyKey, signal },
    parts.bad,
  )
  if (rejected > 0) context.log('warning', `${rejected} rows were put into ${table}`)
  return {
    checks: { ...counts, warned: counts.warned + parts.settled.size },
    rejected,
    ...(into === undefined
      ? vouched
      : await flowOn(into, inline(parts.good, project.engine.dialect), rows.schema, context)),
  }
}

/** Writes the rows that are good, as a frame of the task. */
async function flowOn(
  into: z.output<typeof targetOption>,
  text: string,
  schema: Schema,
  context: TaskContext,
): Promise<TaskOutput> {
  const { frameOf, withSession, writeFrame } = await import('../../data/frame/index.ts')
  const { session } = context.project
  const target = frameTarget(into)
  const frame = frameOf({ op: 'sql', text, views: {} } as never)
  await withSession(session, () => refusePartOfDay(target, frame, context))
  const { rows, bytes, files, version } = await writeFrame(session, frame, {
    ...target,
    run: { ds: context.ds, key: context.idempotencyKey },
    signal: context.signal,
  })
  return {
    dataset: target.dataset ?? target.path ?? '',
    rows,
    bytes,
    files,
    ...(version === undefined ? {} : { version }),
    ...(rows === 0 ? { schema } : {}),
  }
}
