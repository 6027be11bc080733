/** A line of a comparison: kept, taken out or put in. */
export interface DiffLine {
  readonly kind: ' ' | '-' | '+'
  readonly text: string
}

/** How many lines around a change are shown. */
const AROUND = 2

/** The lines that differ between two texts, with those around them; nothing when they are equal. */
export function lineDiff(before: string, after: string): DiffLine[] {
  if (before === after) return []
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const all = walk(old, fresh, commonLengths(old, fresh))
  const near = new Set(all.flatMap((line, at) => (line.kind === ' ' ? [] : range(at - AROUND, at + AROUND))))
  return all.filter((_, at) => near.has(at))
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, step) => from + step)
}

/** The length of the longest common sequence of the lines from each place on. */
function commonLengths(old: readonly string[], fresh: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(fresh.length + 1))
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const [row, below] = [lengths[i], lengths[i + 1]]
    if (!row || !below) continue
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      row[j] = old[i] === fresh[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return lengths
}

function walk(old: readonly string[], fresh: readonly string[], lengths: readonly Uint32Array[]): DiffLine[] {
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      lines.push({ kind: ' ', text: old[i] ?? '' })
      i += 1
      j += 1
    } else if (j >= fresh.length || (i < old.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      lines.push({ kind: '-', text: old[i] ?? '' })
      i += 1
    } else {
      lines.push({ kind: '+', text: fresh[j] ?? '' })
      j += 1
    }
  }
  return lines
}
