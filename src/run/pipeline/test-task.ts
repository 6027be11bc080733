import { MillraceError, type Row, type Schema, unknownName } from '../../base/kernel/index.ts'
import type { Frame } from '../../data/frame/index.ts'
import type { Pipeline } from './builder.ts'
import { type FunctionRef, referencesIn } from './references.ts'
import { intervalOf } from './schedule/interval.ts'

/** What a task is tried on. */
export interface TestTaskOptions {
  /** The day of the run: `2024-01-31`. */
  readonly ds: string
  /** The rows of each input, by the name the function knows it by. */
  readonly inputs?: Readonly<Record<string, readonly Row[]>>
  /** The columns of inputs, when they cannot be told from the rows (none, or only nulls in a column). */
  readonly schemas?: Readonly<Record<string, Schema | string>>
  readonly vars?: Readonly<Record<string, unknown>>
}

/** What a task made of them. */
export interface TestedTask {
  /** The rows of the frame it returned. */
  readonly rows: Row[]
  /** What a function of `task.run` returned. */
  readonly value: unknown
}

/**
 * Runs the function of one `frame` or `run` task on given rows, in this process and with an engine in memory;
 * nothing is written. For unit tests of pipelines.
 * @throws MillraceError TASK_UNKNOWN, OPTION_MISSING for an input without rows, and what the function throws
 */
export async function testTask(pipeline: Pipeline, task: string, options: TestTaskOptions): Promise<TestedTask> {
  // Loaded here, so that what only reads graphs does not load an engine.
  const [{ createDataFrame, frameOf }, { callFunction }] = await Promise.all([
    import('../../data/frame/index.ts'),
    import('./functions/call-function.ts'),
  ])
  const node = pipeline.tasks.find(({ id }) => id === task)
  if (!node)
    throw unknownName(
      'TASK_UNKNOWN',
      `the task of ${pipeline.id}`,
      task,
      pipeline.tasks.map(({ id }) => id),
    )
  const names = Object.keys((node.options['inputs'] as object | undefined) ?? {})
  const given = options.inputs ?? {}
  const missing = names.find((name) => !(name in given))
  if (missing !== undefined) {
    throw new MillraceError('OPTION_MISSING', `testing ${task}: the input "${missing}" has no rows`, {
      hint: `Give inputs: { ${names.map((name) => `${name}: [ … ]`).join(', ')} }.`,
    })
  }
  const stranger = Object.keys(given).find((name) => !names.includes(name))
  if (stranger !== undefined) throw unknownName('OPTION_UNKNOWN', `testing ${task}: the input`, stranger, names)
  const interval = intervalOf({ ...pipeline.options, startDate: undefined, endDate: undefined }, options.ds)
  const values = {
    ds: interval.ds,
    dataIntervalStart: interval.start,
    dataIntervalEnd: interval.end,
    runId: 'test',
    pipeline: pipeline.id,
    task,
    tryNumber: 1,
    vars: options.vars ?? {},
  }
  const asFrame = (name: string): Frame => {
    const schema = options.schemas?.[name]
    return schema === undefined
      ? createDataFrame([...(given[name] ?? [])])
      : createDataFrame([...(given[name] ?? [])], schema)
  }
  if (node.kind === 'run') {
    const result = await callFunction(functionOf(pipeline, task), { values: { ...given, ...values } })
    return { rows: [], value: result.type === 'value' ? result.value : undefined }
  }
  if (node.kind !== 'frame') {
    throw new MillraceError(
      'OPTION_INVALID',
      `testing ${task}: a task of the kind ${node.kind} has no function to test`,
      {
        hint: 'testTask runs tasks of the kinds frame and run.',
      },
    )
  }
  const written = node.options['frame'] as { $frame: unknown } | FunctionRef
  if ('$frame' in written) return { rows: await frameOf(written.$frame as never).collect(), value: undefined }
  const frames = Object.fromEntries(names.map((name) => [name, asFrame(name).plan as never]))
  const result = await callFunction(functionOf(pipeline, task), { frames, values })
  if (result.type !== 'frame') {
    throw new MillraceError('TASK_OUTPUT_INVALID', `"frame" of task ${task} returned no frame`)
  }
  return { rows: (await frameOf(result.plan as never).collect()) as Row[], value: undefined }
}

function functionOf(pipeline: Pipeline, task: string) {
  const node = pipeline.tasks.find(({ id }) => id === task)
  const reference = referencesIn([node?.options['frame'], node?.options['run']]).find((each) => '$function' in each)
  const fn = reference && '$function' in reference ? pipeline.functions.get(reference.$function) : undefined
  if (fn) return fn
  throw new MillraceError('INTERNAL', `the function of task ${task} is not at hand`)
}
