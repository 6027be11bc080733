import { GLOBAL_OPTIONS } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { type Terminal, table } from './terminal.ts'

/** Prints what `millrace` and `millrace help` say: every command with its summary, or those of a group such as `table`. */
export async function printOverview(terminal: Terminal, group?: string): Promise<void> {
  const listing = COMMANDS.filter(({ name }) => group === undefined || name.startsWith(`${group} `))
  const definitions = await Promise.all(listing.map(async ({ load }) => (await load()).default))
  const commands = definitions.map(({ name, summary }) => ({ name, summary }))
  const options = [
    ...GLOBAL_OPTIONS,
    { flags: '-h, --help', summary: 'Help for a command.' },
    { flags: '-V, --version', summary: 'The version.' },
  ].map(({ flags, summary }) => ({ flags, summary }))
  if (terminal.json) {
    terminal.data({ commands, options })
    return
  }
  const listed = commands.map(({ name, summary }) => [`millrace ${name}`, summary])
  terminal.line('The whole data stack in one package: ingest, lake, transform, check, orchestrate.\n')
  terminal.line(table(terminal, ['command', 'what it does'], listed))
  terminal.line(
    `\n${table(
      terminal,
      ['option', ''],
      options.map(({ flags, summary }) => [flags, summary]),
    )}\n`,
  )
  terminal.line('Exit codes: 0 done; 1 the work failed; 2 the command, a file or a name is wrong; 130 cancelled.')
}
