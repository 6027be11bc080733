import { z } from 'zod'
import { MillraceError, type Row } from '../../base/kernel/index.ts'
import { sql } from '../../base/sql/index.ts'
import type { Relation } from '../../data/catalog/index.ts'
import {
  defineTask,
  functionOption,
  type InputOption,
  inputOption,
  type Output,
  type TaskContext,
  type TaskControls,
} from '../pipeline/index.ts'
import { type RunValues, runValues } from './run-values.ts'
import { heldInputs, relationOf } from './task-input.ts'

const options = z.strictObject({
  inputs: z.record(z.string(), inputOption).default({}),
  maxRows: z.int().min(1).max(1_000_000).default(10_000).describe('The most rows an input may have.'),
  run: functionOption.describe('Gets the rows of each input by name, and the values of the run.'),
  into: z.string().min(1).optional().describe('The dataset the function writes, for the tasks after this one.'),
})

/** What `task.run` takes. */
export interface RunTask<N extends string = string> extends TaskControls {
  /** Their rows are passed to the function: meant for small results, not for tables. */
  inputs?: Readonly<Record<N, Output | string>>
  maxRows?: number
  /** Runs in a process of its own. What it returns must be plain values and stands in the task's `detail`. */
  run: (given: Readonly<Record<N, Row[]>> & RunValues) => unknown
  into?: string
}

export default defineTask({
  kind: 'run',
  summary: 'Calls a function of your own, with the rows of small inputs.',
  options,
  build:
    (add) =>
    <N extends string = never>(id: string, written: RunTask<N>) =>
      add('run', id, written),
  async run({ inputs, maxRows, run, into }, context) {
    const rows = await rowsOf(inputs, maxRows, context)
    const result = await context.call(run, { values: { ...rows, ...runValues(context) } })
    if (result.type !== 'value') {
      throw new MillraceError('TASK_OUTPUT_INVALID', `the function of task ${context.task} returned a ${result.type}`, {
        hint: 'A frame is written by task.frame; task.run returns plain values.',
      })
    }
    return {
      ...(result.value === undefined ? {} : { detail: result.value }),
      ...(into === undefined ? {} : { dataset: into }),
    }
  },
})

async function rowsOf(
  inputs: Readonly<Record<string, InputOption>>,
  maxRows: number,
  context: TaskContext,
): Promise<Record<string, Row[]>> {
  await using _held = await heldInputs(Object.values(inputs), context)
  const rows: Record<string, Row[]> = {}
  for (const [name, input] of Object.entries(inputs)) {
    rows[name] = await smallRows(name, await relationOf(input, context), maxRows, context)
  }
  return rows
}

async function smallRows(
  name: string,
  relation: Relation,
  maxRows: number,
  { project, task, signal }: TaskContext,
): Promise<Row[]> {
  await using connection = await project.engine.connect({ signal })
  const rows = await connection.rows(sql`select * from ${relation.sql} limit ${maxRows + 1}`, { signal })
  if (rows.length <= maxRows) return rows
  throw new MillraceError('OPTION_INVALID', `the input ${name} of task ${task} has more than ${maxRows} rows`, {
    hint: 'Reduce it by task.frame or task.sql first, or raise maxRows.',
  })
}
