import { MillraceError } from '../../base/kernel/index.ts'

/** A column of a seed. */
export interface SeedColumn {
  readonly name: string
  readonly type: string
  /** Whether the type is from `column_types`, and not found in the values. */
  readonly written: boolean
}

/** A seed file's header and the types its values are given. */
export interface SeedShape {
  readonly columns: readonly SeedColumn[]
  readonly rows: number
}

/**
 * The rows of a CSV text (RFC 4180: quotes, doubled quotes, line breaks inside quotes).
 * @throws MillraceError MODEL_INVALID with the line for an unclosed quote
 */
export function* csvRows(text: string, delimiter: string, file: string): Generator<{ line: number; cells: string[] }> {
  let at = text.startsWith('\uFEFF') ? 1 : 0
  let line = 1
  while (at < text.length) {
    const startLine = line
    const cells: string[] = []
    let ended = false
    while (!ended) {
      let cell = ''
      if (text[at] === '"') {
        at += 1
        for (;;) {
          const quote = text.indexOf('"', at)
          if (quote < 0) {
            throw new MillraceError('MODEL_INVALID', `reading the seed ${file}: a quote is never closed`, {
              at: { file, line: startLine },
              hint: 'Close it, or write a quote inside a quoted value twice.',
            })
          }
          const piece = text.slice(at, quote)
          line += countLines(piece)
          cell += piece
          at = quote + 1
          if (text[at] !== '"') break
          cell += '"'
          at += 1
        }
      }
      const start = at
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1
      cells.push(cell + text.slice(start, at))
      ended = text[at] !== delimiter
      at += 1
    }
    if (text[at - 1] === '\r' && text[at] === '\n') at += 1
    line += 1
    if (cells.length > 1 || cells[0] !== '') yield { line: startLine, cells }
  }
}

function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1
  return lines
}

type Test = (value: string) => boolean

// The order and the strictness of dbt's type tester (dbt_common.clients.agate_helper).
const CANDIDATES: readonly { readonly type: (values: readonly string[]) => string; readonly test: Test }[] = [
  { type: numberType, test: isNumber },
  { type: () => 'date', test: (value) => isDate(value.trim()) },
  { type: () => 'timestamp without time zone', test: isTimestamp },
  { type: () => 'boolean', test: (value) => /^(true|false)$/i.test(value.trim()) },
]

/**
 * Types for the columns of a seed, as dbt infers them for DuckDB: integer, bigint, double, date, timestamp,
 * boolean, else text. Empty cells and `null` are missing values in every column.
 * @throws MillraceError MODEL_INVALID for a file without header, or rows of another width than the header
 */
export function inferSeed(
  text: string,
  options: {
    file: string
    delimiter: string
    types: ReadonlyMap<string, string>
    /** The type of numbers with fractions; `double` when absent. */
    fractionType?: string
  },
): SeedShape {
  const rows = csvRows(text, options.delimiter, options.file)
  const head = rows.next()
  if (head.done) {
    throw new MillraceError('MODEL_INVALID', `reading the seed ${options.file}: it is empty`, {
      at: { file: options.file, line: 1 },
      hint: 'The first line of a seed names its columns.',
    })
  }
  const names = head.value.cells
  const values: string[][] = names.map(() => [])
  let count = 0
  for (const { line, cells } of rows) {
    if (cells.length !== names.length) {
      throw new MillraceError(
        'MODEL_INVALID',
        `reading the seed ${options.file}: ${cells.length} values for ${names.length} columns`,
        {
          at: { file: options.file, line },
          hint: 'Quote values that hold the delimiter.',
        },
      )
    }
    count += 1
    cells.forEach((cell, index) => {
      if (!isMissing(cell)) values[index]?.push(cell)
    })
  }
  const fraction = options.fractionType ?? 'double'
  const columns = names.map((name, index): SeedColumn => {
    const forced = options.types.get(name)
    if (forced !== undefined) return { name, type: forced, written: true }
    const type = infer(values[index] ?? [])
    return { name, type: type === 'double' ? fraction : type, written: false }
  })
  return { columns, rows: count }
}

/**
 * The values of a seed's rows as texts that a database casts to the columns' types the way dbt's values are cast:
 * missing ones are null, whole numbers have no fraction, instants are in UTC. Values of columns whose type was
 * written stay as they are.
 */
export function* seedRows(
  text: string,
  shape: SeedShape,
  options: { readonly file: string; readonly delimiter: string },
): Generator<(string | null)[]> {
  const rows = csvRows(text, options.delimiter, options.file)
  rows.next()
  for (const { cells } of rows) {
    yield shape.columns.map(({ type, written }, index) => {
      const cell = cells[index] ?? ''
      if (isMissing(cell)) return null
      return written ? cell : plainText(cell, type)
    })
  }
}

function plainText(cell: string, type: string): string {
  if (type === 'text') return cell
  const value = cell.trim()
  if (type === 'integer' || type === 'bigint') return /^-?\d+$/.test(value) ? value : String(BigInt(Number(value)))
  if (type.startsWith('timestamp') && /(Z|[+-]\d{2}(:?\d{2})?)$/.test(value) && value.includes('T')) {
    const moment = new Date(value.replace(',', '.').replace(/([+-]\d{2})$/, '$1:00'))
    return Number.isNaN(moment.getTime()) ? value : moment.toISOString().replace('Z', '')
  }
  return value
}

function isMissing(cell: string): boolean {
  const text = cell.trim().toLowerCase()
  return text === '' || text === 'null'
}

function infer(values: readonly string[]): string {
  // dbt finds the first type that fits no value as well: a column without values is an integer.
  for (const { type, test } of CANDIDATES) if (values.every(test)) return type(values)
  return 'text'
}

// A column of numbers without a fraction (1.0 has none) is whole, as in dbt, which fails where 32 bits do not hold it.
function numberType(values: readonly string[]): string {
  const numbers = values.map(Number)
  if (!numbers.every(Number.isInteger)) return 'double'
  return numbers.every((value) => Math.abs(value) <= 2147483647) ? 'integer' : 'bigint'
}

function isNumber(value: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value.trim())
}

function isDate(value: string): boolean {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(value)
  if (!match) return false
  const [, year, month, day] = match.map(Number)
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day))
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day
}

function isTimestamp(value: string): boolean {
  const text = value.trim()
  const match =
    /^(\d{4}-\d{1,2}-\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(text) ??
    /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(text)
  if (!match) return false
  const [, date = '', hour, minute, second = '0'] = match
  return isDate(date) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
}
