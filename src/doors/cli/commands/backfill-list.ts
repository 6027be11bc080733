import type { CommandDefinition } from '../command.ts'
import { EXIT, table } from '../terminal.ts'

const backfillList: CommandDefinition = {
  name: 'backfill list',
  summary: 'Lists backfills, the newest first.',
  arguments: [{ name: 'pipeline', summary: 'Only those of this pipeline.' }],
  async run({ arguments: [pipeline], options, terminal, signal }) {
    const { openProject } = await import('../../app/open-project.ts')
    const { listBackfills } = await import('../../app/backfill.ts')
    await using project = await openProject({ ...options, signal })
    const found = await listBackfills(project, pipeline === undefined ? undefined : String(pipeline))
    if (terminal.json) terminal.data({ backfills: found })
    else {
      const rows = found.map(({ backfillId, pipeline: id, from, to, planned, succeeded, status, startedAt }) => {
        return [backfillId, id, from, to, `${succeeded} of ${planned}`, status, new Date(startedAt).toISOString()]
      })
      terminal.line(table(terminal, ['backfill', 'pipeline', 'from', 'to', 'done', 'status', 'started'], rows))
    }
    return EXIT.ok
  },
}
export default backfillList
