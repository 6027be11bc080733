import { join } from 'node:path'
import { z } from 'zod'
import { defineTask, type TaskControls } from '../pipeline/index.ts'
import { runValues } from './run-values.ts'
import { runBindings } from './sql-template.ts'
import { heldInputs } from './task-input.ts'

const options = z.strictObject({
  checkpoint: z.string().min(1).describe('A checkpoint of the folder `checkpoints`.'),
})

export default defineTask({
  kind: 'checkpoint',
  summary: 'Runs a checkpoint: validations that belong together.',
  options,
  build: (add) => (id: string, written: z.input<typeof options> & TaskControls) => add('checkpoint', id, written),
  async run({ checkpoint: name }, context) {
    const { project, signal } = context
    const quality = await import('../../work/quality/index.ts')
    const checkpoint = quality.checkpointNamed(await quality.loadCheckpoints(join(project.dir, 'checkpoints')), name)
    const values = Object.entries(runBindings(runValues(context))).flatMap(([key, binding]) =>
      'value' in binding ? [[key, binding.value] as const] : [],
    )
    await using _held = await heldInputs(
      checkpoint.validations.map(({ data }) => data),
      context,
    )
    // SQL in suites may name other tables of the lake.
    await project.catalog.settle()
    await using connection = await project.engine.connect({ signal })
    const { results, deliveries } = await quality.runCheckpoint({
      checkpoint,
      suites: await quality.loadSuites(join(project.dir, 'suites')),
      connection,
      own: await quality.loadExpectations(join(project.dir, 'plugins')),
      pastOf: (dataset) => quality.readPast(project.state, dataset, context.ds),
      relationOf: (dataset) => project.catalog.relation({ dataset }),
      values: Object.fromEntries(values),
      environment: project.environment ?? {},
      signal,
    })
    for (const result of results) await quality.keepValidation(project.state, quality.subjectOf(result), result)
    const unmet = results.flatMap((result) =>
      result.results
        .filter(({ success }) => !success)
        .map((one) => `${quality.subjectOf(result)}: ${quality.describeResult(one)}`),
    )
    for (const one of unmet) context.log('warning', one)
    for (const { channel, error } of deliveries) {
      if (error) context.log('warning', `${channel} was not told: ${error.message}`)
    }
    const failure = quality.validationError(results, checkpoint.failOn)
    if (failure) throw failure
    return { checks: quality.countChecks(results, checkpoint.failOn), detail: { unmet } }
  },
})
