import { asMillraceError, packageVersion } from '../../../base/kernel/index.ts'
import type { DbtCommand, DbtOptions, DbtRun } from '../../../work/model/index.ts'
import type { DbtPlaceOptions } from '../../app/dbt/find-dbt-project.ts'
import { EXIT, errorLines, type Terminal } from '../terminal.ts'
import { commandOf, type SideCommand } from './commands.ts'
import { dbtOptions } from './dbt-options.ts'
import { logFileOf } from './log-file.ts'
import { endLines, errorLogLines, type LogLevel, LogLines, warning } from './log-lines.ts'
import { LogPrinter } from './log-printer.ts'
import { placeOf } from './place.ts'
import { printOutput } from './print-output.ts'
import { type FlagValues, idleFlags, readFlags } from './read-flags.ts'

/** One line of `millrace dbt …` as it was parsed. */
export interface DbtLine {
  readonly words: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** What the code of one command gets. */
export interface DbtCall {
  readonly flags: FlagValues
  readonly place: DbtPlaceOptions
  readonly rest: readonly string[]
  readonly terminal: Terminal
  readonly printer: LogPrinter
  readonly signal: AbortSignal
  /** The line as it was parsed. */
  readonly line: DbtLine
}

/**
 * Runs a line of dbt's and returns dbt's exit code: 0 done, 1 a node failed, 2 anything else went wrong; 130 when it
 * was interrupted.
 */
export async function runDbtLine(line: DbtLine): Promise<number> {
  const { terminal, signal } = line
  let printer = printerOf({}, terminal, false)
  try {
    const { command, rest } = commandOf(line.words)
    const { projectFlags } = await import('../../app/dbt/find-dbt-project.ts')
    const place = placeOf(line.options, readFlags(line.options, process.env))
    const flags = readFlags(line.options, process.env, projectFlags(place))
    printer = printerOf(flags, terminal, answersOnStdout(command, flags, terminal))
    const call = { flags, place, rest, terminal, printer, signal, line }
    if (isSide(command)) {
      const { SIDE } = await import('./side-commands.ts')
      return await SIDE[command](call)
    }
    return await runNodes(command, call)
  } catch (thrown) {
    const error = asMillraceError(thrown)
    if (terminal.json) terminal.data({ error })
    else if (printer.format === 'json') printer.print(errorLogLines(error))
    else for (const text of errorLines(terminal, error)) terminal.note(text)
    if (process.env.MILLRACE_DEBUG || line.options.debug === true) terminal.note(String(error.stack))
    return error.code === 'CANCELLED' ? EXIT.cancelled : EXIT.usage
  }
}

async function runNodes(command: DbtCommand, call: DbtCall): Promise<number> {
  const { flags, place, rest, terminal, printer, signal, line } = call
  const { openDbtWorkplace, runDbtCommand } = await import('../../app/dbt/run-dbt-command.ts')
  const options = dbtOptions(command, flags, rest)
  await using workplace = await openDbtWorkplace({ ...place, signal })
  const threads = options.threads ?? workplace.defaults.threads ?? 4
  const lines = new LogLines({
    width: (flags['printer_width'] as number | undefined) ?? 80,
    threads,
    target: workplace.deps.target?.name ?? 'default',
  })
  if (!terminal.json)
    printer.print([{ level: 'info', text: `Running with millrace=${packageVersion()}`, name: 'MainReportVersion' }])
  printer.print(idleFlags(line).map((text) => warning('OptionIdle', text)))
  const run = await runDbtCommand(workplace, {
    command,
    options,
    signal,
    ...(flags['write_json'] === false ? { artifacts: false } : {}),
    onEvent: (event) => {
      if (!terminal.json && !(event.kind === 'log' && flags['print'] === false)) printer.print(lines.of(event))
    },
  })
  report(run, call, options)
  return run.exitCode === 0 ? EXIT.ok : EXIT.failed
}

function report(run: DbtRun, { terminal, printer, flags }: DbtCall, options: DbtOptions): void {
  if (terminal.json) {
    const { results, elapsedMs, warnings, selected, output } = run
    terminal.data(run.command === 'ls' ? { selected } : { results, elapsedMs, warnings, ...(output ? { output } : {}) })
    return
  }
  const target = options.targetPath ?? 'target'
  if (run.results.length > 0 && !['compile', 'docs generate', 'run-operation'].includes(run.command)) {
    printer.print(endLines(run, target))
  } else if (run.exitCode !== 0) {
    printer.print(endLines(run, target))
  }
  printOutput(run, terminal, { json: flags['output'] === 'json', quiet: flags['quiet'] === true, printer })
}

/** Whether stdout is for the answer, so that progress goes to stderr. */
function answersOnStdout(command: DbtCommand | SideCommand, flags: FlagValues, terminal: Terminal): boolean {
  if (terminal.json || command === 'ls') return true
  return (command === 'show' || command === 'compile') && flags['output'] === 'json'
}

function printerOf(flags: FlagValues, terminal: Terminal, aside: boolean): LogPrinter {
  const format = flags['log_format']
  const file = logFileOf(flags)
  const level = (flags['log_level'] as LogLevel | 'none' | undefined) ?? (flags['debug'] === true ? 'debug' : 'info')
  return new LogPrinter(terminal, {
    format: format === 'json' || format === 'debug' ? format : 'text',
    level: flags['quiet'] === true && level !== 'none' ? 'error' : level,
    aside,
    invocation: '',
    ...(file ? { file } : {}),
  })
}

function isSide(command: DbtCommand | SideCommand): command is SideCommand {
  return ['clean', 'debug', 'deps', 'init', 'docs serve'].includes(command)
}
