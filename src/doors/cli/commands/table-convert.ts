import { type Field, MillraceError, parseType } from '../../../base/kernel/index.ts'
import type { CommandDefinition } from '../command.ts'
import { EXIT } from '../terminal.ts'

const tableConvert: CommandDefinition = {
  name: 'table convert',
  summary: 'Makes a Delta table of a folder of Parquet files, which stay where they are.',
  details:
    'Folders such as day=2024-01-31 become partition columns: whole numbers and dates where all values are, otherwise\ntexts. Statistics are taken from the files.\n\nExamples:\n  millrace table convert ./export/orders\n  millrace table convert s3://bucket/orders --json',
  arguments: [
    {
      name: 'folder',
      summary: 'A path or an address such as lake://raw/orders or s3://bucket/orders.',
      required: true,
    },
  ],
  options: [
    {
      flags: '--partition-by <columns...>',
      summary:
        'The columns of the folders with their types, such as "day date" "shop string", when they shall not be told from the values.',
    },
  ],
  async run({ arguments: [address], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { convertTable } = await import('../../app/table-maintenance.ts')
    await using project = await openProjectOrFolder({ ...options, signal })
    const fields = (options.partitionBy as readonly string[] | undefined)?.map(fieldOf)
    const { snapshot } = await convertTable(project, String(address), fields)
    const { version, files, partitionBy } = snapshot
    if (terminal.json) terminal.data({ version, files: files.length, partitionBy })
    else {
      const by = partitionBy.length === 0 ? '' : `, partitioned by ${partitionBy.join(', ')}`
      terminal.line(`${files.length} files are a Delta table now${by}`)
    }
    return EXIT.ok
  },
}

function fieldOf(text: string): Field {
  const [, name, type] = /^\s*(\S+)\s+(.+?)\s*$/.exec(text) ?? []
  if (name !== undefined && type !== undefined) return { name, type: parseType(type), nullable: true }
  throw new MillraceError('OPTION_INVALID', `--partition-by "${text}" is not a column with its type`, {
    hint: 'Write each as one word of the shell, such as --partition-by "day date" "shop string".',
  })
}
export default tableConvert
