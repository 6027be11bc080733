import { asMillraceError, MillraceError, packageVersion, unknownName } from '../../base/kernel/index.ts'
import { type CommandCall, GLOBAL_OPTIONS } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { EXIT, errorLines, processTerminal, type Terminal } from './terminal.ts'

/** Errors that say that the command, a file or a name is wrong, not that the work failed. */
const USAGE_CODES =
  /^(USAGE|OPTION_|PROJECT_|TARGET_|SECRET_MISSING|MODEL_CYCLE|MODEL_DUPLICATE|TASK_DUPLICATE|JINJA_SYNTAX|.*_UNKNOWN|.*_NOT_FOUND|.*_INVALID|NODE_TOO_OLD|FOLDER_NOT_EMPTY|PIPELINE_)/

/**
 * Runs one command line and returns its exit code: 0 done, 1 the work failed, 2 the command, a file or a name
 * is wrong, 130 cancelled. Never throws, never exits the process.
 */
export async function main(words: readonly string[]): Promise<number> {
  const terminal = processTerminal({ json: asksForJson(words), color: !words.includes('--no-color') })
  const abort = new AbortController()
  const interrupted = () => {
    if (abort.signal.aborted) process.exit(EXIT.cancelled)
    terminal.note('Stopping; press Ctrl-C again to stop at once.')
    abort.abort(new MillraceError('CANCELLED', 'the command was interrupted'))
  }
  process.on('SIGINT', interrupted)
  process.on('SIGTERM', interrupted)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
  })
  try {
    return await dispatch(words, terminal, abort.signal)
  } catch (thrown) {
    return report(asMillraceError(thrown), terminal)
  } finally {
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
  }
}

function report(error: MillraceError, terminal: Terminal): number {
  if (terminal.json) terminal.data({ error })
  else for (const line of errorLines(terminal, error)) terminal.note(line)
  if (error.code === 'INTERNAL' && process.env.MILLRACE_DEBUG) terminal.note(String(error.stack))
  if (error.code === 'CANCELLED') return EXIT.cancelled
  return USAGE_CODES.test(error.code) ? EXIT.usage : EXIT.failed
}

async function dispatch(words: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  const positions = commandPositions(words)
  const plain = positions.map((position) => words[position] ?? '')
  const [first] = plain
  if (first === undefined && words.some((word) => word === '--version' || word === '-V')) {
    terminal.line(packageVersion())
    return EXIT.ok
  }
  if (first === 'help' && plain.length > 1) return dispatch([...plain.slice(1), '--help'], terminal, signal)
  if (first === undefined || first === 'help') {
    const { printOverview } = await import('./help.ts')
    await printOverview(terminal)
    return first === 'help' || wantsHelp(words) ? EXIT.ok : EXIT.usage
  }
  const entry = COMMANDS.find(({ name }) => name.split(' ').every((word, index) => plain[index] === word))
  if (!entry && plain.length === 1 && wantsHelp(words) && COMMANDS.some(({ name }) => name.startsWith(`${first} `))) {
    const { printOverview } = await import('./help.ts')
    await printOverview(terminal, first)
    return EXIT.ok
  }
  if (!entry) throw unknownCommand(first, plain[1])
  const { default: definition } = await entry.load()
  const own = new Set(positions.slice(0, entry.name.split(' ').length))
  const { parse } = await import('./parse.ts')
  const parsed = parse(
    definition,
    words.filter((_, position) => !own.has(position)),
    terminal,
  )
  if (typeof parsed === 'number') return parsed
  const call: CommandCall = { ...parsed, terminal, signal }
  return definition.run(call)
}

/** `--json`, or `--format json`: errors are JSON then, too. */
function asksForJson(words: readonly string[]): boolean {
  const format = words.indexOf('--format')
  return words.includes('--json') || words.includes('--format=json') || (format >= 0 && words[format + 1] === 'json')
}

const wantsHelp = (words: readonly string[]): boolean => words.includes('--help') || words.includes('-h')

/** Where the words stand that are neither options nor the values of options that every command has. */
function commandPositions(words: readonly string[]): number[] {
  const valued = GLOBAL_OPTIONS.filter(({ flags }) => flags.includes('<')).flatMap(
    ({ flags }) => flags.match(/--?[a-z][a-z-]*/g) ?? [],
  )
  return [...words.keys()].filter((position) => {
    return !words[position]?.startsWith('-') && !valued.includes(words[position - 1] ?? '')
  })
}

function unknownCommand(first: string, second: string | undefined): MillraceError {
  const group = COMMANDS.map(({ name }) => name).filter((name) => name.startsWith(`${first} `))
  if (group.length > 0 && second === undefined) {
    return new MillraceError('USAGE', `millrace ${first}: a second word is missing`, {
      hint: `There are: ${group.join(', ')}.`,
    })
  }
  if (group.length > 0) return unknownName('USAGE', 'the command', `${first} ${second}`, group)
  return unknownName('USAGE', 'the command', first, new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? '')))
}
