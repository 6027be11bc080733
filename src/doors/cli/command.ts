import type { Terminal } from './terminal.ts'

/** An argument by position. */
export interface ArgumentDefinition {
  readonly name: string
  readonly summary: string
  readonly required?: boolean
  readonly variadic?: boolean
}

/** An option, in commander's notation (`--ds <date>`, `-s, --select <selection...>`). */
export interface OptionDefinition {
  readonly flags: string
  readonly summary: string
  readonly default?: string | number | boolean
  readonly choices?: readonly string[]
  /** Taken, but not in the help. */
  readonly hidden?: boolean
}

/** What a command gets: its parsed words, and where to write. */
export interface CommandCall {
  readonly arguments: readonly (string | readonly string[] | undefined)[]
  readonly options: Readonly<Record<string, unknown>>
  readonly terminal: Terminal
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

/** One command of the command line: its help, its reference page, its completion and its code. */
export interface CommandDefinition {
  /** The words that name it, such as `task run`. */
  readonly name: string
  readonly summary: string
  /** Longer help, with examples. */
  readonly details?: string
  readonly arguments?: readonly ArgumentDefinition[]
  readonly options?: readonly OptionDefinition[]
  /** Returns the exit code. */
  run(call: CommandCall): Promise<number>
}

/** Options that every command has. */
export const GLOBAL_OPTIONS: readonly OptionDefinition[] = [
  { flags: '--project-dir <folder>', summary: 'The project; by default the nearest folder with a millrace.yml.' },
  { flags: '-t, --target <name>', summary: 'The target of millrace.yml to use.' },
  { flags: '--json', summary: 'Print JSON for programs; progress goes to stderr.' },
  { flags: '--no-color', summary: 'Print without colours (NO_COLOR does the same).' },
]
