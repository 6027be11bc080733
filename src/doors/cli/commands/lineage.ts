import type { ColumnTrace } from '../../../work/model/index.ts'
import type { CommandDefinition } from '../command.ts'
import { EXIT } from '../terminal.ts'

const lineage: CommandDefinition = {
  name: 'lineage',
  summary: 'Follows a column of a model to where its values come from, or to where they go.',
  details:
    'Nothing is built. Examples:\n  millrace lineage --column customers.lifetime_value\n  millrace lineage --column raw.orders.amount --downstream',
  options: [
    { flags: '--column <model.column>', summary: 'The column: MODEL.COLUMN, or SOURCE.TABLE.COLUMN.' },
    { flags: '--downstream', summary: 'What is made of it, in place of what it is made of.' },
    { flags: '--vars <yaml>', summary: 'Variables, as YAML.' },
    { flags: '--profiles-dir <folder>', summary: 'The folder of profiles.yml.' },
    { flags: '--dbt-project-dir <folder>', summary: 'The dbt project, relative to this one.' },
  ],
  async run({ options, terminal, signal }) {
    const { MillraceError } = await import('../../../base/kernel/index.ts')
    if (typeof options.column !== 'string') {
      throw new MillraceError('USAGE', 'millrace lineage: no column was named', { hint: 'Add --column MODEL.COLUMN.' })
    }
    const { readFlags } = await import('../dbt/read-flags.ts')
    const { dbtOptions } = await import('../dbt/dbt-options.ts')
    const { placeOf } = await import('../dbt/place.ts')
    const { lineageOfDbt, openDbtWorkplace } = await import('../../app/dbt/run-dbt-command.ts')
    const flags = readFlags(options, process.env)
    await using workplace = await openDbtWorkplace({ ...placeOf(options, flags), signal })
    const trace = await lineageOfDbt(workplace, {
      ...dbtOptions('compile', flags, []),
      column: options.column,
      direction: options.downstream === true ? 'down' : 'up',
    })
    if (terminal.json) terminal.data(trace)
    else for (const line of lines(trace, '')) terminal.line(line)
    return EXIT.ok
  },
}
export default lineage

function lines(trace: ColumnTrace, indent: string): string[] {
  const [kind = '', , ...rest] = trace.node.split('.')
  const known = /^(model|seed|snapshot|source)$/.test(kind)
  const name = known ? `${kind} ${rest.join('.')}` : trace.node
  return [`${indent}${name}.${trace.column}`, ...trace.next.flatMap((next) => lines(next, `${indent}  `))]
}
