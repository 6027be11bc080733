import type { CommandDefinition } from '../command.ts'
import { EXIT, table } from '../terminal.ts'

const backfillShow: CommandDefinition = {
  name: 'backfill show',
  summary: 'Shows what a backfill did, interval by interval.',
  arguments: [{ name: 'id', summary: 'As millrace backfill list prints it.', required: true }],
  async run({ arguments: [id], options, terminal, signal }) {
    const { openProject } = await import('../../app/open-project.ts')
    const { showBackfill } = await import('../../app/backfill.ts')
    await using project = await openProject({ ...options, signal })
    const found = await showBackfill(project, String(id))
    if (terminal.json) {
      terminal.data(found)
      return EXIT.ok
    }
    const { pipeline, from, to, planned, succeeded, status } = found
    terminal.line(`${pipeline} ${from} to ${to}: ${status}, ${succeeded} of ${planned} done\n`)
    const rows = found.runs.map(({ start, ds, status: how, ms, rows, error }) => {
      return [start.endsWith('T00:00:00.000Z') ? ds : start, how, ms / 1000, rows, error]
    })
    terminal.line(table(terminal, ['interval', 'status', 'seconds', 'rows', 'error'], rows))
    return EXIT.ok
  },
}
export default backfillShow
