import type { CommandDefinition } from '../command.ts'
import { printRun } from '../print-run.ts'

const taskRun: CommandDefinition = {
  name: 'task run',
  summary: 'Runs chosen tasks of a pipeline alone.',
  details:
    'What a task needs comes from its upstream tasks’ latest success for the interval. Example:\n  millrace task run etl_pipeline transform_data --ds 2024-01-31',
  arguments: [
    { name: 'pipeline', summary: 'The id of a pipeline, or its file.', required: true },
    { name: 'task', summary: 'Ids of tasks.', required: true, variadic: true },
  ],
  options: [
    { flags: '--ds <day>', summary: 'The day or instant of the interval; by default the latest complete one.' },
  ],
  async run({ arguments: [pipeline, tasks], options, terminal, signal }) {
    return printRun(terminal, options, {
      pipeline: String(pipeline),
      tasks: [tasks ?? []].flat(),
      ...(typeof options.ds === 'string' ? { ds: options.ds } : {}),
      signal,
    })
  },
}
export default taskRun
