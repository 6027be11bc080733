import { join } from 'node:path'
import { z } from 'zod'
import { type Json, MillraceError } from '../../base/kernel/index.ts'
import { type Sql, sql } from '../../base/sql/index.ts'
import type { Relation } from '../../data/catalog/index.ts'
import type { Column } from '../../data/frame/index.ts'
import {
  conditionOption,
  defineTask,
  type InputOption,
  inputOption,
  type Output,
  type TaskContext,
  type TaskControls,
  type TaskHandle,
} from '../pipeline/index.ts'
import { type FrameTarget, targetOption } from './frame-target.ts'
import { partedRows } from './parted-rows.ts'
import { type RunValues, runValues } from './run-values.ts'
import { bindTemplate, runBindings } from './sql-template.ts'
import { datasetOf, heldInputs, relationOf, tablePlan } from './task-input.ts'

const severity = z.enum(['critical', 'warning', 'info'])
const options = z.strictObject({
  data: inputOption.describe('What is validated.'),
  suite: z.string().min(1).describe('A suite of the folder `suites`.'),
  where: conditionOption.optional().describe('Only these rows; by default all.'),
  resultFormat: z.enum(['BOOLEAN_ONLY', 'BASIC', 'SUMMARY', 'COMPLETE']).optional(),
  failOn: severity.optional().describe('The least severity that fails the task.'),
  quarantine: z
    .union([z.string().min(1), z.strictObject({ table: z.string().min(1), severities: z.array(severity).min(1) })])
    .optional()
    .describe(
      'A dataset for the rows that fail row-by-row expectations, with the reasons in a column; such expectations do not fail the task. By default those that are critical or warnings.',
    ),
  into: targetOption
    .optional()
    .describe('Where the rows that are not in quarantine are written, for the tasks after this one.'),
})

/** What `task.validate` takes. */
export interface ValidateTask extends TaskControls {
  data: Output | string
  suite: string
  where?: ((values: RunValues) => Column | Promise<Column>) | Column | string
  resultFormat?: 'BOOLEAN_ONLY' | 'BASIC' | 'SUMMARY' | 'COMPLETE'
  failOn?: Severity
  /** Where rows are put that fail row-by-row expectations of some severities (critical and warning unless told). */
  quarantine?: string | { table: string; severities: readonly Severity[] }
  /** Where the other rows go; then that is what the tasks after this one read. Goes with `quarantine`. */
  into?: FrameTarget
}
type Severity = z.output<typeof severity>

export default defineTask({
  kind: 'validate',
  summary: 'Validates a dataset against a suite of expectations and fails when one is not met.',
  options,
  build:
    (add) =>
    <const D extends string>(id: string, written: ValidateTask & { readonly data: Output<D> | D }) =>
      add('validate', id, written) as TaskHandle<D>,
  async run({ data, suite, where, resultFormat, failOn, quarantine, into }, context) {
    const { project, signal } = context
    const quality = await import('../../work/quality/index.ts')
    if (into !== undefined && quarantine === undefined) {
      throw new MillraceError('OPTION_INVALID', `task ${context.task}: "into" goes with "quarantine"`, {
        hint: 'Say where the rows that fail go: quarantine: "raw.orders_quarantine".',
      })
    }
    const ref = datasetOf(data, context)
    const suites = await quality.loadSuites(join(project.dir, 'suites'))
    const own = await quality.loadExpectations(join(project.dir, 'plugins'))
    await using _held = await heldInputs([data], context)
    const rows: Rows = where === undefined ? await relationOf(data, context) : await restricted(data, where, context)
    await using connection = await project.engine.connect({ signal })
    const chosen = quality.suiteNamed(suites, suite)
    // SQL may name other tables of the lake.
    const kwargs = chosen.expectations.flatMap((one) => Object.keys(one.kwargs ?? {}))
    if (kwargs.some((name) => /query|condition|table/.test(name))) await project.catalog.settle()
    const result = await quality.validate({
      connection,
      relation: rows.sql,
      schema: rows.schema,
      suite: chosen,
      own,
      past: await quality.readPast(project.state, ref.dataset, context.ds),
      dataset: ref.dataset,
      signal,
      ...(rows.where ? { where: rows.where } : {}),
      ...(resultFormat === undefined ? {} : { resultFormat }),
    })
    await quality.keepValidation(project.state, ref.dataset, result)
    const unmet = result.results.filter(({ success }) => !success).map(quality.describeResult)
    for (const one of unmet) context.log('warning', one)
    const { version } = rows
    const { schema } = typeof data === 'string' ? {} : (context.inputs[data.$input.task] ?? {})
    const vouched = {
      dataset: ref.dataset,
      ...(schema ? { schema } : {}),
      ...(version === undefined ? {} : { version }),
    }
    if (quarantine !== undefined) {
      const given = { vouched, quarantine, into, failOn, context, connection, rows, suite: chosen, own, result }
      return { ...(await partedRows(given)), detail: { suite, unmet } }
    }
    const checks = quality.countChecks([result], failOn)
    const failure = quality.validationError([result], failOn)
    if (failure) throw failure
    return { ...vouched, checks, detail: { suite, unmet } }
  },
})

/** What is validated: a relation, or those of its rows for which a condition is true. */
type Rows = Relation & { readonly where?: Sql }

/** The rows of an input for which a condition is true; of a table of the lake only the partitions it asks for are read. */
async function restricted(
  data: InputOption,
  where: z.output<typeof conditionOption>,
  context: TaskContext,
): Promise<Rows> {
  if (typeof where === 'string') {
    const relation = await relationOf(data, context)
    await context.project.catalog.settle()
    return { ...relation, where: bindTemplate(where, runBindings(runValues(context))) }
  }
  const condition = '$column' in where ? where.$column : await calledFor(where, context)
  if (JSON.stringify(condition).includes('"kind":"sql"')) await context.project.catalog.settle()
  const { compile } = await import('../../data/frame/index.ts')
  const plan = { op: 'filter', input: tablePlan(datasetOf(data, context)), condition }
  let relation: Relation | undefined
  const compiled = await compile(plan as never, {
    dialect: context.project.engine.dialect,
    resolve: async (_, asked) => {
      relation = await relationOf(data, context, { asked })
      return relation
    },
  })
  if (!relation)
    throw new MillraceError('INTERNAL', `the condition of task ${context.task} was compiled without its table`)
  return { ...relation, sql: sql`(${compiled.sql}) as validated` }
}

async function calledFor(fn: { $function: string }, context: TaskContext): Promise<Json> {
  const result = await context.call(fn, { values: { ...runValues(context) } })
  if (result.type === 'column') return result.expr
  throw new MillraceError('TASK_OUTPUT_INVALID', `"where" of task ${context.task} returned no column`, {
    hint: "Return a condition, such as col('date').eq(ds).",
  })
}
