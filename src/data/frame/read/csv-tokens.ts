import { join, literal, type Sql, sql } from '../../../base/sql/index.ts'
import type { CsvDialect } from './csv-dialect.ts'

// Values of a line as Spark's parser (univocity, "stop at delimiter") finds them: a quoted value ends at a quote before
// a separator; one whose quote is never closed goes to the end; any other text goes to the next separator as it is.

/** The values of a line (or of a record of many lines) as a list of texts; null where nothing stood between separators. */
export function tokensOf(line: Sql, dialect: CsvDialect): Sql {
  const { sep, quote, trimStart, trimEnd, nullValue, emptyValue } = dialect
  const isPlain = nullValue === '' && emptyValue === ''
  const bare = (text: Sql) => (isPlain ? trimmed(text, dialect) : sql`nullif(${trimmed(text, dialect)}, '')`)
  const split = sql`string_split(${line}, ${literal(sep)})`
  const plain = isPlain && !trimStart && !trimEnd ? split : sql`[${bare(sql`t`)} for t in ${split}]`
  if (quote === '') return plain
  const { closed, open, field } = patterns(dialect)
  const found = sql`regexp_extract_all(${line} || ${literal(sep)}, ${literal(field)})`
  const piece = sql`t[:${literal(-1 - [...sep].length)}]`
  const piecesOf = sql`[${piece} for t in ${found}]`
  const start = trimStart ? sql`ltrim(t, ${literal(blanks(sep))})` : sql`t`
  const inner = sql`regexp_extract(${start}, ${literal(`^${closed}$`)}, 1)`
  const unquoted = unescaped(inner, dialect)
  const filled = isPlain ? unquoted : sql`coalesce(nullif(${unquoted}, ''), ${literal(emptyValue)})`
  const rest = unescaped(sql`${start}[2:]`, dialect)
  const whole = sql`regexp_full_match(${start}, ${literal(closed)})`
  const unclosed = sql`regexp_full_match(${start}, ${literal(open)})`
  // Most values in quotes hold neither quotes nor escapes, and need no expression.
  const middle = sql`${start}[2:-2]`
  const special = [...new Set([quote, dialect.escaping, dialect.escapeEscape])].filter((one) => one !== '')
  const isSimple = sql`length(${start}) > 1 and right(${start}, 1) = ${literal(quote)} and not (${join(
    special.map((one) => sql`contains(${middle}, ${literal(one)})`),
    ' or ',
  )})`
  const simple = isPlain ? middle : sql`coalesce(nullif(${middle}, ''), ${literal(emptyValue)})`
  const value = sql`case when left(${start}, 1) <> ${literal(quote)} then ${bare(sql`t`)} when ${isSimple} then ${simple} when ${whole} then ${filled} when ${unclosed} then ${rest} else ${bare(sql`t`)} end`
  return sql`case when contains(${line}, ${literal(quote)}) then [${value} for t in ${piecesOf}] else ${plain} end`
}

/** The records of a text as a list: lines, of which a quoted value may hold some. */
export function recordsOf(text: Sql, dialect: CsvDialect): Sql {
  const { lineSep } = dialect
  // The first end of a line tells what ends lines.
  const ended =
    lineSep !== undefined
      ? text
      : sql`case when regexp_matches(${text}, '^[^\\r\\n]*\\r\\n') then replace(${text}, chr(13) || chr(10), chr(10)) when regexp_matches(${text}, '^[^\\r\\n]*\\r') then replace(${text}, chr(13), chr(10)) else ${text} end`
  const end = lineSep ?? '\n'
  const all =
    dialect.quote === ''
      ? sql`string_split(${ended}, ${literal(end)})`
      : sql`[r[:${literal(-1 - [...end].length)}] for r in regexp_extract_all(${ended} || ${literal(end)}, ${literal(recordPattern(dialect, end))})]`
  return sql`list_filter(${all}, lambda r: ${isRecord(sql`r`, dialect, true)})`
}

