import { GLOBAL_OPTIONS } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { type Terminal, table } from './terminal.ts'

/** What `millrace` and `millrace help` print: every command with its summary. */
export async function overview(terminal: Terminal): Promise<string> {
  const rows: string[][] = []
  for (const entry of COMMANDS) {
    const { default: definition } = await entry.load()
    rows.push([`millrace ${definition.name}`, definition.summary])
  }
  const options = GLOBAL_OPTIONS.map(({ flags, summary }) => [flags, summary])
  return [
    'The whole data stack in one package: ingest, lake, transform, check, orchestrate.',
    '',
    table(terminal, ['command', 'what it does'], rows),
    '',
    table(
      terminal,
      ['option', ''],
      [...options, ['-h, --help', 'Help for a command.'], ['-V, --version', 'The version.']],
    ),
    '',
    'Exit codes: 0 done; 1 the work failed; 2 the command, a file or a name is wrong; 130 cancelled.',
  ].join('\n')
}
