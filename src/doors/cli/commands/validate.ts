import type { Json } from '../../../base/kernel/index.ts'
import type { ResultFormatName, ValidationResult } from '../../../work/quality/index.ts'
import type { CommandCall, CommandDefinition } from '../command.ts'
import { EXIT } from '../terminal.ts'

const FORMATS = ['table', 'json', 'junit'] as const
const RESULT_FORMATS = ['BOOLEAN_ONLY', 'BASIC', 'SUMMARY', 'COMPLETE'] as const

const validateCommand: CommandDefinition = {
  name: 'validate',
  summary: 'Checks data against a Great Expectations suite, or runs a checkpoint of a Great Expectations project.',
  details:
    'Exit code 1 when the data does not meet the suite. Examples:\n  millrace validate raw.orders --suite orders --where "order_date = \'2024-01-31\'"\n  millrace validate data/products.parquet --suite suites/products.json --json\n  millrace validate --gx ../quality/gx --checkpoint daily --batch year=2024 --batch month=01',
  arguments: [
    { name: 'data', summary: 'A dataset (schema.table), a path, or a query that starts with select or with.' },
  ],
  options: [
    { flags: '--suite <name>', summary: 'A suite of the project by name, or a file.' },
    { flags: '--where <condition>', summary: 'Only rows for which this SQL condition holds.' },
    { flags: '--gx <folder>', summary: 'A Great Expectations project: the folder of great_expectations.yml.' },
    { flags: '--checkpoint <name>', summary: 'The checkpoint of that project to run.' },
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
    if (call.options.gx !== undefined || call.options.checkpoint !== undefined) return runCheckpoint(call)
    const { arguments: given, options, terminal, signal } = call
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { validateData } = await import('../../app/validate-data.ts')
    const { spooledLists } = await import('../spooled-lists.ts')
    const { printJunit, printValidation } = await import('../print-validation.ts')
    const [data] = given
    await oneFormat(call)
    if (typeof data !== 'string') throw await usage('no data was named', 'Name a dataset, a path or a query.')
    if (typeof options.suite !== 'string') throw await usage('no suite was named', 'Add --suite NAME or --suite FILE.')
    if (options.batch !== undefined) throw await usage('--batch goes with --gx', 'Use --where to choose rows.')
    await using project = await openProjectOrFolder({ ...options, signal })
    await using lists = await spooledLists()
    const result = await validateData(project, {
      data,
      suite: options.suite,
      ...(typeof options.where === 'string' ? { where: options.where } : {}),
      ...(options.parameter === undefined ? {} : { parameters: await parameters(options.parameter) }),
      ...(typeof options.quarantine === 'string' ? { quarantine: options.quarantine } : {}),
      resultFormat: (options.resultFormat ?? 'SUMMARY') as ResultFormatName,
      ...(options.index === undefined ? {} : { index: [options.index].flat().map(String) }),
      takeRows: asJson(call) ? lists.take : nowhere,
      signal,
    })
    if (asJson(call)) await terminal.stream(lists.pieces(result))
    else if (options.format === 'junit') printJunit(terminal, [result])
    else printValidation(terminal, data, options.suite, result)
    await writeDocs(call, options.suite, [result])
    if (result.quarantined !== undefined) {
      terminal.note(`${result.quarantined.toLocaleString('en-US')} rows are in ${options.quarantine}`)
    }
    return result.success ? EXIT.ok : EXIT.failed
  },
}
export default validateCommand

/** Only JSON shows lists of rows. */
const nowhere = async () => []

/** Whether JSON is asked for, by either word. */
function asJson({ terminal, options }: CommandCall): boolean {
  return terminal.json || options.format === 'json'
}

/** @throws MillraceError USAGE when two formats are asked for */
async function oneFormat({ options }: CommandCall): Promise<void> {
  if (options.json === true && options.format !== undefined && options.format !== 'json') {
    throw await usage(`--json and --format ${String(options.format)} exclude each other`, 'Leave one of them out.')
  }
}