/** Whether a line holds values: it is neither empty nor a comment. */
export function isRecord(line: Sql, { comment }: CsvDialect, multiLine: boolean): Sql {
  const there = multiLine ? sql`${line} <> ''` : sql`regexp_matches(${line}, '[^\\x00-\\x20]')`
  return comment === '' ? there : sql`(${there} and not starts_with(${line}, ${literal(comment)}))`
}

function trimmed(text: Sql, { sep, trimStart, trimEnd }: CsvDialect): Sql {
  const cut = literal(blanks(sep))
  const start = trimStart ? sql`ltrim(${text}, ${cut})` : text
  return trimEnd ? sql`rtrim(${start}, ${cut})` : start
}

/** All that is no more than a blank, but for the separator. */
function blanks(sep: string): string {
  return Array.from({ length: 32 }, (_, i) => String.fromCharCode(i + 1))
    .filter((one) => !sep.includes(one))
    .join('')
}

function patterns(dialect: CsvDialect) {
  const { sep, quote, trimStart } = dialect
  const blank = `[${escapedClass(blanks(sep))}]*`
  const q = escapedText(quote)
  const content = contentPattern(dialect)
  const before = trimStart ? blank : ''
  const closed = `(?s:${q}(${content})${q}${blank})`
  const open = `(?s:${q}${content})`
  const s = escapedText(sep)
  const field = `(?s:${before}${q}${content}${q}${blank}${s}|${before}${q}${content}$|.*?${s})`
  return { closed, open, field, s, blank, before, q, content }
}

/** What may stand in quotes. */
function contentPattern({ quote, escaping, escapeEscape }: CsvDialect): string {
  const q = escapedText(quote)
  if (escaping === quote) return `(?:[^${escapedClass(quote)}]|${q}${q})*`
  if (escaping === '') return `(?:[^${escapedClass(quote)}])*`
  const e = escapedText(escaping)
  if (escapeEscape === escaping) return `(?:[^${escapedClass(quote + escaping)}]|${e}.)*`
  const x = escapedText(escapeEscape)
  // Of several escapes before a quote the last one is its.
  return `(?:${escapeEscape === '' ? '' : `${x}${e}|`}[^${escapedClass(quote + escaping)}]|${e}+${q}|${e}+[^${escapedClass(quote + escaping)}])*`
}

function recordPattern(dialect: CsvDialect, end: string): string {
  const { s, blank, before, q, content } = patterns(dialect)
  const n = escapedText(end)
  const inLine = `[^${escapedClass(end)}]`
  const quoted = `${before}${q}${content}${q}${blank}`
  const bare = `(?:[^${escapedClass(dialect.quote + end)}]${inLine}*?)?`
  const ofValues = (plain: string) =>
    `(?:${quoted}${s}|${plain}${s})*(?:${quoted}${n}|${before}${q}${content}$|${plain}${n})`
  // Where a value begins with a quote that does not end it, lines are lines.
  return `(?s:${ofValues(bare)}|${ofValues(`${inLine}*?`)})`
}

function unescaped(text: Sql, { quote, escaping, escapeEscape }: CsvDialect): Sql {
  if (escaping === '') return text
  if (escaping === quote) return sql`replace(${text}, ${literal(quote + quote)}, ${literal(quote)})`
  const pairs = escapeEscape === '' ? '' : `|${escapedText(escapeEscape)}(${escapedText(escaping)})`
  return sql`case when contains(${text}, ${literal(escaping)}) then regexp_replace(${text}, ${literal(`${escapedText(escaping)}(${escapedText(quote)})${pairs}`)}, ${literal(escapeEscape === '' ? '\\1' : '\\1\\2')}, 'g') else ${text} end`
}

function escapedText(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}/-]/g, '\\$&').replaceAll('\0', '\\x00')
}

function escapedClass(text: string): string {
  return [...text].map((one) => `\\x{${one.codePointAt(0)?.toString(16)}}`).join('')
}
