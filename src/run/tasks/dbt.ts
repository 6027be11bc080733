import { z } from 'zod'
import { defineTask, type TaskControls } from '../pipeline/index.ts'

const words = z.union([z.string(), z.array(z.string())])
/** The options of a dbt task. */
export const dbtOptions = z.strictObject({
  command: z.enum(['build', 'run', 'test', 'seed']).default('build').describe('As in dbt.'),
  select: words.optional().describe("dbt's selection, such as `staging+`."),
  exclude: words.optional(),
  fullRefresh: z.boolean().optional(),
  failFast: z.boolean().optional(),
  threads: z.int().min(1).max(64).optional(),
  vars: z.record(z.string(), z.json()).default({}).describe("Over those of the project; the run's `ds` is among them."),
  projectDir: z.string().optional().describe('The dbt project, relative to this one; by default the same folder.'),
})

export default defineTask({
  kind: 'dbt',
  summary: 'Runs models, tests and seeds of the dbt project.',
  options: dbtOptions,
  build:
    (add) =>
    (id: string, written: z.input<typeof dbtOptions> & TaskControls = {}) =>
      add('dbt', id, written),
  async run(written, context) {
    const { runDbtTask } = await import('./dbt-run.ts')
    return runDbtTask(written, context)
  },
})
