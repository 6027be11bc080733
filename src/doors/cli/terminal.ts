import { once } from 'node:events'
import { styleText } from 'node:util'
import CliTable from 'cli-table3'
import { formatPlace, type MillraceError, textWidth } from '../../base/kernel/index.ts'
import { printable, printableLines } from './printable.ts'
import { recordLines } from './record-lines.ts'

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

/** A cell of a table that has a style; text that holds colours itself is never trusted. */
export interface StyledCell {
  readonly style: Style
  readonly text: string
}

/**
 * The process's own terminal. NO_COLOR and --no-color are honoured (https://no-color.org); a pipe or a file has no colours
 * and is as wide as need be, unless COLUMNS says otherwise.
 */
export function processTerminal(options: { json?: boolean; color?: boolean }): Terminal {
  const json = options.json ?? false
  const colour = options.color !== false && !process.env.NO_COLOR && process.stdout.isTTY === true
  return {
    json,
    live: !json && process.stderr.isTTY === true && !process.env.CI,
    // A terminal that does not know its width says 0.
    columns: Number(process.env.COLUMNS) || process.stdout.columns || Number.POSITIVE_INFINITY,
    line: (text = '') => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    data: (value) => void process.stdout.write(`${toJson(value)}\n`),
    async stream(pieces) {
      for await (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
      process.stdout.write('\n')
    },
    style: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
  }
}

/**
 * JSON in which integers beyond 2^53 stand as text, bytes as base64 and maps as objects, and every control character as
 * an escape: JSON itself leaves those of ISO 6429's second set, which terminals obey.
 */
export function toJson(value: unknown, space?: number): string {
  const text = JSON.stringify(
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
  return text?.replaceAll(/[\x7f-\x9f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** How a table is printed. */
export interface TableOptions {
  readonly plainNumbers?: boolean
  readonly whole?: readonly string[]
  readonly readable?: number
}

/**
 * A plain table: a header, a rule, and columns that line up; numbers to the right (`plainNumbers`: as
 * data has them, without separators), cut to the terminal's width. Columns named in `whole` are never cut. Where a
 * column would become narrower than `readable`, each row is a few lines of its own instead, and nothing is cut.
 */
export function table(
  terminal: Terminal,
  head: readonly string[],
  rows: readonly (readonly unknown[])[],
  options: TableOptions = {},
): string {
  return fittedTable(terminal, head, rows, options).text
}

/** The same, and whether a value had to be cut. */
export function fittedTable(
  terminal: Terminal,
  head: readonly string[],
  rows: readonly (readonly unknown[])[],
  { plainNumbers = false, whole = [], readable = 0 }: TableOptions = {},
): { readonly text: string; readonly cut: boolean } {
  const texts = rows.map((row) => row.map((value) => cellText(value, plainNumbers)))
  const natural = head.map((name, index) =>
    texts.reduce((widest, row) => Math.max(widest, textWidth(row[index] ?? '')), textWidth(name)),
  )
  const kept = head.map((name) => whole.includes(name))
  const widths = fitted(natural, terminal.columns - 2 * head.length, kept)
  const cells = rows.map((row, at) => row.map((value, index) => styledText(terminal, value, texts[at]?.[index] ?? '')))
  const narrower = (least: number) => widths.some((width, index) => width < Math.min(natural[index] ?? 0, least))
  if (narrower(readable)) {
    const lines = rows.flatMap((row, at) =>
      recordLines(head, texts[at] ?? [], terminal.columns, (text) => styledText(terminal, row[0], text)),
    )
    return { text: lines.join('\n'), cut: false }
  }
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
  const lines = printed.toString().split('\n')
  return { text: lines.map((line) => line.trimEnd()).join('\n'), cut: narrower(Number.POSITIVE_INFINITY) }
}

function cellText(value: unknown, plainNumbers: boolean): string {
  if (value === null || value === undefined) return ''
  if (plainNumbers && (typeof value === 'number' || typeof value === 'bigint')) return String(value)
  if (typeof value === 'number') return value.toLocaleString('en-US', { maximumFractionDigits: 3 })
  if (typeof value === 'bigint') return value.toLocaleString('en-US')
  if (isStyled(value)) return printable(value.text)
  if (typeof value === 'object') return printable(toJson(value))
  return printable(String(value))
}

function styledText(terminal: Terminal, value: unknown, text: string): string {
  return isStyled(value) ? terminal.style(value.style, text) : text
}

function isStyled(value: unknown): value is StyledCell {
  return value instanceof Styled
}

class Styled implements StyledCell {
  readonly style: Style
  readonly text: string

  constructor(style: Style, text: string) {
    this.style = style
    this.text = text
  }
}

/** A cell in a style, for `table`. */
export function styled(style: Style, text: string): StyledCell {
  return new Styled(style, text)
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
  const [message = '', ...more] = printableLines(error.message)
  const lines = [`${terminal.style('red', 'error')} ${terminal.style('bold', error.code)}: ${message}`]
  lines.push(...more.map((line) => `  ${line}`))
  if (error.at) lines.push(`  at   ${printable(formatPlace(error.at))}`)
  const cause = error.cause instanceof Error ? error.cause.message : typeof error.cause === 'string' ? error.cause : ''
  const [first] = cause.split('\n')
  if (first && !error.message.includes(first)) lines.push(`  from ${printable(first)}`)
  if (error.hint) lines.push(`  hint ${printable(error.hint)}`)
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
