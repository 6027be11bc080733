// The table that Spark's `show` prints (`Dataset.showString`).

export interface TableTextOptions {
  /** How many rows are shown; one more row that is given says that there are more. */
  readonly rows: number
  /** Cells of more characters are cut; 0 cuts nothing, and sets cells flush left. */
  readonly truncate: number
  /** A line per cell instead of a line per row. */
  readonly vertical: boolean
}

/** The fewest characters of a column. */
const NARROWEST = 3

/** Rows of texts as Spark prints them. */
export function tableText(
  header: readonly string[],
  given: readonly (readonly string[])[],
  { rows, truncate, vertical }: TableTextOptions,
): string {
  const names = header.map(oneLine)
  const shown = given.slice(0, rows).map((row) => row.map((cell) => cut(oneLine(cell), truncate)))
  const table = vertical ? records(names, shown) : lines(names, shown, truncate > 0)
  if (vertical && shown.length === 0) return `${table}(0 rows)`
  return given.length > rows ? `${table}only showing top ${rows} row${rows === 1 ? '' : 's'}` : table
}

function lines(names: readonly string[], rows: readonly (readonly string[])[], right: boolean): string {
  const all = [names, ...rows]
  const widths = names.map((_, i) => Math.max(NARROWEST, ...all.map((row) => halfWidth(row[i] ?? ''))))
  const rule = `+${widths.map((width) => '-'.repeat(width)).join('+')}+\n`
  const [top = '', ...body] = all.map((row) => {
    const cells = widths.map((width, i) => padded(row[i] ?? '', width, right))
    return `|${cells.join('|')}|\n`
  })
  return `${rule}${top}${rule}${body.join('')}${rule}`
}

function records(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const name = Math.max(NARROWEST, ...names.map(halfWidth))
  const cell = Math.max(NARROWEST, ...rows.flatMap((row) => row.map(halfWidth)))
  return rows
    .map((row, i) => {
      const cells = row.map((text, at) => ` ${padded(names[at] ?? '', name, false)} | ${padded(text, cell, false)} \n`)
      return `${`-RECORD ${i}`.padEnd(name + cell + 5, '-')}\n${cells.join('')}`
    })
    .join('')
}

const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/g

/** The characters of a text as Spark counts them: wide ones of East Asia are two. */
function halfWidth(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0)
}

function padded(text: string, width: number, right: boolean): string {
  const blank = ' '.repeat(Math.max(0, width - halfWidth(text)))
  return right ? blank + text : text + blank
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n', '\r': '\\r', '\t': '\\t', '\f': '\\f', '\b': '\\b', '\u000b': '\\v', '\u0007': '\\a',
} // biome-ignore format: a table

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those that Spark escapes
  return text.replace(/[\n\r\t\f\u0008\u000b\u0007]/g, (one) => ESCAPES[one] ?? one)
}

function cut(text: string, length: number): string {
  if (length <= 0 || text.length <= length) return text
  const kept = length < 4 ? text.slice(0, length) : `${text.slice(0, length - 3)}...`
  // Half a character, as Java prints it.
  return kept.replace(/\p{Surrogate}/gu, '?')
}
