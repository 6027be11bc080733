import { Relation, type Shown } from './context/relation.ts'
import type { Node } from './node.ts'
import { isTree, type Tree } from './read/config-tree.ts'

const policies = new WeakMap<Node, Shown>()

/** Which parts of a path are quoted: dbt's `quoting`, of which later layers win. All are, unless one says otherwise. */
export function quotePolicy(...layers: readonly unknown[]): Shown {
  const merged = Object.assign({}, ...layers.filter(isTree).map(given)) as Partial<Shown>
  return { database: true, schema: true, identifier: true, ...merged }
}

function given(layer: Tree): Partial<Shown> {
  const parts = Object.entries(layer).filter(([key, value]) => key !== 'column' && typeof value === 'boolean')
  return Object.fromEntries(parts) as Partial<Shown>
}

/** Keeps how a node's relation is quoted, for `relationOf`: as the root project says; dbt asks no model. */
export function keepQuoting(node: Node, project: Tree): void {
  policies.set(node, quotePolicy(project))
}

/** The relation a node stands for. */
export function relationOf(node: Node): Relation {
  const path = { database: node.database, schema: node.schema, identifier: node.alias }
  return new Relation(path, undefined, policies.get(node))
}
