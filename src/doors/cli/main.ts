import { readFileSync } from 'node:fs'
import { asMillraceError, MillraceError, unknownName } from '../../base/kernel/index.ts'
import type { CommandCall, CommandDefinition } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { EXIT, errorLines, processTerminal, type Terminal } from './terminal.ts'

/** Errors that say that the command, a file or a name is wrong, not that the work failed. */
const USAGE_CODES =
  /^(USAGE|OPTION_|PROJECT_|TARGET_|CONNECTION_UNKNOWN|.*_UNKNOWN|.*_NOT_FOUND|.*_INVALID|NODE_TOO_OLD|FOLDER_NOT_EMPTY|PIPELINE_)/

/**
 * Runs one command line and returns its exit code: 0 done, 1 the work failed, 2 the command, a file or a name
 * is wrong, 130 cancelled. Never throws, never exits the process.
 */
export async function main(words: readonly string[]): Promise<number> {
  const terminal = processTerminal({ json: words.includes('--json'), color: !words.includes('--no-color') })
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
  const plain = words.filter((word) => !word.startsWith('-'))
  const [first = ''] = plain
  if (words.length === 1 && ['--version', '-V'].includes(words[0] ?? '')) {
    const manifest = new URL('../../../package.json', import.meta.url)
    terminal.line((JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version)
    return EXIT.ok
  }
  if (first === '' || first === 'help') {
    const { overview } = await import('./help.ts')
    terminal.line(await overview(terminal))
    return words.length === 0 ? EXIT.usage : EXIT.ok
  }
  const name = COMMANDS.find((entry) => matches(entry.name, words))
  if (!name) throw unknownCommand(words)
  const { default: definition } = await name.load()
  const rest = withoutFirst(words, definition.name.split(' '))
  const { parse } = await import('./parse.ts')
  const parsed = parse(definition, rest, terminal)
  if (typeof parsed === 'number') return parsed
  const call: CommandCall = { ...parsed, terminal, signal }
  return definition.run(call)
}

function matches(name: string, words: readonly string[]): boolean {
  const plain = words.filter((word) => !word.startsWith('-'))
  return name.split(' ').every((word, index) => plain[index] === word)
}

/** The words without the command's own, which may stand after global options. */
function withoutFirst(words: readonly string[], name: readonly string[]): string[] {
  const rest = [...words]
  for (const word of name) rest.splice(rest.indexOf(word), 1)
  return rest
}

function unknownCommand(words: readonly string[]): MillraceError {
  const plain = words.filter((word) => !word.startsWith('-'))
  const [first = ''] = plain
  const group = COMMANDS.filter((entry) => entry.name.startsWith(`${first} `))
  if (group.length > 0) {
    const choices = group.map((entry) => entry.name.slice(first.length + 1))
    return unknownName('USAGE', `the command "${first}"`, plain[1] ?? '', choices)
  }
  return unknownName(
    'USAGE',
    'the command',
    first,
    new Set(COMMANDS.map((entry) => entry.name.split(' ')[0] ?? '')),
    {},
  )
}

export type { CommandDefinition }
