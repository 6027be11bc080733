import type { Manifest } from '../node.ts'

/** The sources that nodes read, themselves or through what they refer to, as `database.schema.identifier`. */
export function sourcesOf(manifest: Manifest, ids: readonly string[]): string[] {
  const names = new Set<string>()
  const visited = new Set<string>()
  const visit = (id: string): void => {
    if (visited.has(id)) return
    visited.add(id)
    const source = manifest.sources.get(id)
    if (source) names.add(`${source.database}.${source.schema}.${source.identifier}`)
    const node = manifest.nodes.get(id)
    // Views are read through too: they name their sources.
    if (node) for (const parent of manifest.parents.get(id) ?? []) visit(parent)
  }
  for (const id of ids) visit(id)
  return [...names].sort()
}
