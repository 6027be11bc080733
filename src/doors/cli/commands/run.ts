import type { CommandDefinition } from '../command.ts'
import { printRun } from '../print-run.ts'

const run: CommandDefinition = {
  name: 'run',
  summary: 'Runs a pipeline for one interval.',
  details:
    'Running an interval again gives the same tables. Examples:\n  millrace run etl_pipeline --ds 2024-01-31\n  millrace run etl_pipeline --resume',
  arguments: [{ name: 'pipeline', summary: 'The id of a pipeline, or its file.', required: true }],
  options: [
    { flags: '--ds <day>', summary: 'The day or instant of the interval; by default the latest complete one.' },
    { flags: '--resume', summary: 'Go on with the interval’s failed run, from the failed task.' },
  ],
  async run({ arguments: [pipeline], options, terminal, signal }) {
    return printRun(terminal, options, {
      pipeline: String(pipeline),
      ...(typeof options.ds === 'string' ? { ds: options.ds } : {}),
      resume: options.resume === true,
      signal,
    })
  },
}
export default run
