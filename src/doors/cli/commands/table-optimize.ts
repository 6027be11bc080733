import type { CommandDefinition } from '../command.ts'
import { ProgressLine } from '../progress-line.ts'
import { EXIT, formatBytes } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'

const tableOptimize: CommandDefinition = {
  name: 'table optimize',
  summary: 'Puts small files of a Delta table together, or its rows in Z-order; the rows stay the same.',
  details:
    'Files of a partition are put together up to about the target size, and files with deleted rows are written anew.\nThe old ones stay until a vacuum, for readers of older versions.\n\nExamples:\n  millrace table optimize raw.orders\n  millrace table optimize raw.orders --where "day >= \'2024-01-01\'"\n  millrace table optimize ./lake/raw/orders --zorder-by customer_id day --json',
  arguments: [
    {
      name: 'table',
      summary: 'A Delta table: a dataset (schema.table), a path or an address such as lake://raw/orders.',
      required: true,
    },
  ],
  options: [
    { flags: '--where <condition>', summary: 'Only partitions that meet this SQL condition on partition columns.' },
    {
      flags: '--zorder-by <columns...>',
      summary:
        'Put the rows of each partition in Z-order by these columns, so that filters on any of them open few files.',
    },
    {
      flags: '--target-size <megabytes>',
      summary: 'Of a new file; what the table says by default (delta.targetFileSize), or 100.',
    },
  ],
  async run({ arguments: [name], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { optimizeTable } = await import('../../app/table-maintenance.ts')
    const size = options.targetSize === undefined ? undefined : wholeNumber('--target-size', options.targetSize, 1)
    const columns = ((options.zorderBy as readonly string[] | undefined) ?? []).flatMap((text) => text.split(','))
    await using project = await openProjectOrFolder({ ...options, signal })
    using progress = new ProgressLine(terminal)
    const result = await optimizeTable(project, String(name), {
      ...(options.where === undefined ? {} : { where: String(options.where) }),
      zOrderBy: columns.map((column) => column.trim()).filter((column) => column !== ''),
      ...(size === undefined ? {} : { targetBytes: size * 1024 ** 2 }),
      onProgress: (done, of) => progress.say(`${done} of ${of} groups of files written`),
      signal,
    })
    for (const warning of result.warnings) terminal.note(warning)
    if (terminal.json) {
      terminal.data(result)
      return EXIT.ok
    }
    const { versions, filesRemoved, filesAdded, bytesRemoved, bytesAdded, partitions, filesConsidered } = result
    if (versions.length === 0) terminal.line(`nothing to do: ${filesConsidered} files looked at`)
    else {
      const places = partitions === 1 ? '1 partition' : `${partitions} partitions`
      terminal.line(
        `${filesRemoved} files (${formatBytes(bytesRemoved)}) became ${filesAdded} (${formatBytes(bytesAdded)}) in ${places}, version ${versions.at(-1)}`,
      )
    }
    return EXIT.ok
  },
}
export default tableOptimize
