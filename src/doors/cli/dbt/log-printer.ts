import type { Terminal } from '../terminal.ts'
import type { LogLevel, LogLine } from './log-lines.ts'

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** How lines of progress are printed. */
export interface LogPrinterOptions {
  readonly format: 'text' | 'debug' | 'json'
  /** The least that is printed; `none` prints nothing. */
  readonly level: LogLevel | 'none'
  /** To stderr instead of stdout, where the answer itself goes to stdout. */
  readonly aside: boolean
  readonly invocation: string
}

/** Prints lines as dbt does: with the time before them, or as one JSON object a line. */
export class LogPrinter {
  readonly #terminal: Terminal
  readonly #options: LogPrinterOptions

  constructor(terminal: Terminal, options: LogPrinterOptions) {
    this.#terminal = terminal
    this.#options = options
  }

  get format(): LogPrinterOptions['format'] {
    return this.#options.format
  }

  print(lines: readonly LogLine[]): void {
    const { level, aside } = this.#options
    if (level === 'none') return
    for (const line of lines) {
      if (LEVELS.indexOf(line.level) < LEVELS.indexOf(level)) continue
      const text = this.#text(line)
      if (aside) this.#terminal.note(text)
      else this.#terminal.line(text)
    }
  }

  #text(line: LogLine): string {
    const now = new Date().toISOString()
    if (this.#options.format === 'json') return JSON.stringify(this.#json(line, now))
    const { mark } = line
    const text = mark ? line.text.replace(mark.word, (word) => this.#terminal.style(mark.colour, word)) : line.text
    const time = this.#options.format === 'debug' ? `${now} [${line.level.padEnd(5)}]` : now.slice(11, 19)
    return `${time}  ${text}`
  }

  #json({ level, text, name, data }: LogLine, ts: string): object {
    return {
      data: { ...data, msg: text },
      info: {
        category: '',
        code: '',
        extra: {},
        invocation_id: this.#options.invocation,
        level,
        msg: text,
        name,
        pid: process.pid,
        thread: 'MainThread',
        ts,
      },
    }
  }
}
