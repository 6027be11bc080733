import type { Terminal } from '../terminal.ts'
import { appendLines, type LogFile } from './log-file.ts'
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
  /** Where the lines are written as well. */
  readonly file?: LogFile
}

function told(lines: readonly LogLine[], level: LogLevel | 'none'): readonly LogLine[] {
  return level === 'none' ? [] : lines.filter((line) => LEVELS.indexOf(line.level) >= LEVELS.indexOf(level))
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
    const { level, aside, format, file } = this.#options
    for (const line of told(lines, level)) {
      const text = this.#text(line, format)
      if (aside) this.#terminal.note(text)
      else this.#terminal.line(text)
    }
    if (!file) return
    const written = told(lines, file.level).map((line) => this.#text(line, file.format, file.colours))
    appendLines(file.path, written)
  }

  #text(line: LogLine, format: LogPrinterOptions['format'], colours = true): string {
    const now = new Date().toISOString()
    if (format === 'json') return JSON.stringify(this.#json(line, now))
    const mark = colours ? line.mark : undefined
    const text = mark ? line.text.replace(mark.word, (word) => this.#terminal.style(mark.colour, word)) : line.text
    const time = format === 'debug' ? `${now} [${line.level.padEnd(5)}]` : now.slice(11, 19)
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
