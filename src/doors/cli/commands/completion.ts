import { unknownName } from '../../../base/kernel/index.ts'
import { type CommandDefinition, GLOBAL_OPTIONS } from '../command.ts'
import { EXIT } from '../terminal.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

const completion: CommandDefinition = {
  name: 'completion',
  summary: 'Prints a completion script for bash, zsh or fish.',
  details:
    'Examples:\n  source <(millrace completion bash)\n  millrace completion fish > ~/.config/fish/completions/millrace.fish',
  arguments: [{ name: 'shell', summary: SHELLS.join(', '), required: true }],
  async run({ arguments: [shell], terminal }) {
    const { COMMANDS } = await import('./index.ts')
    const definitions: CommandDefinition[] = []
    for (const entry of COMMANDS) definitions.push((await entry.load()).default)
    switch (shell) {
      case 'bash':
        terminal.line(bash(definitions))
        return EXIT.ok
      case 'zsh':
        terminal.line(`autoload -U +X bashcompinit && bashcompinit\n${bash(definitions)}`)
        return EXIT.ok
      case 'fish':
        terminal.line(fish(definitions))
        return EXIT.ok
      default:
        throw unknownName('OPTION_INVALID', 'the shell', String(shell), SHELLS)
    }
  },
}
export default completion

function flagsOf(definition: CommandDefinition): string[] {
  const options = [...(definition.options ?? []), ...GLOBAL_OPTIONS]
  return options.flatMap(({ flags }) => flags.match(/--[a-z-]+/g) ?? [])
}

function bash(definitions: readonly CommandDefinition[]): string {
  const firsts = [...new Set(definitions.map(({ name }) => name.split(' ')[0]))]
  const cases = definitions.map(
    ({ name, ...rest }) => `    "${name}"*) words="${flagsOf({ name, ...rest }).join(' ')}" ;;`,
  )
  const groups = firsts.flatMap((first) => {
    const seconds = definitions.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name.split(' ')[1])
    return seconds.length ? [`    "${first}") words="${seconds.join(' ')}" ;;`] : []
  })
  return [
    '_millrace() {',
    '  local words current="${COMP_WORDS[COMP_CWORD]}" line="${COMP_WORDS[*]:1:COMP_CWORD-1}"',
    '  case "$line" in',
    ...groups,
    ...cases,
    `    *) words="${firsts.join(' ')}" ;;`,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))',
    '}',
    'complete -F _millrace millrace',
  ].join('\n')
}

function fish(definitions: readonly CommandDefinition[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`
  const lines = ['complete -c millrace -f']
  for (const definition of definitions) {
    const [first = '', second] = definition.name.split(' ')
    if (second) {
      lines.push(`complete -c millrace -n __fish_use_subcommand -a ${first}`)
      lines.push(
        `complete -c millrace -n ${quoted(`__fish_seen_subcommand_from ${first}`)} -a ${second} -d ${quoted(definition.summary)}`,
      )
    } else lines.push(`complete -c millrace -n __fish_use_subcommand -a ${first} -d ${quoted(definition.summary)}`)
    for (const { flags, summary } of definition.options ?? []) {
      const long = /--([a-z-]+)/.exec(flags)?.[1]
      if (long)
        lines.push(
          `complete -c millrace -n ${quoted(`__fish_seen_subcommand_from ${first}`)} -l ${long} -d ${quoted(summary)}`,
        )
    }
  }
  return lines.join('\n')
}
