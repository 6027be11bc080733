import { MillraceError } from '../../../base/kernel/index.ts'
import type { CommandDefinition } from '../command.ts'
import { EXIT } from '../terminal.ts'
import { oneOf, wholeNumber } from '../whole-number.ts'

const tableRestore: CommandDefinition = {
  name: 'table restore',
  summary: 'Makes a Delta table what it was at an older version, as a new version.',
  details:
    'Rows, columns and properties are those of then; the versions in between stay and can be restored in turn.\n\nExamples:\n  millrace table restore raw.orders --version 3\n  millrace table restore ./lake/raw/orders --timestamp "2024-01-31 08:00" --json',
  arguments: [
    {
      name: 'table',
      summary: 'A Delta table: a dataset (schema.table), a path or an address such as lake://raw/orders.',
      required: true,
    },
  ],
  options: [
    { flags: '--version <n>', summary: 'The version.' },
    { flags: '--timestamp <time>', summary: 'The time, in UTC unless it names a zone.' },
  ],
  async run({ arguments: [name], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { restoreTable } = await import('../../app/table-maintenance.ts')
    const { momentOf } = await import('../../app/table-versions.ts')
    if (options.version !== undefined && options.timestamp !== undefined) throw oneOf('--version', '--timestamp')
    if (options.version === undefined && options.timestamp === undefined) {
      throw new MillraceError('OPTION_MISSING', `restoring ${name}: to which version is not said`, {
        hint: 'Give --version or --timestamp; millrace table history lists the versions.',
      })
    }
    await using project = await openProjectOrFolder({ ...options, signal })
    const result = await restoreTable(project, String(name), {
      ...(options.version === undefined ? {} : { version: wholeNumber('--version', options.version, 0) }),
      ...(options.timestamp === undefined ? {} : { timestamp: momentOf('--timestamp', String(options.timestamp)) }),
      signal,
    })
    for (const warning of result.warnings) terminal.note(warning)
    if (terminal.json) terminal.data(result)
    else if (!result.committed) terminal.line(`nothing to do: it is as it was at version ${result.restoredTo}`)
    else {
      const { version, restoredTo, filesRestored, filesRemoved } = result
      terminal.line(
        `version ${version} is version ${restoredTo} again: ${filesRestored} files came back, ${filesRemoved} left`,
      )
    }
    return EXIT.ok
  },
}
export default tableRestore
