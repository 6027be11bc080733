import { literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { OptionReader } from './read-options.ts'
import { fileList } from './scan.ts'
import type { SourceFile } from './source-files.ts'

/** How the files of a text format are cut into lines. */
export interface LineReading {
  /** As DuckDB calls it. */
  readonly encoding: 'utf-8' | 'latin-1' | 'utf-16'
  /** What ends a line, when it is none of `\n`, `\r\n` and `\r`. */
  readonly lineSep?: string
}

const ENCODINGS: Readonly<Record<string, LineReading['encoding']>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'iso-8859-1': 'latin-1',
  latin1: 'latin-1',
  'latin-1': 'latin-1',
  'utf-16': 'utf-16',
  'utf-16le': 'utf-16',
}

/** @throws MillraceError OPTION_INVALID */
export function lineReading(options: OptionReader): LineReading {
  const name = options.text('encoding') ?? options.text('charset') ?? 'UTF-8'
  const encoding = ENCODINGS[name.toLowerCase()]
  if (!encoding) throw options.invalid('encoding', name, 'UTF-8, US-ASCII, ISO-8859-1, UTF-16, UTF-16LE')
  const written = options.text('lineSep')
  const lineSep = written === undefined ? undefined : options.characters('lineSep', '\n')
  const isUsual = lineSep === undefined || ['\n', '\r\n', '\r'].includes(lineSep)
  if (!isUsual && encoding !== 'utf-8')
    throw options.invalid('lineSep', written, `none but \\n, \\r\\n and \\r with the encoding ${name}`)
  return { encoding, ...(isUsual ? {} : { lineSep }) }
}

/** What no text holds: it separates values, so that each line is one. */
const NEVER = '\x01\x02\x1f\x02'
/** The longest line, in bytes. */
const LONGEST = 16_777_216

/** The lines of files as `line`, without empty ones, beside `filename` and `file_index`; `skip` of them left out at the start of each file. */
export function linesOf(files: readonly SourceFile[], { encoding, lineSep }: LineReading, skip = 0): Sql {
  if (lineSep !== undefined) {
    const lines = sql`string_split(content, ${literal(lineSep)})`
    return sql`(select unnest(${lines}[${literal(skip + 1)}:]) as line, filename, file_index from ${textsOf(files)})`
  }
  const form = sql`delim = ${literal(NEVER)}, quote = '', escape = '', comment = '', nullstr = ${literal(`${NEVER}0`.slice(1))}`
  // Said to be \n, all ends of lines are seen; else only those that are like the first.
  const strict = sql`header = false, auto_detect = false, strict_mode = false, new_line = '\\n', max_line_size = ${literal(LONGEST)}`
  const rows = sql`skip = ${literal(skip)}, hive_partitioning = false, encoding = ${literal(encoding)}`
  const read = sql`read_csv(${fileList(files)}, columns = {line: 'VARCHAR'}, ${form}, ${strict}, ${rows})`
  return sql`(select line, filename, file_index from ${read})`
}

/** The content of each file as `content`, without the mark of its byte order, beside `filename` and `file_index`. */
export function textsOf(files: readonly SourceFile[]): Sql {
  return sql`(select ltrim(content, chr(65279)) as content, filename, file_index from read_text(${fileList(files)}))`
}

/** The content of each file that has any, as it is. */
export function wholeTextsOf(files: readonly SourceFile[]): Sql {
  return sql`(select content, filename, file_index from read_text(${fileList(files)}) where content <> '')`
}
