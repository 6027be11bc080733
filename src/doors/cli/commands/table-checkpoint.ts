import type { CommandDefinition } from '../command.ts'
import { EXIT } from '../terminal.ts'

const tableCheckpoint: CommandDefinition = {
  name: 'table checkpoint',
  summary: 'Writes a checkpoint of the newest version of a Delta table, so that it opens quickly.',
  details:
    'Writers do so by themselves every few commits (delta.checkpointInterval). Commits that are older than\ndelta.logRetentionDuration and stand behind a checkpoint are removed.\n\nExamples:\n  millrace table checkpoint raw.orders\n  millrace table checkpoint ./lake/raw/orders --json',
  arguments: [
    {
      name: 'table',
      summary: 'A Delta table: a dataset (schema.table), a path or an address such as lake://raw/orders.',
      required: true,
    },
  ],
  async run({ arguments: [name], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { checkpointTable } = await import('../../app/table-maintenance.ts')
    await using project = await openProjectOrFolder({ ...options, signal })
    const version = await checkpointTable(project, String(name))
    if (terminal.json) terminal.data({ version })
    else terminal.line(`version ${version} has a checkpoint`)
    return EXIT.ok
  },
}
export default tableCheckpoint
