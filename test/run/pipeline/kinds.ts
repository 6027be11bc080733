import { z } from 'zod'
import { defineTask, type TaskContext, type TaskOutput } from '../../../src/run/pipeline/contract.ts'
import type { Output } from '../../../src/run/pipeline/handle.ts'
import type { TaskControls } from '../../../src/run/pipeline/options.ts'
import { functionOption, inputOption } from '../../../src/run/pipeline/references.ts'

/** A kind whose work is given by the test, by task id. */
export type Work = Readonly<Record<string, (context: TaskContext) => Promise<TaskOutput> | TaskOutput>>

/** Kinds for tests of the executor: `step` does what the test says, `call` calls a function of the user's. */
export function kindsFor(work: Work) {
  const step = defineTask({
    kind: 'step',
    summary: 'Does what the test says.',
    options: z.strictObject({ inputs: z.record(z.string(), inputOption).default({}), label: z.string().optional() }),
    build:
      (add) =>
      (id: string, options: { inputs?: Record<string, Output | string>; label?: string } & TaskControls = {}) =>
        add('step', id, options),
    run: async (_, context) => (await work[context.task]?.(context)) ?? {},
  })
  const call = defineTask({
    kind: 'call',
    summary: 'Calls a function.',
    options: z.strictObject({ fn: functionOption, retryOf: z.string().optional() }),
    build: (add) => (id: string, options: { fn: (given: never) => unknown } & TaskControls) => add('call', id, options),
    run: async ({ fn }, context) => {
      const result = await context.call(fn, { values: { ds: context.ds } })
      return result.type === 'value' && result.value !== undefined ? { detail: result.value } : {}
    },
  })
  return { step, call }
}
