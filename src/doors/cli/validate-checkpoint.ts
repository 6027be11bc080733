import type { Json } from '../../base/kernel/index.ts'
import type { GxCheckpointResult, ResultFormatName } from '../../work/quality/index.ts'
import type { CommandCall } from './command.ts'
import { printJunit, printValidation } from './print-validation.ts'
import { printable } from './printable.ts'
import { type SpooledLists, spooledLists } from './spooled-lists.ts'
import { EXIT } from './terminal.ts'
import { asJson, pairs, parameters, refuse, usage, writeDocs } from './validate-options.ts'

/** `millrace validate --checkpoint NAME`: a checkpoint of the project, or with `--gx` of a Great Expectations project. */
export async function runCheckpoint(call: CommandCall): Promise<number> {
  const { options } = call
  const [data] = call.arguments
  if (typeof options.checkpoint !== 'string') throw usage('--gx goes with --checkpoint', 'Add --checkpoint NAME.')
  if (data !== undefined || options.suite !== undefined || options.where !== undefined) {
    throw usage('a checkpoint says itself what is validated', 'Leave out the data, --suite and --where.')
  }
  refuse(call, {
    index: ['--index goes with --suite', 'The checkpoint says so: result_format, unexpected_index_column_names.'],
    quarantine: ['--quarantine goes with --suite', 'Validate the data by itself to put rows aside.'],
  })
  await using lists = await spooledLists()
  return printed(call, lists, await (options.gx === undefined ? own(call, options.checkpoint) : ofGx(call, options.checkpoint, lists))) // biome-ignore format: one line
}

async function own(call: CommandCall, checkpoint: string): Promise<GxCheckpointResult> {
  const { options, signal } = call
  refuse(call, {
    batch: ['--batch goes with --gx', 'Use --ds to choose the day.'],
    parameter: ['--parameter goes with --suite or --gx', 'The checkpoint says so: parameters.'],
  })
  const { openProject } = await import('../app/open-project.ts')
  const { validateCheckpoint } = await import('../app/run-checkpoint.ts')
  await using project = await openProject({ ...options, signal })
  return await validateCheckpoint(project, {
    checkpoint,
    ...(options.ds === undefined ? {} : { ds: String(options.ds) }),
    ...(options.resultFormat === undefined ? {} : { resultFormat: options.resultFormat as ResultFormatName }),
    signal,
  })
}

async function ofGx(call: CommandCall, checkpoint: string, lists: SpooledLists): Promise<GxCheckpointResult> {
  const { options, signal } = call
  refuse(call, { ds: ['--ds goes with checkpoints of the project', 'Use --batch to choose a batch.'] })
  const { validateGx } = await import('../app/validate-gx.ts')
  return await validateGx({
    gx: String(options.gx),
    checkpoint,
    ...(options.batch === undefined ? {} : { batchParameters: pairs(options.batch, '--batch year=2024') }),
    ...(options.parameter === undefined ? {} : { expectationParameters: parameters(options.parameter) }),
    ...(options.resultFormat === undefined ? {} : { resultFormat: options.resultFormat as ResultFormatName }),
    // Only JSON shows lists of rows.
    takeRows: asJson(call) ? lists.take : async () => [],
    signal,
  })
}

async function printed(call: CommandCall, lists: SpooledLists, result: GxCheckpointResult): Promise<number> {
  const { options, terminal } = call
  const json = asJson(call)
  await writeDocs(call, result.checkpoint_config.name, result.run_results)
  if (json) await terminal.stream(lists.pieces(result))
  else if (options.format === 'junit') printJunit(terminal, result.run_results)
  else {
    for (const one of result.run_results) {
      const batch = (one.meta.active_batch_definition ?? {}) as { batch_identifiers?: Record<string, Json> }
      const which = Object.entries(batch.batch_identifiers ?? {}).map(([name, value]) => `${name}=${String(value)}`)
      printValidation(terminal, [String(one.meta.dataset), ...which].join(' '), one.suite_name, one)
      terminal.line()
    }
    const { successful_validations: met, evaluated_validations: all } = result.statistics
    terminal.line(printable(`Checkpoint ${result.checkpoint_config.name}: ${met} of ${all} validations succeeded.`))
  }
  for (const { name, outcome, reason } of json ? [] : result.actions) {
    terminal.note(printable(`action ${name}: ${outcome}${reason === undefined ? '' : `: ${reason}`}`))
  }
  return result.success ? EXIT.ok : EXIT.failed
}
