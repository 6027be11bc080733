import { z } from 'zod'
import { type Json, MillraceError } from '../../base/kernel/index.ts'
import type { Frame, RowOfDataset } from '../../data/frame/index.ts'
import {
  defineTask,
  frameOption,
  inputOption,
  type Output,
  sourceStamps,
  type TaskContext,
  type TaskControls,
} from '../pipeline/index.ts'
import { type FrameTarget, frameTarget, refusePartOfDay, targetOption } from './frame-target.ts'
import { type RunValues, runValues } from './run-values.ts'
import { heldInputs, inputPlan } from './task-input.ts'

const options = z.strictObject({
  inputs: z.record(z.string(), inputOption).default({}),
  into: targetOption,
  frame: frameOption,
})

/** What `task.frame` takes. */
export interface FrameTask<I extends FrameInputs = FrameInputs> extends TaskControls {
  inputs?: I
  into: FrameTarget
  /** Gets a frame for each input by name, and the values of the run; returns the frame that is written. */
  frame: ((given: FramesOf<I> & RunValues) => Frame | Promise<Frame>) | Frame
}
/** Inputs of a frame by name: tasks, their datasets, or names of datasets. */
export type FrameInputs = Readonly<Record<string, Output | string>>
/** A frame for each input, of the rows that `millrace types` has seen in it. */
export type FramesOf<I extends FrameInputs> = {
  readonly [K in keyof I]: Frame<RowOfDataset<I[K] extends Output<infer D> ? D : I[K]>>
}

export default defineTask({
  kind: 'frame',
  summary: 'Writes what a frame computes; an overwrite replaces only the partition of the run.',
  options,
  build:
    (add) =>
    <const I extends FrameInputs = Record<never, never>>(id: string, written: FrameTask<I>) =>
      add('frame', id, written),
  async run({ inputs, into, frame }, context) {
    const { bind, frameOf, withSession, writeFrame } = await import('../../data/frame/index.ts')
    await using _held = await heldInputs(Object.values(inputs), context, into.table)
    const bound = await Promise.all(
      Object.entries(inputs).map(async ([name, input]) => [name, await inputPlan(input, context)] as const),
    )
    const plan = '$frame' in frame ? (frame.$frame as Json) : await planned(frame, Object.keys(inputs), context)
    const complete = bind(plan as never, Object.fromEntries(bound) as never)
    const { session } = context.project
    const reads = await sourceStamps(complete, context.project)
    const target = frameTarget(into)
    // SQL text in an expression may name other tables of the lake.
    if (JSON.stringify(complete).includes('"kind":"sql"')) await context.project.catalog.settle()
    await withSession(session, () => refusePartOfDay(target, frameOf(complete), context))
    const { rows, bytes, files, version, skipped } = await writeFrame(session, frameOf(complete), {
      ...target,
      run: { ds: context.ds, key: context.idempotencyKey },
      signal: context.signal,
      onProgress: (progress) => context.progress(progress),
    })
    return {
      dataset: target.dataset ?? target.path ?? '',
      rows,
      bytes,
      files,
      ...(version === undefined ? {} : { version }),
      ...(rows === 0 ? { schema: await withSession(session, () => frameOf(complete).schema()) } : {}),
      ...(skipped === undefined ? {} : { skipped: [skipped] }),
      ...(Object.keys(reads).length === 0 ? {} : { detail: { reads } }),
    }
  },
})

/** Calls the function with a placeholder for each input and gets the plan it returns. */
async function planned(fn: { $function: string }, names: readonly string[], context: TaskContext): Promise<Json> {
  const frames = Object.fromEntries(names.map((name) => [name, { op: 'input', name }]))
  const result = await context.call(fn, { frames, values: { ...runValues(context) } })
  if (result.type === 'frame') return result.plan
  throw new MillraceError('TASK_OUTPUT_INVALID', `"frame" of task ${context.task} returned no frame`, {
    hint: 'Return the frame itself; the task writes it.',
  })
}
