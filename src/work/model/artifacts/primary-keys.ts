import type { Node } from '../node.ts'

/**
 * The key of each model, by unique id: what a constraint says, else the columns tested to be unique and not null,
 * else those tested to be unique, as dbt infers it.
 */
export function primaryKeys(nodes: Iterable<Node>): Map<string, string[]> {
  const keys = new Map<string, string[]>()
  const tested = new Map<string, { readonly unique: string[]; readonly filled: Set<string> }>()
  for (const node of nodes) {
    if (node.resource_type === 'model') {
      const written = constrained(node)
      if (written) keys.set(node.unique_id, written)
      continue
    }
    const { test_metadata: metadata, attached_node: of } = node
    if (!metadata || !of) continue
    const found = tested.get(of) ?? { unique: [], filled: new Set<string>() }
    tested.set(of, found)
    const { column_name: column, combination_of_columns: columns } = metadata.kwargs
    const names = typeof column === 'string' ? [column] : Array.isArray(columns) ? columns.map(String) : []
    if (/^unique(_combination_of_columns)?$/.test(metadata.name)) found.unique.push(...names)
    if (metadata.name === 'not_null') for (const name of names) found.filled.add(name)
  }
  for (const [id, { unique, filled }] of tested) {
    if (keys.has(id) || unique.length === 0) continue
    const both = unique.filter((name) => filled.has(name))
    keys.set(id, [...(both.length > 0 ? both : unique)].sort())
  }
  return keys
}

interface Constraint {
  readonly type?: string
  readonly columns?: string[]
}

function constrained(node: Node): string[] | undefined {
  const of = (list: unknown): Constraint | undefined =>
    Array.isArray(list) ? (list as Constraint[]).find(({ type }) => type === 'primary_key') : undefined
  const whole = of((node as { constraints?: unknown }).constraints)
  if (whole?.columns) return whole.columns
  const column = Object.values(node.columns).find(({ constraints }) => of(constraints))
  return column && [column.name]
}
