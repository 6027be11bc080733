import { once } from 'node:events'
import { styleText } from 'node:util'
import CliTable from 'cli-table3'
import { formatPlace, type MillraceError, textWidth } from '../../base/kernel/index.ts'

/** Exit codes of the command line, the same for every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, cancelled: 130 } as const

type Style = Parameters<typeof styleText>[0]

/** Where a command writes: results to `out`, progress and errors to `err`. Colours only on a terminal. */
export interface Terminal {
  readonly json: boolean
  /** Whether progress may redraw lines. */
  readonly live: boolean
  readonly columns: number
  line(text?: string): void
  note(text: string): void
  data(value: unknown): void
  /** Data whose JSON comes in pieces, no faster than they are read. */
  stream(pieces: AsyncIterable<string>): Promise<void>
  style(style: Style, text: string): string
}

/**
 * The process's own terminal. NO_COLOR and --no-color are honoured (https://no-color.org); a pipe or a file is as
 * wide as need be, unless COLUMNS says otherwise.
 */
export function processTerminal(options: { json?: boolean; color?: boolean }): Terminal {
  const json = options.json ?? false
  const colour = options.color !== false && !process.env.NO_COLOR
  return {
    json,
    live: !json && process.stderr.isTTY === true && !process.env.CI,
    columns: process.stdout.columns ?? (Number(process.env.COLUMNS) || Number.POSITIVE_INFINITY),
    line: (text = '') => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    data: (value) => void process.stdout.write(`${toJson(value)}\n`),
    async stream(pieces) {
      for await (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
      process.stdout.write('\n')
    },
    style: (style, text) => (colour && process.stdout.isTTY ? styleText(style, text) : text),
  }
}

/** JSON in which integers beyond 2^53 stand as text, bytes as base64 and maps as objects. */
export function toJson(value: unknown, space?: number): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => {
      if (typeof part === 'bigint') {
        const number = Number(part)
        return Number.isSafeInteger(number) ? number : part.toString()
      }
      if (part instanceof Uint8Array) return Buffer.from(part).toString('base64')
      if (part instanceof Map) return Object.fromEntries(part)
      return part
    },
    space,
  )
}

/**
 * A plain table: a header, a rule, and columns that line up; numbers to the right (`plainNumbers`: as
 * data has them, without separators), cut to the terminal's width. Columns named in `whole` are never cut.
 */
export function table(
  terminal: Terminal,
  head: readonly string[],
  rows: readonly (readonly unknown[])[],
  { plainNumbers = false, whole = [] }: { readonly plainNumbers?: boolean; readonly whole?: readonly string[] } = {},
): string {
  const cells = rows.map((row) => row.map((value) => cellText(value, plainNumbers)))
  const natural = head.map((name, index) =>
    Math.max(textWidth(name), ...cells.map((row) => textWidth(row[index] ?? ''))),
  )
  const kept = head.map((name) => whole.includes(name))
  const widths = fitted(natural, terminal.columns - 2 * head.length, kept)
  const printed = new CliTable({
    head: head.map((name) => terminal.style('bold', name)),
    colWidths: widths.map((width) => width + 2),
    colAligns: head.map((_, index) =>
      rows.length > 0 && rows.every((row) => isNumeric(row[index])) ? 'right' : 'left',
    ),
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  })
  for (const row of cells) printed.push(row)
  return printed
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

function cellText(value: unknown, plainNumbers: boolean): string {
  if (value === null || value === undefined) return ''
  if (plainNumbers && (typeof value === 'number' || typeof value === 'bigint')) return String(value)
  if (typeof value === 'number') return value.toLocaleString('en-US', { maximumFractionDigits: 3 })
  if (typeof value === 'bigint') return value.toLocaleString('en-US')
  if (typeof value === 'object') return toJson(value)
  return String(value).replace(/\p{Cc}/gu, ' ')
}

function isNumeric(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'number' || typeof value === 'bigint'
}

/** Column widths that fit: the widest columns give way first, none below 6, and those to be kept not at all. */
function fitted(natural: readonly number[], room: number, kept: readonly boolean[]): number[] {
  const widths = [...natural]
  let excess = widths.reduce((sum, width) => sum + width, 0) - room
  while (excess > 0) {
    const cut = widths.map((width, index) => (kept[index] ? 0 : width))
    const widest = cut.indexOf(Math.max(...cut))
    if ((cut[widest] ?? 0) <= 6) break
    widths[widest] = (widths[widest] ?? 0) - 1
    excess -= 1
  }
  return widths
}

/** An error as lines: code and message, place, the cause's own words, the next step. */
export function errorLines(terminal: Terminal, error: MillraceError): string[] {
  const lines = [`${terminal.style('red', 'error')} ${terminal.style('bold', error.code)}: ${error.message}`]
  if (error.at) lines.push(`  at   ${formatPlace(error.at)}`)
  const cause = error.cause instanceof Error ? error.cause.message : typeof error.cause === 'string' ? error.cause : ''
  const [first] = cause.split('\n')
  if (first && !error.message.includes(first)) lines.push(`  from ${first}`)
  if (error.hint) lines.push(`  hint ${error.hint}`)
  return lines
}

/** A number of bytes for people: `1.4 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
