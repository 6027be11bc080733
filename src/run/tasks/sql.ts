import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { MillraceError } from '../../base/kernel/index.ts'
import { id, inline, sql } from '../../base/sql/index.ts'
import { defineTask, inputOption, type Output, type TaskControls } from '../pipeline/index.ts'
import { runValues } from './run-values.ts'
import { bindTemplate, inputBindings, runBindings } from './sql-template.ts'
import { heldInputs, relationOf } from './task-input.ts'

const options = z
  .strictObject({
    file: z.string().min(1).optional().describe('A file of the project with one or more statements.'),
    sql: z.string().min(1).optional().describe('The statements themselves, in place of a file.'),
    inputs: z.record(z.string().regex(/^[A-Za-z_]\w*$/), inputOption).default({}),
    into: z.string().min(1).optional().describe('The dataset the statements write, for the tasks after this one.'),
  })
  .refine(({ file, sql: text }) => (file === undefined) !== (text === undefined), {
    error: 'needs either "file" or "sql"',
  })

/** What `task.sql` takes. */
export interface SqlTask extends TaskControls {
  file?: string
  sql?: string
  /** By the names the SQL knows them by: `{{ orders }}`, or just `orders`. */
  inputs?: Readonly<Record<string, Output | string>>
  into?: string
}

export default defineTask({
  kind: 'sql',
  summary: 'Runs statements of the SQL of your own, all in one transaction, with the values of the run bound.',
  options,
  build: (add) => (name: string, written: SqlTask) => add('sql', name, written),
  async run({ file, sql: text, inputs, into }, context) {
    const { project, signal } = context
    const written = text ?? (await readSql(resolve(project.dir, file ?? ''), file ?? ''))
    const bindings = { ...runBindings(runValues(context)), ...inputBindings(Object.keys(inputs)) }
    const { dialect } = project.engine
    const script = inline(bindTemplate(written, bindings, file), dialect)
    await using _held = await heldInputs(Object.values(inputs), context)
    const relations = await Promise.all(
      Object.entries(inputs).map(async ([name, input]) => {
        const relation = await relationOf(input, context)
        return [name, relation.sql] as const
      }),
    )
    // It may name tables of the lake that it does not have as inputs.
    await project.catalog.settle()
    await using connection = await project.engine.connect({ signal })
    const { rowsChanged } = await connection.transaction(async () => {
      for (const [name, relation] of relations) {
        const view = sql`create or replace temporary view ${id(name)} as select * from ${relation}`
        await connection.script(inline(view, dialect), { signal })
      }
      return await connection.script(script, { signal, ...(file === undefined ? {} : { file }) })
    })
    return { rows: rowsChanged, ...(into === undefined ? {} : { dataset: into }) }
  },
})

async function readSql(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new MillraceError('STORE_NOT_FOUND', `reading ${file}: there is no such file`, {
      cause,
      hint: 'Paths are relative to the project folder.',
    })
  }
}
