import { walk } from './compile/walk.ts'
import { literals } from './literals.ts'
import type { CallNode, Expression, Statement } from './syntax/nodes.ts'
import { positionOf } from './syntax/source.ts'
import type { Template } from './template.ts'

/** A call that stands in a template, found without running it. */
export interface FoundCall {
  readonly name: string
  /** The arguments where all are literals; absent where one has to be computed. */
  readonly args?: readonly unknown[]
  readonly kwargs?: Readonly<Record<string, unknown>>
  /** The keyword arguments as they are written. */
  readonly keywords: readonly { readonly name: string; readonly value: Expression }[]
  /** Whether it stands under an `if`, `for`, `and`, `or` or inline `if`, or in a macro: it may not happen. */
  readonly conditional: boolean
  readonly line: number
  readonly column: number
}

export interface FoundCalls {
  readonly calls: readonly FoundCall[]
  /** Names that are read, but neither called under one of the names nor bound by the template itself. */
  readonly names: ReadonlySet<string>
  /**
   * Whether `calls` is all that running the template could do under those names: every call has literal arguments,
   * none is conditional, and nothing else is called, filtered, included or imported.
   */
  readonly complete: boolean
}

/** The calls of the named functions, such as `ref`, `source`, `config` and `var`; `config.get` is found by that name. */
export function findCalls(template: Template, names: Iterable<string>): FoundCalls {
  const wanted = new Set(names)
  const calls: FoundCall[] = []
  const read = new Set<string>()
  const called = new Set<Expression>()
  let complete = true

  const found = (node: CallNode, name: string, conditional: boolean): void => {
    const literal = literals(node.args)
    calls.push({ name, ...literal, keywords: node.args.keywords, conditional, ...positionOf(template.source, node.at) })
    if (!literal || conditional) complete = false
  }
  const visit = (root: Statement | Expression | readonly (Statement | Expression)[], conditional: boolean): void => {
    const list = Array.isArray(root) ? root : [root]
    for (const start of list) {
      walk(start, (node) => {
        if (node.kind === 'call') {
          const name = dotted(node.of)
          if (name !== undefined && wanted.has(name)) {
            found(node, name, conditional)
            walk(node.of, (part) => {
              called.add(part as Expression)
              return undefined
            })
          } else complete = false
          return undefined
        }
        if (node.kind === 'name' && !called.has(node)) read.add(node.name)
        if (INCOMPLETE.has(node.kind)) complete = false
        if (node !== start && !conditional && isConditional(node)) {
          visit(node, true)
          return false
        }
        return undefined
      })
    }
  }
  for (const statement of template.statements) visit(statement, isConditional(statement))
  return { calls, names: read, complete }
}

const CONDITIONAL: ReadonlySet<string> = new Set(['if', 'for', 'macro', 'call-block', 'choose', 'block'])
const INCOMPLETE: ReadonlySet<string> = new Set([
  'filter',
  'test',
  'filter-block',
  'call-block',
  'include',
  'import',
  'from-import',
  'extends',
])

function isConditional(node: Statement | Expression): boolean {
  if (node.kind === 'binary') return node.operator === 'and' || node.operator === 'or'
  return CONDITIONAL.has(node.kind)
}

function dotted(node: Expression): string | undefined {
  if (node.kind === 'name') return node.name
  if (node.kind !== 'attribute') return undefined
  const of = dotted(node.of)
  return of === undefined ? undefined : `${of}.${node.name}`
}
