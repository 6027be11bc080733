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
      const short = shortLength(found.map(({ backfillId }) => backfillId))
      const rows = found.map(({ backfillId, pipeline: id, from, to, planned, succeeded, status, startedAt }) => {
        const started = new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ')
        return [backfillId.slice(0, short), id, from, to, `${succeeded} of ${planned}`, status, started]
      })
      terminal.line(
        table(terminal, ['backfill', 'pipeline', 'from', 'to', 'done', 'status', 'started'], rows, {
          whole: ['backfill'],
        }),
      )
    }
    return EXIT.ok
  },
}
export default backfillList

/** How many characters tell these ids apart, at least as many as hold their time (13 of a UUID of version 7). */
function shortLength(ids: readonly string[]): number {
  let length = 13
  while (new Set(ids.map((id) => id.slice(0, length))).size < ids.length && length < 36) length += 1
  return length
}
