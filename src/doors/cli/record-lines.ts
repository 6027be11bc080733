import { textWidth } from '../../base/kernel/index.ts'

/** More of a value than this many characters is not shown where there is little room. */
const MOST_OF_A_VALUE = 300

/**
 * One row of a table as a few lines: the first cell, then `Name value` of each cell that holds something, broken at words.
 * @param first puts the style of the first cell on
 */
export function recordLines(
  head: readonly string[],
  row: readonly string[],
  columns: number,
  first: (text: string) => string,
): string[] {
  const [lead = '', ...rest] = row
  const name = head[0] ? `${head[0]} ` : ''
  const lines = [`${name}${first(lead)}`]
  let width = textWidth(name) + textWidth(lead)
  const put = (word: string, gap: number) => {
    for (const piece of pieces(word, Math.max(4, columns - 2))) {
      if (width + gap + textWidth(piece) > columns) {
        lines.push(`  ${piece}`)
        width = 2 + textWidth(piece)
      } else {
        lines[lines.length - 1] += `${' '.repeat(gap)}${piece}`
        width += gap + textWidth(piece)
      }
    }
  }
  for (const [index, cell] of rest.entries()) {
    if (cell === '') continue
    const shown = cell.length > MOST_OF_A_VALUE ? `${cell.slice(0, MOST_OF_A_VALUE)}…` : cell
    const words = `${(head[index + 1] ?? '').toLowerCase()}: ${shown}`.split(' ')
    for (const [at, word] of words.entries()) put(word, at === 0 ? 2 : 1)
  }
  return lines
}

/** A word in pieces that fit into a line. */
function pieces(word: string, room: number): string[] {
  if (textWidth(word) <= room) return [word]
  const found = ['']
  for (const one of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(word)) {
    const last = found.length - 1
    if (textWidth(found[last] + one.segment) > room) found.push(one.segment)
    else found[last] += one.segment
  }
  return found
}
