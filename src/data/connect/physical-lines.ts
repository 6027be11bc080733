import { contentsOf } from './csv-header.ts'

/**
 * The lines (from 1) in which byte positions of a file stand. DuckDB counts records, which is not the same where a
 * quoted value holds line breaks; a text editor counts lines.
 */
export async function linesAt(location: string, positions: readonly number[]): Promise<Map<number, number>> {
  const wanted = [...new Set(positions)].sort((a, b) => a - b)
  const lines = new Map<number, number>()
  let line = 1
  let offset = 0
  let next = 0
  for await (const piece of contentsOf(location)) {
    const bytes = piece as Buffer
    let from = 0
    while (next < wanted.length) {
      const position = wanted[next] ?? 0
      const end = bytes.indexOf(10, from)
      // Every position up to the line break (or up to the end of this piece) stands in the present line.
      if (position < offset + (end === -1 ? bytes.length : end + 1)) {
        lines.set(position, line)
        next += 1
      } else if (end === -1) break
      else {
        line += 1
        from = end + 1
      }
    }
    offset += bytes.length
    if (next === wanted.length) break
  }
  for (const position of wanted.slice(next)) lines.set(position, line)
  return lines
}
