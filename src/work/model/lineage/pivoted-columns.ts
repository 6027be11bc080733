import type { Origin, QueryColumn, Relation, SyntaxNode } from './query-columns.ts'

interface Entries {
  readonly pivot_expressions?: readonly unknown[]
  readonly unpivot_names?: readonly string[]
  readonly entries?: readonly { readonly values?: readonly { readonly value: unknown }[] }[]
}

/**
 * The columns of a PIVOT or UNPIVOT, under the names that DuckDB gives them. Those of a pivot over values that only the
 * data tells are not known, so that its groups stand alone. Pure.
 */
export function pivoted(
  from: SyntaxNode,
  source: readonly Relation[],
  originsOf: (expression: unknown) => readonly Origin[],
): QueryColumn[] {
  const all = source.flatMap(({ columns }) => columns)
  const pivots = (from['pivots'] as readonly Entries[] | undefined) ?? []
  const values = pivots.map(({ entries = [] }) =>
    entries.map((entry) => (entry.values ?? []).map(({ value }) => String(value))),
  )
  const unpivoted = from['unpivot_names'] as readonly string[] | undefined
  if (unpivoted && unpivoted.length > 0) {
    const used = new Set(values.flat(2).map((name) => name.toLowerCase()))
    const origins = all.filter(({ name }) => used.has(name.toLowerCase())).flatMap((column) => column.origins)
    const names = pivots.flatMap(({ unpivot_names = [] }) => unpivot_names)
    return [
      ...all.filter(({ name }) => !used.has(name.toLowerCase())),
      ...names.map((name) => ({ name, origins: [] })),
      ...unpivoted.map((name) => ({ name, origins })),
    ]
  }
  const aggregates = (from['aggregates'] as readonly SyntaxNode[] | undefined) ?? []
  const keys = originsOf(pivots.map(({ pivot_expressions }) => pivot_expressions))
  const read = new Set([...keys, ...originsOf(aggregates)].map(keyOf))
  const groups = ((from['groups'] as readonly string[] | undefined) ?? []).map((name) => name.toLowerCase())
  const kept = all.filter(({ name, origins }) =>
    groups.length > 0 ? groups.includes(name.toLowerCase()) : !origins.some((origin) => read.has(keyOf(origin))),
  )
  const names = values.reduce<string[]>(
    (before, entries) => before.flatMap((start) => entries.map((entry) => [start, ...entry].filter(Boolean).join('_'))),
    [''],
  )
  const made = names.flatMap((value) =>
    aggregates.map((aggregate) => ({
      name: [value, aggregate['alias']].filter(Boolean).join('_'),
      origins: [...originsOf(aggregate), ...keys],
    })),
  )
  return [...kept, ...made]
}

function keyOf({ relation, column }: Origin): string {
  return `${relation}\0${column.toLowerCase()}`
}
