import { textWidth } from '../../base/kernel/index.ts'

export interface TableTextOptions {
  readonly truncate: number | false
  /** Which columns are set flush right. */
  readonly right: readonly boolean[]
}

/** Rows as a table in Spark's style of `show`. */
export function tableText(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { truncate, right }: TableTextOptions,
): string {
  const lines = [header, ...rows].map((row) => row.map((cell) => cut(oneLine(cell), truncate)))
  const widths = header.map((_, i) => Math.max(3, ...lines.map((line) => textWidth(line[i] ?? ''))))
  const rule = `+${widths.map((width) => '-'.repeat(width)).join('+')}+\n`
  const [top = '', ...body] = lines.map((line) => {
    const cells = widths.map((width, i) => {
      const cell = line[i] ?? ''
      const blank = ' '.repeat(width - textWidth(cell))
      return right[i] === true ? blank + cell : cell + blank
    })
    return `|${cells.join('|')}|\n`
  })
  return `${rule}${top}${rule}${body.join('')}${rule}`
}

function oneLine(text: string): string {
  return text.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')
}

function cut(text: string, length: number | false): string {
  const characters = [...text]
  if (length === false || characters.length <= length) return text
  return length < 4 ? characters.slice(0, length).join('') : `${characters.slice(0, length - 3).join('')}...`
}
