import type { CommandDefinition } from '../command.ts'
import { EXIT, table } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'

const tableHistory: CommandDefinition = {
  name: 'table history',
  summary: 'Lists the versions of a Delta table that its log still holds, the newest first.',
  details:
    'Examples:\n  millrace table history raw.orders\n  millrace table history ./lake/raw/orders --limit 5 --json',
  arguments: [
    {
      name: 'table',
      summary: 'A Delta table: a dataset (schema.table), a path or an address such as lake://raw/orders.',
      required: true,
    },
  ],
  options: [{ flags: '--limit <n>', summary: 'List at most this many versions (0: all).', default: '20' }],
  async run({ arguments: [name], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { tableHistory: historyOf } = await import('../../app/table-versions.ts')
    const limit = wholeNumber('--limit', options.limit, 0)
    await using project = await openProjectOrFolder({ ...options, signal })
    const versions = await historyOf(project, String(name), limit === 0 ? undefined : limit)
    if (terminal.json) terminal.data({ versions })
    else {
      const rows = versions.map(({ version, timestamp, operation, operationMetrics, engineInfo }) => [
        version,
        timestamp === undefined ? '' : new Date(timestamp).toISOString().replace('T', ' '),
        operation ?? '',
        operationMetrics?.numOutputRows ?? operationMetrics?.num_added_rows ?? '',
        engineInfo ?? '',
      ])
      terminal.line(table(terminal, ['version', 'time', 'operation', 'rows', 'written by'], rows))
    }
    return EXIT.ok
  },
}
export default tableHistory
