import type { Arguments, Expression } from '../syntax/nodes.ts'
import type { Escaping } from './output.ts'
import type { FunctionWriter, Scope } from './scope.ts'

/** What the code of an expression depends on. */
export interface Place {
  readonly scope: Scope
  readonly writer: FunctionWriter
  readonly async: boolean
  readonly escaping: Escaping
  /** Refuses a filter or test that does not exist, where a template must not even name it. */
  check(kind: 'filter' | 'test', name: string, at: number): void
  /** The same place inside an inline if, where the names are looked up when they are used. */
  softly(): Place
  /** Keeps a value that has no literal form; answers code for it. */
  constant(value: unknown): string
}

/** Code that waits for a promise where rendering is asynchronous; a promise is refused at run time elsewhere. */
export function awaited(code: string, place: Place): string {
  return place.async ? `((t=${code})instanceof Promise?(await t)??null:t)` : code
}

/**
 * JavaScript for an expression. `h` holds the helpers, `c` the context, `p` the offset of what is being done: it is
 * set as the last argument, so that it is right again after the arguments were evaluated.
 */
export function expressionCode(node: Expression, place: Place): string {
  const code = (part: Expression): string => expressionCode(part, place)
  const list = (parts: readonly Expression[]): string => parts.map(code).join(',')
  switch (node.kind) {
    case 'constant':
      return constantCode(node.value, place)
    case 'name': {
      const found = place.scope.find(node.name)
      const name = JSON.stringify(node.name)
      if (!found) return `c.get(${name})`
      return found.certain
        ? found.variable
        : `(${found.variable}===undefined?h.undefinedName(${name}):${found.variable})`
    }
    case 'list':
      return `[${list(node.items)}]`
    case 'tuple':
      return `new h.Tuple([${list(node.items)}])`
    case 'concat':
      // Where the template decides by a value jinja2 joins as if nothing was escaped.
      if (place.escaping === 'on') return `h.markupJoin([${list(node.items)}])`
      return `(''+${node.items.map((item) => `h.str(${code(item)})`).join('+')})`
    case 'dict':
      return `new h.Dict([${node.items.map(([key, value]) => `[${code(key)},${code(value)}]`).join(',')}])`
    case 'attribute':
      return `h.attribute(${code(node.of)},${JSON.stringify(node.name)},p=${node.at})`
    case 'item':
      return `h.item(${code(node.of)},${code(node.key)},p=${node.at})`
    case 'slice': {
      const part = (value: Expression | undefined): string => (value ? code(value) : 'null')
      return `new h.Slice(${part(node.start)},${part(node.stop)},${part(node.step)})`
    }
    case 'call':
      return awaited(`h.call(c,${code(node.of)},${argumentsCode(node.args, place)},p=${node.at})`, place)
    case 'filter': {
      place.check('filter', node.name, node.at)
      const of = node.of ? code(node.of) : 'null'
      return awaited(
        `c.filter(${JSON.stringify(node.name)},${of},${argumentsCode(node.args, place)},p=${node.at})`,
        place,
      )
    }
    case 'test':
      return testCode(node, place)
    case 'unary':
      if (node.operator === 'not') return `!h.truth(${code(node.of)})`
      return `h.${node.operator === '-' ? 'negate' : 'positive'}(${code(node.of)},p=${node.at})`
    case 'binary': {
      if (node.operator !== 'and' && node.operator !== 'or') {
        return `h.operate(${JSON.stringify(node.operator)},${code(node.left)},${code(node.right)},p=${node.at})`
      }
      const kept = place.writer.temporary()
      const holds = `h.truth(${kept}=${code(node.left)})`
      return node.operator === 'and'
        ? `(${holds}?${code(node.right)}:${kept})`
        : `(${holds}?${kept}:${code(node.right)})`
    }
    case 'compare':
      return compareCode(node, place)
    case 'choose': {
      const soft = place.softly()
      const part = (one: Expression): string => expressionCode(one, soft)
      return `(h.truth(${part(node.test)})?${part(node.yes)}:${node.no ? part(node.no) : 'h.noElse()'})`
    }
  }
}

function constantCode(value: unknown, place: Place): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'number' && Number.isInteger(value)) return String(value)
  return place.constant(value)
}

function testCode(node: Extract<Expression, { kind: 'filter' | 'test' }>, place: Place): string {
  place.check('test', node.name, node.at)
  const of = node.of ? expressionCode(node.of, place) : 'null'
  if (node.name === 'defined') return `!(${of} instanceof h.Undefined)`
  if (node.name === 'undefined') return `(${of} instanceof h.Undefined)`
  if (node.name === 'none') return `(${of}===null)`
  return `c.test(${JSON.stringify(node.name)},${of},${argumentsCode(node.args, place)},p=${node.at})`
}

function compareCode(node: Extract<Expression, { kind: 'compare' }>, place: Place): string {
  let left = expressionCode(node.first, place)
  const parts = node.rest.map(({ operator, value }, index) => {
    let right = expressionCode(value, place)
    const start = left
    if (index < node.rest.length - 1) {
      left = place.writer.temporary()
      right = `(${left}=${right})`
    }
    switch (operator) {
      case '==':
        return `h.equals(${start},${right})`
      case '!=':
        return `!h.equals(${start},${right})`
      case 'in':
        return `h.within(${start},${right},p=${value.at})`
      case 'not in':
        return `!h.within(${start},${right},p=${value.at})`
      default:
        return `h.order(${start},${JSON.stringify(operator)},${right},p=${value.at})`
    }
  })
  return `(${parts.join('&&')})`
}

/** `[positional], keywords` of a call; keywords are `undefined` when there are none. */
export function argumentsCode(args: Arguments, place: Place, more: Readonly<Record<string, string>> = {}): string {
  const positional = args.positional.map((value) => expressionCode(value, place))
  if (args.spread) positional.push(`...h.iterate(${expressionCode(args.spread, place)})`)
  const keywords = args.keywords.map(({ name, value }) => `[${JSON.stringify(name)}]:${expressionCode(value, place)}`)
  for (const name of Object.keys(more)) keywords.push(`[${JSON.stringify(name)}]:${more[name]}`)
  const own = keywords.length > 0 ? `{__proto__:null,${keywords.join(',')}}` : 'undefined'
  const all = args.spreadKeywords ? `h.merge(${own},${expressionCode(args.spreadKeywords, place)})` : own
  return `[${positional.join(',')}],${all}`
}
