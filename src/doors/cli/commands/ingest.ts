import { MillraceError } from '../../../base/kernel/index.ts'
import type { CommandDefinition } from '../command.ts'
import { EXIT, formatBytes, table } from '../terminal.ts'

const ingestCommand: CommandDefinition = {
  name: 'ingest',
  summary: 'Loads the new rows of a source into the lake.',
  details:
    'Examples:\n  millrace ingest shop --into raw\n  millrace ingest shop.orders --into raw.orders --full-refresh',
  arguments: [
    { name: 'source', summary: 'A source of the project (shop), or one table of it (shop.orders).', required: true },
  ],
  options: [
    { flags: '--into <schema>', summary: 'The schema, or for one table the dataset, to load into.' },
    { flags: '--full-refresh', summary: 'Replace the rows by those of the files as they are.' },
  ],
  async run({ arguments: [source], options, terminal, signal }) {
    if (typeof options.into !== 'string') {
      throw new MillraceError('USAGE', 'millrace ingest: no place to load into was named', { hint: 'Add --into raw.' })
    }
    const { openProject } = await import('../../app/open-project.ts')
    const { ingestSource } = await import('../../app/ingest-source.ts')
    await using project = await openProject({ ...options, signal })
    const results = await ingestSource(project, {
      source: String(source),
      into: options.into,
      fullRefresh: options.fullRefresh === true,
      signal,
      onProgress: ({ text }) => {
        if (terminal.live) terminal.note(`loading ${text} …`)
      },
    })
    if (terminal.json) terminal.data({ tables: results })
    else {
      const rows = results.map(({ dataset, rows, rejected, bytes, version }) => [
        dataset,
        rows,
        rejected,
        formatBytes(bytes),
        version,
      ])
      terminal.line(table(terminal, ['dataset', 'rows', 'rejected', 'bytes', 'version'], rows))
      for (const { dataset, skipped } of results)
        for (const says of skipped) terminal.line(`${dataset}: skipped ${says}`)
    }
    return EXIT.ok
  },
}
export default ingestCommand
