import { str } from '../../../base/jinja/index.ts'

const MOST_ROWS = 20
const MOST_COLUMNS = 6
const WIDEST = 20

/** A small table as agate's `print_table` writes it: `| a | b |` with a ruler below the names. */
export function printedTable(names: readonly string[], cells: readonly (readonly unknown[])[]): string {
  const more = names.length > MOST_COLUMNS
  const shown = names.slice(0, MOST_COLUMNS)
  const cut = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 3)}...` : text)
  const head = [...shown.map(cut), ...(more ? ['...'] : [])]
  const body = cells
    .slice(0, MOST_ROWS)
    .map((row) => [
      ...shown.map((_, index) => cut(row[index] === null ? '' : str(row[index]))),
      ...(more ? ['...'] : []),
    ])
  if (cells.length > MOST_ROWS) body.push(head.map(() => '...'))
  const widths = head.map((name, index) => Math.max(name.length, ...body.map((row) => row[index]?.length ?? 0)))
  const numeric = shown.map((_, index) => cells.some((row) => row[index] !== null && typeof row[index] !== 'string'))
  const line = (row: readonly string[]): string => {
    const padded = row.map((text, index) => {
      const width = widths[index] ?? 0
      return numeric[index] ? text.padStart(width) : text.padEnd(width)
    })
    return `| ${padded.join(' | ')} |`
  }
  const ruler = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [line(head), ruler, ...body.map(line)].join('\n')
}
