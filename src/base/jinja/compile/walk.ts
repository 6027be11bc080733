import type { Expression, Statement, Target } from '../syntax/nodes.ts'

type Node = Expression | Statement

/** Visits a node and everything in it, in source order; nothing below a node for which `visit` answers `false`. */
export function walk(root: Node | readonly Node[], visit: (node: Node) => boolean | undefined): void {
  const step = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) step(item)
    else if (value !== null && typeof value === 'object') {
      const node = value as Record<string, unknown>
      if (typeof node['kind'] === 'string' && visit(value as Node) === false) return
      for (const key of Object.keys(node)) if (typeof node[key] === 'object' && key !== 'meta') step(node[key])
    }
  }
  step(root)
}

/** Whether a name is read anywhere below. */
export function reads(root: readonly Node[], ...names: string[]): boolean {
  let found = false
  walk(root, (node) => {
    if (node.kind === 'name' && names.includes(node.name)) found = true
    return !found
  })
  return found
}

/** The names a target binds. */
export function targetNames(target: Target): string[] {
  if (target.kind === 'tuple') return target.items.flatMap(targetNames)
  return target.kind === 'name' ? [target.name] : []
}

/** The names that statements bind in their own scope; blocks that open a scope keep theirs to themselves. */
export function assignedNames(body: readonly Statement[]): string[] {
  const names = new Set<string>()
  const collect = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'set':
        case 'set-block':
          for (const name of targetNames(statement.target)) names.add(name)
          break
        case 'macro':
        case 'import':
          names.add(statement.name)
          break
        case 'from-import':
          for (const { as } of statement.names) names.add(as)
          break
        case 'if':
          for (const branch of statement.branches) collect(branch.body)
          collect(statement.otherwise)
          break
      }
    }
  }
  collect(body)
  return [...names]
}