async function runCheckpoint(call: CommandCall): Promise<number> {
  const { options, terminal, signal } = call
  const [data] = call.arguments
  if (typeof options.gx !== 'string' || typeof options.checkpoint !== 'string') {
    throw await usage('--gx and --checkpoint go together', 'Add --gx FOLDER --checkpoint NAME.')
  }
  if (data !== undefined || options.suite !== undefined || options.where !== undefined) {
    throw await usage('a checkpoint says itself what is validated', 'Leave out the data, --suite and --where.')
  }
  if (options.index !== undefined) {
    throw await usage(
      '--index goes with --suite',
      'The checkpoint says so: result_format, unexpected_index_column_names.',
    )
  }
  if (options.quarantine !== undefined) {
    throw await usage('--quarantine goes with --suite', 'Validate the data by itself to put rows aside.')
  }
  await oneFormat(call)
  const { printJunit, printValidation } = await import('../print-validation.ts')
  const { printable } = await import('../printable.ts')
  const { validateGx } = await import('../../app/validate-gx.ts')
  const { spooledLists } = await import('../spooled-lists.ts')
  await using lists = await spooledLists()
  const result = await validateGx({
    gx: options.gx,
    checkpoint: options.checkpoint,
    ...(options.batch === undefined ? {} : { batchParameters: await pairs(options.batch) }),
    ...(options.parameter === undefined ? {} : { expectationParameters: await parameters(options.parameter) }),
    ...(options.resultFormat === undefined ? {} : { resultFormat: options.resultFormat as ResultFormatName }),
    takeRows: asJson(call) ? lists.take : nowhere,
    signal,
  })
  if (asJson(call)) await terminal.stream(lists.pieces(result))
  else if (options.format === 'junit') printJunit(terminal, result.run_results)
  else {
    for (const one of result.run_results) {
      const { dataset, active_batch_definition: batch } = one.meta
      const of = Object.entries((batch as { batch_identifiers?: Record<string, Json> }).batch_identifiers ?? {})
      const which = of.map(([name, value]) => `${name}=${String(value)}`).join(' ')
      printValidation(terminal, [String(dataset), which].filter(Boolean).join(' '), one.suite_name, one)
      terminal.line()
    }
    const { successful_validations: met, evaluated_validations: all } = result.statistics
    terminal.line(`Checkpoint ${result.checkpoint_config.name}: ${met} of ${all} validations succeeded.`)
  }
  for (const { name, outcome, reason } of asJson(call) ? [] : result.actions) {
    terminal.note(printable(`action ${name}: ${outcome}${reason === undefined ? '' : `: ${reason}`}`))
  }
  await writeDocs(call, result.checkpoint_config.name, result.run_results)
  return result.success ? EXIT.ok : EXIT.failed
}

async function writeDocs({ options, terminal }: CommandCall, title: string, results: readonly ValidationResult[]) {
  if (typeof options.docs !== 'string') return
  const { resultDocs } = await import('../../../work/quality/index.ts')
  const { writePage } = await import('../write-page.ts')
  terminal.note(`Written: ${await writePage(options.docs, resultDocs(results, { title, madeAt: new Date() }))}`)
}

async function pairs(given: unknown): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const text of [given].flat().map(String)) {
    const at = text.indexOf('=')
    if (at < 1) throw await usage(`"${text}" is not name=value`, 'Write --batch year=2024.')
    found[text.slice(0, at)] = text.slice(at + 1)
  }
  return found
}

async function parameters(given: unknown): Promise<Record<string, Json>> {
  const texts = Object.entries(await pairs(given))
  return Object.fromEntries(
    texts.map(([name, text]): [string, Json] => {
      try {
        return [name, JSON.parse(text) as Json]
      } catch {
        return [name, text]
      }
    }),
  )
}

async function usage(what: string, hint: string): Promise<Error> {
  const { MillraceError } = await import('../../../base/kernel/index.ts')
  return new MillraceError('USAGE', `millrace validate: ${what}`, { hint })
}
