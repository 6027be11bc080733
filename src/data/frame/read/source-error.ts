import { readFileSync } from 'node:fs'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { MillraceError, type Place } from '../../../base/kernel/index.ts'
import { literal, type Sql, sql } from '../../../base/sql/index.ts'

const CSV = /CSV Error on Line: (\d+)/
const CSV_FILE = /^\s*file = (.+?)\s*$/m
const CSV_COLUMN = /Error when converting column "([^"]+)"\. (Could not convert string [^\n]*)/
const JSON_PLACE = /in file "([^"]+)"(?:, at byte (\d+))?,? in (?:line|record\/value) (\d+)/
const PARQUET = /(?:Invalid Input|IO) Error: (.*?(?:magic bytes|footer|too small to be a Parquet file).*)/is

const ROW = 'MILLRACE_ROW '

/** What a row is, in a scan that has `filename`, that does not fit: an expression that fails the statement. */
export function malformedRow(format: 'CSV' | 'JSON', record: Sql, column: Sql, why: Sql): Sql {
  const row = sql`{format: ${literal(format)}, file: filename, record: left(${record}, 4000), "column": ${column}, why: ${why}}`
  return sql`error(${literal(ROW)} || cast(to_json(${row}) as varchar))`
}

interface Row {
  readonly format: string
  readonly file: string
  readonly record: string
  readonly column: string | null
  readonly why: string | null
}

function rowError(cause: MillraceError): MillraceError {
  const text = cause.message.slice(cause.message.indexOf(ROW) + ROW.length)
  const { format, file, record, column, why } = JSON.parse(firstLine(text)) as Row
  const line = lineOf(file, record)
  const reason =
    why ?? (column === null ? 'it does not fit the columns' : `column "${column}" has a value that is none of its type`)
  return malformed(
    cause,
    `reading ${format}: ${reason}`,
    { file, ...(line === undefined ? {} : { line }), ...(column === null ? {} : { path: column }) },
    'Correct the line, or read with mode PERMISSIVE (bad values become null) or DROPMALFORMED (bad rows are left out).',
  )
}

/** Files that are looked through for the number of a line, in bytes. */
const LOOKED_THROUGH = 256 * 1024 * 1024

function lineOf(file: string, record: string): number | undefined {
  try {
    const bytes = readFileSync(file)
    if (bytes.length > LOOKED_THROUGH) return undefined
    const plain = file.endsWith('.gz') ? gunzipSync(bytes) : file.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes
    const text = plain.toString('utf8')
    const lines = text.split(/\r\n|\n|\r/)
    const at = lines.findIndex((line) => line.startsWith(record))
    if (at >= 0) return at + 1
    const within = text.indexOf(record)
    return within < 0 ? undefined : text.slice(0, within).split(/\r\n|\n|\r/).length
  } catch {
    // The number of a line is an addition to the error, and no reason for another one.
    return undefined
  }
}

/** An engine's complaint about a file it was reading, as SOURCE_MALFORMED with file, line and column; others unchanged. */
export function sourceError(thrown: unknown): unknown {
  if (!(thrown instanceof MillraceError) || thrown.code !== 'ENGINE_SQL') return thrown
  const { message } = thrown
  if (message.includes(ROW)) return rowError(thrown)
  const line = CSV.exec(message)?.[1]
  if (line !== undefined) return csvError(thrown, Number(line))
  const json = JSON_PLACE.exec(message)
  if (json) {
    const at: Place = { file: json[1] ?? '', line: Number(json[3]) }
    return malformed(
      thrown,
      `reading JSON: ${firstLine(message)}`,
      at,
      'Correct the line, or read with mode DROPMALFORMED.',
    )
  }
  const parquet = PARQUET.exec(message)?.[1]
  if (parquet !== undefined) {
    const file = /'([^']+)'/.exec(parquet)?.[1]
    return malformed(
      thrown,
      `reading Parquet: ${firstLine(parquet)}`,
      file ? { file } : undefined,
      'The file is damaged or no Parquet file.',
    )
  }
  return thrown
}

function csvError(thrown: MillraceError, line: number): MillraceError {
  const { message } = thrown
  const file = CSV_FILE.exec(message)?.[1] ?? ''
  const [, column, why] = CSV_COLUMN.exec(message) ?? []
  const found = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message)
  const reason =
    column !== undefined
      ? `column "${column}": ${why}`
      : found
        ? `${found[2]} columns where ${found[1]} are expected`
        : firstLine(message.slice(message.indexOf('\n') + 1))
  return malformed(
    thrown,
    `reading CSV: ${reason}`,
    { file, line, ...(column === undefined ? {} : { path: column }) },
    'Correct the line, or read with mode PERMISSIVE (bad values become null) or DROPMALFORMED (bad rows are left out).',
  )
}

function malformed(cause: MillraceError, message: string, at: Place | undefined, hint: string): MillraceError {
  return new MillraceError('SOURCE_MALFORMED', message, { cause, hint, ...(at ? { at } : {}) })
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? text
}
