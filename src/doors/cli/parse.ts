import { Argument, Command, CommanderError, Option } from 'commander'
import { MillraceError } from '../../base/kernel/index.ts'
import { type CommandCall, type CommandDefinition, GLOBAL_OPTIONS } from './command.ts'
import { EXIT, type Terminal } from './terminal.ts'

/** A commander command for a definition; used to parse, to print help and to write the reference. */
export function commanderOf(definition: CommandDefinition): Command {
  const command = new Command(`millrace ${definition.name}`).description(definition.summary).exitOverride()
  for (const { name, summary, required, variadic } of definition.arguments ?? []) {
    const dots = variadic ? '...' : ''
    command.addArgument(new Argument(required ? `<${name}${dots}>` : `[${name}${dots}]`, summary))
  }
  for (const option of [...(definition.options ?? []), ...GLOBAL_OPTIONS]) {
    const made = new Option(option.flags, option.summary)
    if (option.default !== undefined) made.default(option.default)
    if (option.choices) made.choices(option.choices)
    if (option.hidden) made.hideHelp()
    command.addOption(made)
  }
  if (definition.details) command.addHelpText('after', `\n${definition.details}`)
  return command
}

/**
 * Parses the words after a command's name, or answers the exit code when help was printed.
 * @throws MillraceError USAGE
 */
export function parse(
  definition: CommandDefinition,
  words: readonly string[],
  terminal: Terminal,
): Pick<CommandCall, 'arguments' | 'options'> | number {
  const command = commanderOf(definition)
  command.configureOutput({
    writeOut: (text) => terminal.line(text.trimEnd()),
    writeErr: () => {},
  })
  try {
    command.parse(words, { from: 'user' })
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown
    if (thrown.exitCode === 0) return EXIT.ok
    const said = thrown.message.replace(/^error: /, '')
    const [message = said, suggestion] = said.split('\n')
    throw new MillraceError('USAGE', `millrace ${definition.name}: ${message}`, {
      hint: suggestion?.replace(/[()]/g, '') ?? `See millrace ${definition.name} --help.`,
    })
  }
  return { arguments: command.processedArgs as CommandCall['arguments'], options: command.opts() }
}
