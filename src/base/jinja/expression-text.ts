import { repr } from './python/text.ts'
import type { Arguments, Expression } from './syntax/nodes.ts'

/**
 * An expression as it could be written, in one spacing and quoting, so that the same expression gives the same text
 * wherever it stands. Undefined where it holds what has no such form here: filters, tests, arithmetic, inline `if`.
 */
export function expressionText(node: Expression): string | undefined {
  try {
    return textOf(node)
  } catch (thrown) {
    if (thrown === NO_TEXT) return undefined
    throw thrown
  }
}

const NO_TEXT = Symbol('no text')

function textOf(node: Expression): string {
  switch (node.kind) {
    case 'constant':
      return repr(node.value)
    case 'name':
      return node.name
    case 'list':
      return `[${node.items.map(textOf).join(', ')}]`
    case 'tuple':
      return `(${node.items.map(textOf).join(', ')}${node.items.length === 1 ? ',' : ''})`
    case 'concat':
      return node.items.map(textOf).join(' ~ ')
    case 'dict':
      return `{${node.items.map(([key, value]) => `${textOf(key)}: ${textOf(value)}`).join(', ')}}`
    case 'attribute':
      return `${textOf(node.of)}.${node.name}`
    case 'item':
      return `${textOf(node.of)}[${textOf(node.key)}]`
    case 'call':
      return `${textOf(node.of)}(${argumentsText(node.args)})`
    case 'compare':
      return [textOf(node.first), ...node.rest.map(({ operator, value }) => `${operator} ${textOf(value)}`)].join(' ')
    case 'unary':
      if (node.operator === '+') throw NO_TEXT
      return `${node.operator === 'not' ? 'not ' : node.operator}${textOf(node.of)}`
    case 'binary':
      if (node.operator !== 'and' && node.operator !== 'or') throw NO_TEXT
      return `${textOf(node.left)} ${node.operator} ${textOf(node.right)}`
    default:
      throw NO_TEXT
  }
}

function argumentsText({ positional, keywords, spread, spreadKeywords }: Arguments): string {
  return [
    ...positional.map(textOf),
    ...keywords.map(({ name, value }) => `${name}=${textOf(value)}`),
    ...(spread ? [`*${textOf(spread)}`] : []),
    ...(spreadKeywords ? [`**${textOf(spreadKeywords)}`] : []),
  ].join(', ')
}
