import type { CommandDefinition } from '../command.ts'
import { EXIT, table } from '../terminal.ts'

const RESULT_FORMATS = ['BOOLEAN_ONLY', 'BASIC', 'SUMMARY', 'COMPLETE'] as const

const validateCommand: CommandDefinition = {
  name: 'validate',
  summary: 'Checks a dataset, a file or a query against a Great Expectations suite.',
  details:
    'Exit code 1 when the data does not meet the suite. Examples:\n  millrace validate raw.orders --suite orders --where "order_date = \'2024-01-31\'"\n  millrace validate data/products.parquet --suite suites/products.json --json',
  arguments: [
    {
      name: 'data',
      summary: 'A dataset (schema.table), a path, or a query that starts with select or with.',
      required: true,
    },
  ],
  options: [
    { flags: '--suite <name>', summary: 'A suite of the project by name, or a file.' },
    { flags: '--where <condition>', summary: 'Only rows for which this SQL condition holds.' },
    {
      flags: '--result-format <format>',
      summary: 'How much the result tells.',
      choices: RESULT_FORMATS,
      default: 'SUMMARY',
    },
  ],
  async run({ arguments: [data], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { validateData } = await import('../../app/validate-data.ts')
    const { formatValidation } = await import('../../../work/quality/index.ts')
    const { MillraceError } = await import('../../../base/kernel/index.ts')
    if (typeof options.suite !== 'string') {
      throw new MillraceError('USAGE', 'millrace validate: no suite was named', {
        hint: 'Add --suite NAME or --suite FILE.',
      })
    }
    await using project = await openProjectOrFolder({ ...options, signal })
    const result = await validateData(project, {
      data: String(data),
      suite: options.suite,
      ...(typeof options.where === 'string' ? { where: options.where } : {}),
      resultFormat: options.resultFormat as (typeof RESULT_FORMATS)[number],
      signal,
    })
    if (terminal.json) terminal.data(result)
    else {
      const { columns, rows, summary } = formatValidation(result)
      const styled = rows.map(([word, ...rest]) => [terminal.style(word === 'met' ? 'green' : 'red', word), ...rest])
      terminal.line(table(terminal, columns, styled))
      terminal.line(`${String(data)} against ${options.suite}: ${summary}.`)
    }
    return result.success ? EXIT.ok : EXIT.failed
  },
}
export default validateCommand
