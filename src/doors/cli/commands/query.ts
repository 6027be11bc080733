import { readFile } from 'node:fs/promises'
import { text as textOf } from 'node:stream/consumers'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { CommandDefinition } from '../command.ts'
import { printRows } from '../print-rows.ts'
import { wholeNumber } from '../whole-number.ts'

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
    const limit = wholeNumber('--limit', options.limit, 0)
    const statement = await statementOf(text, options.file)
    await using project = await openProject({ ...options, signal })
    return await printRows(terminal, await queryProject(project, statement, { signal }), limit)
  },
}
export default query

/** The query: from a file, from standard input, or as it stands. @throws MillraceError USAGE, STORE_NOT_FOUND */
async function statementOf(written: unknown, file: unknown): Promise<string> {
  if (typeof file === 'string' && written !== undefined) {
    throw new MillraceError('USAGE', 'millrace query: a query was given as text and as a file', { hint: 'Give one.' })
  }
  const statement =
    typeof file === 'string' ? await fileText(file) : written === '-' ? await textOf(process.stdin) : written
  if (typeof statement === 'string' && statement.trim() !== '') return statement
  throw new MillraceError('USAGE', 'millrace query: no query was given', {
    hint: 'Give it as text, with --file, or as - on standard input.',
  })
}

async function fileText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const there = (cause as NodeJS.ErrnoException).code !== 'ENOENT'
    throw new MillraceError(there ? 'STORE_FAILED' : 'STORE_NOT_FOUND', `reading the query from ${file}`, {
      cause,
      hint: 'The file is looked for from the current folder.',
    })
  }
}
