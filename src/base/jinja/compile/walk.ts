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

/** Whether a name is assigned to anywhere below. */
export function bindsBelow(root: readonly Node[], name: string): boolean {
  let found = false
  walk(root, (node) => {
    if (node.kind === 'set' || node.kind === 'set-block' || node.kind === 'for') {
      found ||= targetNames(node.target).includes(name)
    } else if (node.kind === 'with') {
      found ||= node.assignments.some(({ target }) => targetNames(target).includes(name))
    }
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

/**
 * Whether statements read a name of their own scope before they bind it: it is looked up outside then. In the scopes
 * inside them a name that is bound first is not defined until then, as jinja2 has it.
 */
export function readsFirst(body: readonly Statement[], name: string): boolean {
  return firstUse(body, name) === 'read'
}

function firstUse(body: readonly Statement[], name: string): 'read' | 'bound' | undefined {
  for (const statement of body) {
    const use = firstUseIn(statement, name)
    if (use) return use
  }
  return undefined
}

function firstUseIn(statement: Statement, name: string): 'read' | 'bound' | undefined {
  const read = (...parts: readonly (Expression | undefined)[]): boolean =>
    reads(
      parts.filter((part) => part !== undefined),
      name,
    )
  switch (statement.kind) {
    case 'output':
    case 'do':
      return read(statement.value) ? 'read' : undefined
    case 'set':
      if (read(statement.value)) return 'read'
      return targetNames(statement.target).includes(name) ? 'bound' : undefined
    case 'set-block':
      return targetNames(statement.target).includes(name) ? 'bound' : undefined
    case 'if': {
      if (read(statement.branches[0]?.test)) return 'read'
      const uses = [
        ...statement.branches.map(({ test, body }, index) =>
          index > 0 && read(test) ? ('read' as const) : firstUse(body, name),
        ),
        firstUse(statement.otherwise, name),
      ]
      if (uses.includes('read')) return 'read'
      if (!uses.includes('bound')) return undefined
      // Bound on some ways only: on the others it is what it is outside.
      return statement.branches.length > 1 && uses.every((use) => use === 'bound') ? 'bound' : 'read'
    }
    case 'for':
      return read(statement.over) ? 'read' : undefined
    case 'with':
      return read(...statement.assignments.map(({ value }) => value)) ? 'read' : undefined
    case 'autoescape':
      return read(statement.value) ? 'read' : undefined
    case 'filter-block':
      return read(statement.filter) ? 'read' : undefined
    case 'call-block':
      return read(statement.call) ? 'read' : undefined
    case 'macro':
      return statement.name === name ? 'bound' : undefined
    case 'include':
    case 'extends':
      return read(statement.template) ? 'read' : undefined
    case 'import':
      if (read(statement.template)) return 'read'
      return statement.name === name ? 'bound' : undefined
    case 'from-import':
      if (read(statement.template)) return 'read'
      return statement.names.some(({ as }) => as === name) ? 'bound' : undefined
    default:
      return undefined
  }
}
