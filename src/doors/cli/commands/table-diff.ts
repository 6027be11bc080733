import type { CommandDefinition } from '../command.ts'
import { printRows } from '../print-rows.ts'
import { EXIT } from '../terminal.ts'
import { oneOf, wholeNumber } from '../whole-number.ts'

const tableDiff: CommandDefinition = {
  name: 'table diff',
  summary: 'Prints the rows that versions of a Delta table inserted, deleted and updated.',
  details:
    'Without options those of the newest version. Each row says what became of it (_change_type), in which version\n(_commit_version) and when (_commit_timestamp).\n\nExamples:\n  millrace table diff raw.orders\n  millrace table diff raw.orders --version 3\n  millrace table diff ./lake/raw/orders --from 3 --to 7 --json\n  millrace table diff raw.orders --timestamp "2024-01-31 08:00"',
  arguments: [
    {
      name: 'table',
      summary: 'A Delta table: a dataset (schema.table), a path or an address such as lake://raw/orders.',
      required: true,
    },
  ],
  options: [
    { flags: '--version <n>', summary: 'The changes of this version alone.' },
    { flags: '--from <n>', summary: 'The first version.' },
    { flags: '--to <n>', summary: 'The last version; the newest by default.' },
    {
      flags: '--timestamp <time>',
      summary: 'From the first version at this time or after it, in UTC unless it names a zone.',
    },
    { flags: '--limit <n>', summary: 'Print at most this many rows (0: all).', default: '20' },
    { flags: '--count', summary: 'Print the number of changed rows only.' },
  ],
  async run({ arguments: [name], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { countChanges, momentOf, tableChanges } = await import('../../app/table-versions.ts')
    const starts = ['version', 'from', 'timestamp'].filter((flag) => options[flag] !== undefined)
    const [first, second] = options.version !== undefined && options.to !== undefined ? ['version', 'to'] : starts
    if (first !== undefined && second !== undefined) throw oneOf(`--${first}`, `--${second}`)
    const limit = wholeNumber('--limit', options.limit, 0)
    const whole = (flag: string) =>
      options[flag] === undefined ? undefined : wholeNumber(`--${flag}`, options[flag], 0)
    const from = whole('version') ?? whole('from')
    const to = whole('version') ?? whole('to')
    await using project = await openProjectOrFolder({ ...options, signal })
    const wanted = {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(options.timestamp === undefined ? {} : { since: momentOf('--timestamp', String(options.timestamp)) }),
    }
    if (!options.count)
      return await printRows(terminal, await tableChanges(project, String(name), wanted, { signal }), limit)
    const count = await countChanges(project, String(name), wanted)
    if (terminal.json) terminal.data({ count })
    else terminal.line(String(count))
    return EXIT.ok
  },
}
export default tableDiff
