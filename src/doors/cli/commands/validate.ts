import type { ResultFormatName } from '../../../work/quality/index.ts'
import type { CommandDefinition } from '../command.ts'
import { EXIT } from '../terminal.ts'

const FORMATS = ['table', 'json', 'junit'] as const
const RESULT_FORMATS = ['BOOLEAN_ONLY', 'BASIC', 'SUMMARY', 'COMPLETE'] as const

const validateCommand: CommandDefinition = {
  name: 'validate',
  summary:
    'Checks data against a Great Expectations suite, or runs a checkpoint of the project or of a Great Expectations project.',
  details:
    'Exit code 1 when the data does not meet the suite, 2 when it was not judged. Examples:\n  millrace validate raw.orders --suite orders --where "order_date = \'2024-01-31\'"\n  millrace validate data/products.parquet --suite suites/products.json --json\n  millrace validate --checkpoint orders --ds 2024-01-31\n  millrace validate --gx ../quality/gx --checkpoint daily --batch year=2024 --batch month=01',
  arguments: [
    { name: 'data', summary: 'A dataset (schema.table), a path, or a query that starts with select or with.' },
  ],
  options: [
    { flags: '--suite <name>', summary: 'A suite of the project by name, or a file.' },
    { flags: '--where <condition>', summary: 'Only rows for which this SQL condition holds.' },
    { flags: '--gx <folder>', summary: 'A Great Expectations project: the folder of great_expectations.yml.' },
    { flags: '--checkpoint <name>', summary: 'The checkpoint to run: of this project, or with --gx of that one.' },
    { flags: '--ds <day>', summary: 'The day that a checkpoint of this project validates; today unless told.' },
    { flags: '--batch <name=value...>', summary: 'Batch parameters; by default the last batch is validated.' },
    { flags: '--parameter <name=value...>', summary: 'Values for {"$PARAMETER": "name"} in suites, as JSON or text.' },
    {
      flags: '--format <format>',
      summary: 'How the result is printed: a table, the suite result as JSON (as with --json), or JUnit XML.',
      choices: FORMATS,
    },
    {
      flags: '--docs <file>',
      summary: 'Writes the result as one HTML page, too, with examples of values that are not as expected.',
    },
    {
      flags: '--quarantine <dataset>',
      summary: 'Puts rows that fail critical or warning expectations into this dataset, with the reasons in a column.',
    },
    {
      flags: '--result-format <format>',
      summary: 'How much the result tells; SUMMARY, or what the checkpoint says.',
      choices: RESULT_FORMATS,
    },
    {
      flags: '--index <column...>',
      summary: 'Columns that name a row: the JSON of COMPLETE lists every unexpected row by them.',
    },
  ],
  async run(call) {
    if (call.options.gx !== undefined || call.options.checkpoint !== undefined) {
      const { runCheckpoint } = await import('../validate-checkpoint.ts')
      return runCheckpoint(call)
    }
    const { options, terminal, signal } = call
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { validateData } = await import('../../app/validate-data.ts')
    const { spooledLists } = await import('../spooled-lists.ts')
    const { printJunit, printValidation } = await import('../print-validation.ts')
    const { asJson, parameters, refuse, usage, writeDocs } = await import('../validate-options.ts')
    const [data] = call.arguments
    if (typeof data !== 'string') throw usage('no data was named', 'Name a dataset, a path or a query.')
    if (typeof options.suite !== 'string') throw usage('no suite was named', 'Add --suite NAME or --suite FILE.')
    refuse(call, {
      batch: ['--batch goes with --gx', 'Use --where to choose rows.'],
      ds: ['--ds goes with --checkpoint', 'Use --where to choose rows.'],
    })
    const json = asJson(call)
    await using project = await openProjectOrFolder({ ...options, signal })
    await using lists = await spooledLists()
    const result = await validateData(project, {
      data,
      suite: options.suite,
      ...(typeof options.where === 'string' ? { where: options.where } : {}),
      ...(options.parameter === undefined ? {} : { parameters: parameters(options.parameter) }),
      ...(typeof options.quarantine === 'string' ? { quarantine: options.quarantine } : {}),
      resultFormat: (options.resultFormat ?? 'SUMMARY') as ResultFormatName,
      ...(options.index === undefined ? {} : { index: [options.index].flat().map(String) }),
      // Only JSON shows lists of rows.
      takeRows: json ? lists.take : async () => [],
      signal,
    })
    await writeDocs(call, options.suite, [result])
    if (json) await terminal.stream(lists.pieces(result))
    else if (options.format === 'junit') printJunit(terminal, [result])
    else printValidation(terminal, data, options.suite, result)
    if (result.quarantined !== undefined) {
      terminal.note(`${result.quarantined.toLocaleString('en-US')} rows are in ${options.quarantine}`)
    }
    return result.success ? EXIT.ok : EXIT.failed
  },
}
export default validateCommand
