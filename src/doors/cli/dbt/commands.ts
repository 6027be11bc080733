import { MillraceError, unknownName } from '../../../base/kernel/index.ts'
import { DBT_COMMANDS, type DbtCommand } from '../../../work/model/index.ts'

/** Commands that work on no graph. */
export const SIDE_COMMANDS = ['clean', 'debug', 'deps', 'init', 'docs serve'] as const
export type SideCommand = (typeof SIDE_COMMANDS)[number]

const SYNONYMS: Readonly<Record<string, string>> = { list: 'ls', 'source snapshot-freshness': 'source freshness' }

/**
 * The command that the first words name, and the words after it.
 * @throws MillraceError USAGE
 */
export function commandOf(words: readonly string[]): {
  readonly command: DbtCommand | SideCommand
  readonly rest: readonly string[]
} {
  const all = [...DBT_COMMANDS, ...SIDE_COMMANDS]
  const [first, second] = words
  if (first === undefined) {
    throw new MillraceError('USAGE', 'millrace dbt: the command is missing', { hint: `There are: ${all.join(', ')}.` })
  }
  for (const length of [2, 1]) {
    const written = words.slice(0, length).join(' ')
    const command = all.find((name) => name === (SYNONYMS[written] ?? written))
    if (!command) continue
    const rest = words.slice(length)
    const taken = command === 'run-operation' || command === 'init' ? 1 : 0
    if (rest.length > taken) {
      throw new MillraceError('USAGE', `millrace dbt ${command}: too many words: ${rest.slice(taken).join(' ')}`, {
        hint: `Select nodes with --select ${rest.slice(taken).join(' ')}.`,
      })
    }
    return { command, rest }
  }
  const group = all.filter((name) => name.startsWith(`${first} `))
  if (group.length > 0 && second === undefined) {
    throw new MillraceError('USAGE', `millrace dbt ${first}: a second word is missing`, {
      hint: `There are: ${group.join(', ')}.`,
    })
  }
  throw unknownName('USAGE', 'the dbt command', group.length > 0 ? `${first} ${second}` : first, all)
}
