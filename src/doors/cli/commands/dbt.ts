import { asMillraceError, MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { parseYaml } from '../../../base/project/index.ts'
import type { DbtEvent, DbtOptions, DbtRun } from '../../../work/model/index.ts'
import type { CommandDefinition } from '../command.ts'
import { EXIT, type Terminal, table } from '../terminal.ts'
import { wholeNumber } from '../whole-number.ts'

const dbt: CommandDefinition = {
  name: 'dbt',
  summary: 'Runs dbt commands on the project’s models: build, run, test, seed, compile, parse, ls.',
  details:
    "Flags are dbt’s. Examples:\n  millrace dbt build --select staging+\n  millrace dbt run --full-refresh --vars '{vip_threshold: 100}'\n  millrace dbt ls --resource-type model",
  arguments: [{ name: 'command', summary: 'build, run, test, seed, compile, parse or ls (list).', required: true }],
  options: [
    { flags: '-s, --select <selection...>', summary: 'Nodes to work on, in dbt’s selection grammar.' },
    { flags: '--exclude <selection...>', summary: 'Nodes to leave out.' },
    { flags: '--resource-type <type...>', summary: 'Only nodes of these types (build, ls).' },
    { flags: '--vars <yaml>', summary: 'Variables, as YAML.' },
    { flags: '-f, --full-refresh', summary: 'Build incremental models and seeds anew.' },
    { flags: '-x, --fail-fast', summary: 'Stop at the first failure.' },
    { flags: '--threads <n>', summary: 'Nodes worked on at once.', default: '4' },
    { flags: '--warn-error', summary: 'Warnings of tests count as failures.' },
    { flags: '--store-failures', summary: 'Keep the rows that tests find.' },
    { flags: '--dbt-project-dir <folder>', summary: 'The dbt project, relative to this one.' },
  ],
  async run({ arguments: [word], options, terminal, signal }) {
    const { DBT_COMMANDS } = await import('../../../work/model/index.ts')
    const asked = word === 'list' ? 'ls' : String(word)
    const command = DBT_COMMANDS.find((name) => name === asked)
    if (!command) throw unknownName('USAGE', 'the dbt command', asked, DBT_COMMANDS)
    const { openProject } = await import('../../app/open-project.ts')
    const { runProjectDbt } = await import('../../app/run-dbt.ts')
    await using project = await openProject({ ...options, signal })
    const run = await runProjectDbt(project, {
      command,
      options: dbtOptions(options),
      ...(typeof options.dbtProjectDir === 'string' ? { dbtProjectDir: options.dbtProjectDir } : {}),
      signal,
      onEvent: (event) => {
        if (!terminal.json) narrate(terminal, event)
      },
    })
    print(terminal, command, run)
    return run.exitCode === 0 ? EXIT.ok : EXIT.failed
  },
}
export default dbt

function dbtOptions(options: Readonly<Record<string, unknown>>): DbtOptions {
  const threads = wholeNumber('--threads', options.threads, 1)
  const words = (value: unknown) => (Array.isArray(value) ? (value as string[]) : undefined)
  const [select, exclude, resourceTypes] = [words(options.select), words(options.exclude), words(options.resourceType)]
  return {
    threads,
    ...(select ? { select } : {}),
    ...(exclude ? { exclude } : {}),
    ...(resourceTypes ? { resourceTypes } : {}),
    ...(typeof options.vars === 'string' ? { vars: parsedVars(options.vars) } : {}),
    fullRefresh: options.fullRefresh === true,
    failFast: options.failFast === true,
    warnError: options.warnError === true,
    storeFailures: options.storeFailures === true,
  }
}

/** @throws MillraceError OPTION_INVALID */
function parsedVars(text: string): Record<string, unknown> {
  const hint = "Write it as YAML: --vars '{name: value}'."
  let data: unknown
  try {
    data = parseYaml(text, '--vars', 'OPTION_INVALID').data
  } catch (thrown) {
    const { code, message } = asMillraceError(thrown)
    throw new MillraceError(code, message, { hint })
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>
  throw new MillraceError('OPTION_INVALID', '--vars is not a mapping', { hint })
}

const COLOURS = { success: 'green', pass: 'green', warn: 'yellow', error: 'red', fail: 'red', skipped: 'gray' } as const

function narrate(terminal: Terminal, event: DbtEvent): void {
  if (event.kind === 'warning') terminal.note(`${terminal.style('yellow', 'warning')} ${event.message}`)
  if (event.kind === 'log') terminal.note(event.message)
  if (event.kind !== 'finished') return
  const { status, name, message, executionMs } = event.result
  const word = terminal.style(COLOURS[status], status.toUpperCase().padEnd(7))
  const why = message && status !== 'success' && status !== 'pass' ? `: ${message.split('\n')[0]}` : ''
  terminal.note(
    `${String(event.index).padStart(3)} of ${event.total}  ${word} ${name} [${(executionMs / 1000).toFixed(2)} s]${why}`,
  )
}

function print(terminal: Terminal, command: string, run: DbtRun): void {
  if (command === 'ls') {
    if (terminal.json) terminal.data({ selected: run.selected })
    else for (const id of run.selected) terminal.line(listedName(id))
    return
  }
  if (terminal.json) {
    terminal.data({ results: run.results, elapsedMs: run.elapsedMs, warnings: run.warnings })
    return
  }
  const counts = new Map<string, number>()
  for (const { status } of run.results) counts.set(status, (counts.get(status) ?? 0) + 1)
  for (const { status, name, message, error } of run.results) {
    if (status !== 'error' && status !== 'fail') continue
    terminal.line(`${terminal.style('red', status)} ${name}: ${message ?? ''}`)
    if (error?.at) terminal.line(`  at   ${error.at.file}${error.at.line === undefined ? '' : `:${error.at.line}`}`)
    if (error?.hint) terminal.line(`  hint ${error.hint}`)
  }
  if (run.results.length > 0)
    terminal.line(table(terminal, [...counts.keys(), 'total'], [[...counts.values(), run.results.length]]))
  terminal.line(`Done in ${(run.elapsedMs / 1000).toFixed(2)} s.`)
}

/** `model.shop.stg_orders` as dbt's ls prints it: `shop.stg_orders`; sources and tests keep their kind. */
function listedName(id: string): string {
  const [kind = '', ...rest] = id.split('.')
  return kind === 'source' ? `source:${rest.join('.')}` : rest.join('.')
}
