import type { ColumnLineage, LineageColumn } from './column-lineage.ts'

/** A column with those it is made of, or those made of it, as far as the graph goes. */
export interface ColumnTrace extends LineageColumn {
  readonly next: readonly ColumnTrace[]
}

/** Follows a column up to where its values come from, or down to where they go. Pure. */
export function traceColumn(lineage: ColumnLineage, start: LineageColumn, direction: 'up' | 'down'): ColumnTrace {
  const below = direction === 'down' ? downwards(lineage) : undefined
  const visit = (at: LineageColumn, seen: ReadonlySet<string>): ColumnTrace => {
    const key = keyOf(at)
    if (seen.has(key)) return { ...at, next: [] }
    const all = below ? (below.get(key) ?? []) : (columnIn(lineage[at.node], at.column) ?? [])
    const deeper = new Set([...seen, key])
    return { ...at, next: all.map((one) => visit(one, deeper)) }
  }
  return visit(start, new Set())
}

function columnIn<T>(columns: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  const found = Object.keys(columns ?? {}).find((column) => column.toLowerCase() === name.toLowerCase())
  return found === undefined ? undefined : columns?.[found]
}

function downwards(lineage: ColumnLineage): Map<string, LineageColumn[]> {
  const below = new Map<string, LineageColumn[]>()
  for (const [node, columns] of Object.entries(lineage)) {
    for (const [column, origins] of Object.entries(columns)) {
      for (const origin of origins) {
        const key = keyOf(origin)
        below.set(key, [...(below.get(key) ?? []), { node, column }])
      }
    }
  }
  return below
}

function keyOf({ node, column }: LineageColumn): string {
  return `${node}\0${column.toLowerCase()}`
}
