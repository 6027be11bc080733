import { MillraceError } from '../../../base/kernel/index.ts'
import type { CommandDefinition } from '../command.ts'
import { EXIT } from '../terminal.ts'
import { oneOf, wholeNumber } from '../whole-number.ts'

const tableClone: CommandDefinition = {
  name: 'table clone',
  summary: 'Makes a Delta table that begins with the files of another, where they lie.',
  details:
    'No data are copied, and what is written to one is not seen in the other; a vacuum of the source can take files from\nits clones.\n\nExamples:\n  millrace table clone raw.orders ./scratch/orders --shallow\n  millrace table clone s3://bucket/orders s3://bucket/orders-try --shallow --version 3 --json',
  arguments: [
    {
      name: 'source',
      summary: 'A Delta table: a dataset (schema.table), a path or an address such as lake://raw/orders.',
      required: true,
    },
    { name: 'target', summary: 'The folder of the clone: a path or an address.', required: true },
  ],
  options: [
    { flags: '--shallow', summary: 'Leaves the data where they are: the only kind of clone there is.' },
    { flags: '--version <n>', summary: 'The version that is cloned; the newest by default.' },
    { flags: '--timestamp <time>', summary: 'The same by its time, in UTC unless it names a zone.' },
  ],
  async run({ arguments: [source, target], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { cloneTable } = await import('../../app/table-maintenance.ts')
    const { momentOf } = await import('../../app/table-versions.ts')
    if (options.version !== undefined && options.timestamp !== undefined) throw oneOf('--version', '--timestamp')
    if (options.shallow !== true) {
      throw new MillraceError('OPTION_MISSING', `cloning ${source}: --shallow is not given`, {
        hint: 'Clones are shallow; to copy the rows, write a frame that reads the table.',
      })
    }
    await using project = await openProjectOrFolder({ ...options, signal })
    const result = await cloneTable(project, String(source), String(target), {
      ...(options.version === undefined ? {} : { version: wholeNumber('--version', options.version, 0) }),
      ...(options.timestamp === undefined ? {} : { timestamp: momentOf('--timestamp', String(options.timestamp)) }),
    })
    if (terminal.json) terminal.data(result)
    else terminal.line(`${target} begins with the ${result.files} files of version ${result.sourceVersion}`)
    return EXIT.ok
  },
}
export default tableClone
