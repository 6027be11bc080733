import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { CommandDefinition } from '../command.ts'
import { printRows } from '../print-rows.ts'

const query: CommandDefinition = {
  name: 'query',
  summary: 'Runs a SQL query on the project’s engine and prints its rows.',
  details:
    'Lake tables are there under their names. Examples:\n  millrace query "select count(*) from raw.orders"\n  millrace query --file answer.sql --json',
  arguments: [{ name: 'sql', summary: 'The query; - reads it from standard input.' }],
  options: [
    { flags: '--file <file>', summary: 'Read the query from a file.' },
    { flags: '--limit <n>', summary: 'Print at most this many rows (0: all).', default: '100' },
  ],
  async run({ arguments: [text], options, terminal, signal }) {
    const { openProject } = await import('../../app/open-project.ts')
    const { queryProject } = await import('../../app/query-data.ts')
    const words = typeof text === 'string' ? text : undefined
    const statement = options.file ? await readFile(resolve(String(options.file)), 'utf8') : words
    if (!statement)
      throw new MillraceError('USAGE', 'millrace query: no query was given', {
        hint: 'Give it as text or with --file.',
      })
    await using project = await openProject({ ...options, signal })
    return await printRows(terminal, await queryProject(project, statement, { signal }), Number(options.limit))
  },
}
export default query
