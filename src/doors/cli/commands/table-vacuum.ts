import { milliseconds } from '../../../base/kernel/index.ts'
import type { CommandDefinition } from '../command.ts'
import { ProgressLine } from '../progress-line.ts'
import { EXIT, formatBytes } from '../terminal.ts'

const tableVacuum: CommandDefinition = {
  name: 'table vacuum',
  summary: 'Removes files that no version of a Delta table within its retention needs.',
  details:
    'Data files, deletion vectors and change files that left the table longer ago than the retention, and files of\nwrites that died. Versions before that time cannot be read any more.\n\nExamples:\n  millrace table vacuum raw.orders --dry-run\n  millrace table vacuum raw.orders --retain "240 hours"\n  millrace table vacuum ./lake/raw/orders --json',
  arguments: [
    {
      name: 'table',
      summary: 'A Delta table: a dataset (schema.table), a path or an address such as lake://raw/orders.',
      required: true,
    },
  ],
  options: [
    {
      flags: '--retain <time>',
      summary:
        'How long removed files stay; what the table says by default (delta.deletedFileRetentionDuration, 168 hours).',
    },
    { flags: '--dry-run', summary: 'List the files that would go; remove nothing.' },
    {
      flags: '--allow-short-retention',
      summary: 'Retain less than the table says. Nobody may read older versions or write meanwhile.',
    },
  ],
  async run({ arguments: [name], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { vacuumTable } = await import('../../app/table-maintenance.ts')
    const retainMs = options.retain === undefined ? undefined : milliseconds(String(options.retain))
    await using project = await openProjectOrFolder({ ...options, signal })
    using progress = new ProgressLine(terminal)
    const { files, bytes, filesSeen, dryRun, version, ...rest } = await vacuumTable(project, String(name), {
      ...(retainMs === undefined ? {} : { retainMs }),
      dryRun: options.dryRun === true,
      allowShortRetention: options.allowShortRetention === true,
      onProgress: (deleted, of) => progress.say(`${deleted} of ${of} files removed`),
      signal,
    })
    const paths = files.map(({ path }) => path)
    if (terminal.json) {
      terminal.data({ version, dryRun, retainHours: rest.retainMs / 3_600_000, filesSeen, bytes, files: paths })
      return EXIT.ok
    }
    if (dryRun) for (const path of paths) terminal.line(path)
    const count = `${files.length} of ${filesSeen} files, ${formatBytes(bytes)}`
    if (dryRun) terminal.note(`${count} would be removed`)
    else terminal.line(`${count} removed`)
    return EXIT.ok
  },
}
export default tableVacuum
