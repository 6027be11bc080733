type Cells = readonly (string | null)[]

/** Rows in which two tables differ, regardless of order. */
export interface RowsDiff {
  readonly missing: readonly Cells[]
  readonly unexpected: readonly Cells[]
  readonly changed: readonly { readonly expected: Cells; readonly actual: Cells }[]
}

/** Compares rows as multisets; rows that share at least half of their values count as one that changed. */
export function diffRows(expected: readonly Cells[], actual: readonly Cells[]): RowsDiff {
  const left = [...actual]
  const missing: Cells[] = []
  for (const row of expected) {
    const at = left.findIndex((other) => same(row, other))
    if (at >= 0) left.splice(at, 1)
    else missing.push(row)
  }
  const changed: { expected: Cells; actual: Cells }[] = []
  const gone: Cells[] = []
  for (const row of missing) {
    const shared = left.map((other) => row.filter((cell, index) => cell === other[index]).length)
    const best = Math.max(0, ...shared)
    if (best === 0 || best * 2 < row.length) gone.push(row)
    else changed.push({ expected: row, actual: left.splice(shared.indexOf(best), 1)[0] ?? [] })
  }
  return { missing: gone, unexpected: left, changed }
}

/** Whether two tables have the same rows. */
export function isSame({ missing, unexpected, changed }: RowsDiff): boolean {
  return missing.length + unexpected.length + changed.length === 0
}

/**
 * A difference as a table: `---` before rows that are missing, `+++` before those that were not expected, `→` before
 * those that changed, with `expected→actual` in the cells.
 */
export function diffText(names: readonly string[], { missing, unexpected, changed }: RowsDiff): string {
  const text = (cell: string | null | undefined): string => cell ?? 'NULL'
  const rows: [string, string[]][] = [
    ['@@', [...names]],
    ...changed.map(({ expected, actual }): [string, string[]] => [
      '→',
      expected.map((cell, at) => (cell === actual[at] ? text(cell) : `${text(cell)}→${text(actual[at])}`)),
    ]),
    ...missing.map((row): [string, string[]] => ['---', row.map(text)]),
    ...unexpected.map((row): [string, string[]] => ['+++', row.map(text)]),
  ]
  const widths = names.map((_, at) => Math.max(...rows.map(([, cells]) => cells[at]?.length ?? 0)))
  return rows
    .map(([mark, cells]) =>
      `${mark.padEnd(3)} | ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')}`.trimEnd(),
    )
    .join('\n')
}

function same(a: Cells, b: Cells): boolean {
  return a.length === b.length && a.every((cell, at) => cell === b[at])
}
