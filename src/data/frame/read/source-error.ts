import { readFileSync } from 'node:fs'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { formatPlace, MillraceError, type Place } from '../../../base/kernel/index.ts'
import { literal, type Sql, sql } from '../../../base/sql/index.ts'
import { leavesOf, type Plan } from '../plan.ts'
import { originalOf } from './packed-files.ts'

const CSV = /CSV Error on Line: (\d+)/
const CSV_FILE = /^\s*file = (.+?)\s*$/m
const CSV_COLUMN = /Error when converting column "([^"]+)"\. (Could not convert string [^\n]*)/
const JSON_PLACE = /in file "([^"]+)"(?:, at byte (\d+))?,? in (?:line|record\/value) (\d+)/
const PARQUET = /(?:Invalid Input|IO) Error: (.*?(?:magic bytes|footer|too small to be a Parquet file).*)/is

const ROW = 'MILLRACE_ROW '
/** As many characters of a row are told. */
const RECORD = 4000

/** What a row is, in a scan that has `filename`, that does not fit: an expression that fails the statement. */
export function malformedRow(format: 'CSV' | 'JSON', record: Sql, column: Sql, why: Sql): Sql {
  const row = sql`{format: ${literal(format)}, file: filename, record: left(${record}, ${literal(RECORD)}), "column": ${column}, why: ${why}}`
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
    const isWhole = record.length < RECORD
    const at = isWhole ? lines.indexOf(record) : lines.findIndex((line) => line.startsWith(record))
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
  const other = encodingError(thrown) ?? pageError(thrown)
  if (other) return other
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
    return malformed(thrown, `reading Parquet: ${firstLine(parquet)}`, file ? { file } : undefined, DAMAGED)
  }
  return thrown
}

const NOT_UTF8 = /is not utf-8 encoded|as valid UTF-8 encoded text/
const READ_TEXT = /could not read content of file '([^']+)'/

function encodingError(thrown: MillraceError): MillraceError | undefined {
  const { message } = thrown
  if (!NOT_UTF8.test(message)) return undefined
  const file = READ_TEXT.exec(message)?.[1] ?? CSV_FILE.exec(message)?.[1]
  const line = CSV.exec(message)?.[1]
  return malformed(
    thrown,
    'reading text: it is not in UTF-8',
    file === undefined ? undefined : { file, ...(line === undefined ? {} : { line: Number(line) }) },
    'Say what it is in with the option encoding (ISO-8859-1, UTF-16), or convert the file.',
  )
}

/** A page of a Parquet file that cannot be unpacked or decoded. */
const PAGE = /Failed to read file "([^"]+)": ([^\n]*)/

function pageError(thrown: MillraceError): MillraceError | undefined {
  const [, file = '', why = ''] = PAGE.exec(thrown.message) ?? []
  if (file === '') return undefined
  return malformed(thrown, `reading Parquet: ${firstLine(why)}`, { file }, DAMAGED)
}

const DAMAGED = 'The file is damaged or no Parquet file.'

/** That a file is no Parquet file, by what the engine said of it. */
export function damagedParquet(cause: MillraceError, file: string): MillraceError {
  const why = cause.message.replace(/^.*?Error: /, '')
  return malformed(cause, `reading Parquet: ${firstLine(why)}`, { file }, DAMAGED)
}

/** An error about a file, with the line of the user's program that reads it. */
export function readIn(thrown: unknown, plan: Plan): unknown {
  if (!(thrown instanceof MillraceError) || !thrown.at || thrown.code !== 'SOURCE_MALFORMED') return thrown
  const { file } = thrown.at
  const reads = leavesOf(plan).filter((leaf) => leaf.op === 'read')
  const leaf = reads.find(({ paths }) => paths.some((path) => file.includes(fixedPart(path)))) ?? reads[0]
  if (!leaf?.at || thrown.message.includes(' (read.')) return thrown
  return new MillraceError(thrown.code, `${thrown.message} (read.${leaf.format} at ${formatPlace(leaf.at)})`, {
    cause: thrown.cause,
    at: thrown.at,
    retry: thrown.retry,
    ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    ...(thrown.data === undefined ? {} : { data: thrown.data }),
  })
}

/** What of an address stands in those of its files. */
function fixedPart(address: string): string {
  return (
    address
      .replace(/^\w+:\/\//, '')
      .split(/[*?[{]/)[0]
      ?.replace(/^\.\//, '')
      .replace(/\/+$/, '') ?? ''
  )
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
  const place = at?.file === undefined ? at : { ...at, file: originalOf(at.file) }
  return new MillraceError('SOURCE_MALFORMED', message, { cause, hint, ...(place ? { at: place } : {}) })
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? text
}
