import { Dict } from './python/dict.ts'
import { Tuple } from './python/sequence.ts'
import type { Arguments, Expression } from './syntax/nodes.ts'

/** The values of a call's arguments where all are literals; undefined where one has to be computed. */
export function literals(args: Arguments): { args: unknown[]; kwargs: Record<string, unknown> } | undefined {
  if (args.spread || args.spreadKeywords) return undefined
  const positional = args.positional.map(literal)
  const keywords = args.keywords.map(({ name, value }) => [name, literal(value)] as const)
  if ([...positional, ...keywords.map(([, value]) => value)].includes(undefined)) return undefined
  return { args: positional, kwargs: Object.fromEntries(keywords) }
}

/** The value of a literal; `undefined` when it is none. */
function literal(node: Expression): unknown {
  switch (node.kind) {
    case 'constant':
      return node.value
    case 'list':
    case 'tuple': {
      const items = node.items.map(literal)
      if (items.includes(undefined)) return undefined
      return node.kind === 'list' ? items : new Tuple(items)
    }
    case 'dict': {
      const items = node.items.map(([key, value]) => [literal(key), literal(value)] as const)
      return items.flat().includes(undefined) ? undefined : new Dict(items)
    }
    default:
      return undefined
  }
}
