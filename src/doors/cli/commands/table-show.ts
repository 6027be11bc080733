import type { CommandDefinition } from '../command.ts'
import { printRows } from '../print-rows.ts'
import { EXIT } from '../terminal.ts'
import { oneOf, wholeNumber } from '../whole-number.ts'

const tableShow: CommandDefinition = {
  name: 'table show',
  summary: 'Prints the rows of a dataset, or of a Delta table or Parquet folder by its path.',
  details:
    'Examples:\n  millrace table show raw.orders --limit 5\n  millrace table show raw.orders --version 0 --count\n  millrace table show ./lake/raw/orders --json',
  arguments: [
    {
      name: 'table',
      summary: 'A dataset (schema.table), a path or an address such as lake://raw/orders.',
      required: true,
    },
  ],
  options: [
    { flags: '--version <n>', summary: 'The version of a Delta table.' },
    { flags: '--timestamp <time>', summary: 'The time at which a Delta table is read, in UTC unless it names a zone.' },
    { flags: '--limit <n>', summary: 'Print at most this many rows (0: all).', default: '20' },
    { flags: '--count', summary: 'Print the number of rows only.' },
  ],
  async run({ arguments: [name], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { countTable, showTable } = await import('../../app/query-data.ts')
    const { momentOf } = await import('../../app/table-versions.ts')
    if (options.version !== undefined && options.timestamp !== undefined) throw oneOf('--version', '--timestamp')
    const limit = wholeNumber('--limit', options.limit, 0)
    const wanted = {
      dataset: String(name),
      ...(options.version === undefined ? {} : { version: wholeNumber('--version', options.version, 0) }),
      ...(options.timestamp === undefined ? {} : { timestamp: momentOf('--timestamp', String(options.timestamp)) }),
    }
    await using project = await openProjectOrFolder({ ...options, signal })
    if (options.count) {
      const count = await countTable(project, wanted)
      if (terminal.json) terminal.data({ count })
      else terminal.line(String(count))
      return EXIT.ok
    }
    return await printRows(terminal, await showTable(project, wanted, { signal }), limit)
  },
}
export default tableShow
