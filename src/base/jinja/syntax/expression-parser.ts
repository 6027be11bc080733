import type { Arguments, Comparison, Expression, Target } from './nodes.ts'
import { describeToken, type TokenStream } from './token-stream.ts'

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=']
const NO_ARGUMENTS: Arguments = { positional: [], keywords: [], spread: undefined, spreadKeywords: undefined }

/** Jinja's expression grammar with jinja2's precedences (`~` binds tighter than `+`, filters tighter than `**`). */
export class ExpressionParser {
  readonly stream: TokenStream

  constructor(stream: TokenStream) {
    this.stream = stream
  }

  /** One expression. @throws MillraceError `JINJA_SYNTAX` */
  expression(conditional = true): Expression {
    if (!conditional) return this.#or()
    let value = this.#or()
    while (this.stream.skip('name', 'if')) {
      const test = this.#or()
      const no = this.stream.skip('name', 'else') ? this.expression() : undefined
      value = { kind: 'choose', test, yes: value, no, at: value.at }
    }
    return value
  }

  /** One expression, or several with commas between as a tuple. */
  tuple(options: { conditional?: boolean; parenthesised?: boolean } = {}): Expression {
    const { at } = this.stream.current
    const items: Expression[] = []
    let isTuple = false
    for (;;) {
      if (items.length > 0) this.stream.expect('operator', ',')
      if (this.#tupleEnds()) break
      items.push(this.expression(options.conditional ?? true))
      if (!this.stream.isOperator(',')) break
      isTuple = true
    }
    const [only] = items
    if (!isTuple && only) return only
    if (!isTuple && !options.parenthesised) {
      throw this.stream.fail(`expected an expression, got ${describeToken(this.stream.current)}`)
    }
    return { kind: 'tuple', items, at }
  }

  #tupleEnds(): boolean {
    const { stream } = this
    return stream.is('variable_end') || stream.is('block_end') || stream.isOperator(')')
  }

  /** What can be assigned to; `members` allows `namespace.attribute`. */
  target(options: { members?: boolean } = {}): Target {
    const { at } = this.stream.current
    const items: Target[] = []
    let isTuple = false
    for (;;) {
      if (items.length > 0) this.stream.expect('operator', ',')
      if (this.stream.isOperator('=') || this.#tupleEnds()) break
      items.push(this.#singleTarget(options.members ?? false))
      if (!this.stream.isOperator(',')) break
      isTuple = true
    }
    const [only] = items
    if (!only) throw this.stream.fail(`expected a name to assign to, got ${describeToken(this.stream.current)}`)
    return isTuple ? { kind: 'tuple', items, at } : only
  }

  #singleTarget(members: boolean): Target {
    if (this.stream.skip('operator', '(')) {
      const target = this.target({ members })
      this.stream.expect('operator', ')')
      return target
    }
    const { at } = this.stream.current
    const name = this.name()
    if (members && this.stream.skip('operator', '.')) {
      return { kind: 'member', name, attribute: this.stream.expect('name').value as string, at }
    }
    return { kind: 'name', name, at }
  }

  /** A name that may be bound, so none of the constants. */
  name(): string {
    const { at } = this.stream.current
    const name = this.stream.expect('name').value as string
    if (['true', 'false', 'none', 'True', 'False', 'None'].includes(name)) {
      throw this.stream.fail(`cannot assign to '${name}'`, at)
    }
    return name
  }

  #or(): Expression {
    let left = this.#and()
    while (this.stream.skip('name', 'or')) left = this.#binary('or', left, this.#and())
    return left
  }

  #and(): Expression {
    let left = this.#not()
    while (this.stream.skip('name', 'and')) left = this.#binary('and', left, this.#not())
    return left
  }

  #not(): Expression {
    const { at } = this.stream.current
    if (this.stream.skip('name', 'not')) return { kind: 'unary', operator: 'not', of: this.#not(), at }
    return this.#compare()
  }

  #compare(): Expression {
    const first = this.#sum()
    const rest: { operator: Comparison; value: Expression }[] = []
    for (;;) {
      const operator = this.#comparison()
      if (!operator) break
      rest.push({ operator, value: this.#sum() })
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, at: first.at }
  }

  #comparison(): Comparison | undefined {
    const { stream } = this
    if (stream.isOperator(...COMPARISONS)) return stream.next().value as Comparison
    if (stream.skip('name', 'in')) return 'in'
    if (stream.isName('not') && stream.is('name', 'in', 1)) {
      stream.next()
      stream.next()
      return 'not in'
    }
    return undefined
  }

  #sum(): Expression {
    let left = this.#concat()
    while (this.stream.isOperator('+', '-')) {
      left = this.#binary(this.stream.next().value as '+', left, this.#concat())
    }
    return left
  }

  #concat(): Expression {
    const first = this.#product()
    const items = [first]
    while (this.stream.skip('operator', '~')) items.push(this.#product())
    return items.length === 1 ? first : { kind: 'concat', items, at: first.at }
  }

  #product(): Expression {
    let left = this.#power()
    while (this.stream.isOperator('*', '/', '//', '%')) {
      left = this.#binary(this.stream.next().value as '*', left, this.#power())
    }
    return left
  }

  #power(): Expression {
    let left = this.#unary(true)
    while (this.stream.skip('operator', '**')) left = this.#binary('**', left, this.#unary(true))
    return left
  }

  #binary(
    operator: '+' | '-' | '*' | '/' | '//' | '%' | '**' | 'and' | 'or',
    left: Expression,
    right: Expression,
  ): Expression {
    return { kind: 'binary', operator, left, right, at: left.at }
  }

  #unary(filters: boolean): Expression {
    const { at } = this.stream.current
    let node: Expression
    if (this.stream.isOperator('-', '+')) {
      node = { kind: 'unary', operator: this.stream.next().value as '-', of: this.#unary(false), at }
    } else node = this.#primary()
    node = this.#postfix(node)
    return filters ? this.#filtersAndTests(node) : node
  }

  #primary(): Expression {
    const { stream } = this
    const token = stream.next()
    const { at } = token
    switch (token.type) {
      case 'name': {
        const name = token.value as string
        if (name === 'true' || name === 'True') return { kind: 'constant', value: true, at }
        if (name === 'false' || name === 'False') return { kind: 'constant', value: false, at }
        if (name === 'none' || name === 'None') return { kind: 'constant', value: null, at }
        return { kind: 'name', name, at }
      }
      case 'string': {
        let value = token.value as string
        while (stream.is('string')) value += stream.next().value as string
        return { kind: 'constant', value, at }
      }
      case 'integer':
      case 'float':
        return { kind: 'constant', value: token.value, at }
      case 'operator':
        if (token.value === '(') {
          const node = this.tuple({ parenthesised: true })
          stream.expect('operator', ')')
          return node
        }
        if (token.value === '[') return { kind: 'list', items: this.#until(']', () => this.expression()), at }
        if (token.value === '{') {
          const items = this.#until('}', () => {
            const key = this.expression()
            stream.expect('operator', ':')
            return [key, this.expression()] as const
          })
          return { kind: 'dict', items, at }
        }
    }
    throw stream.fail(`unexpected ${describeToken(token)}`, at)
  }

  #until<T>(close: string, read: () => T): T[] {
    const items: T[] = []
    while (!this.stream.isOperator(close)) {
      if (items.length > 0) this.stream.expect('operator', ',')
      if (this.stream.isOperator(close)) break
      items.push(read())
    }
    this.stream.expect('operator', close)
    return items
  }

  #postfix(start: Expression): Expression {
    let node = start
    for (;;) {
      if (this.stream.isOperator('.', '[')) node = this.#subscript(node)
      else if (this.stream.isOperator('(')) node = this.#call(node)
      else return node
    }
  }

  #call(of: Expression): Expression {
    return { kind: 'call', of, args: this.arguments(), at: of.at }
  }

  #subscript(of: Expression): Expression {
    const { stream } = this
    const { at } = stream.current
    if (stream.next().value === '.') {
      const token = stream.next()
      if (token.type === 'name') return { kind: 'attribute', of, name: token.value as string, at }
      if (token.type !== 'integer') throw stream.fail('expected name or number after the dot', token.at)
      return { kind: 'item', of, key: { kind: 'constant', value: token.value, at: token.at }, at }
    }
    const keys: Expression[] = []
    while (!stream.isOperator(']')) {
      if (keys.length > 0) stream.expect('operator', ',')
      keys.push(this.#key())
    }
    stream.expect('operator', ']')
    const [only] = keys
    const key: Expression = only && keys.length === 1 ? only : { kind: 'tuple', items: keys, at }
    return { kind: 'item', of, key, at }
  }

  #key(): Expression {
    const { stream } = this
    const { at } = stream.current
    const part = (): Expression | undefined => (stream.isOperator(':', ']', ',') ? undefined : this.expression())
    const start = part()
    if (!stream.skip('operator', ':')) {
      if (!start) throw stream.fail('expected a subscript')
      return start
    }
    const stop = part()
    const step = stream.skip('operator', ':') ? part() : undefined
    return { kind: 'slice', start, stop, step, at }
  }

  /** The arguments of a call, with their parentheses. */
  arguments(): Arguments {
    const { stream } = this
    const open = stream.expect('operator', '(').at
    const positional: Expression[] = []
    const keywords: { name: string; value: Expression }[] = []
    let spread: Expression | undefined
    let spreadKeywords: Expression | undefined
    const ensure = (holds: boolean): void => {
      if (!holds) throw stream.fail('the arguments of the call are in no valid order', open)
    }
    let first = true
    while (!stream.isOperator(')')) {
      if (!first) {
        stream.expect('operator', ',')
        if (stream.isOperator(')')) break
      }
      first = false
      if (stream.skip('operator', '*')) {
        ensure(!spread && !spreadKeywords)
        spread = this.expression()
      } else if (stream.skip('operator', '**')) {
        ensure(!spreadKeywords)
        spreadKeywords = this.expression()
      } else if (stream.is('name') && stream.is('operator', '=', 1)) {
        ensure(!spreadKeywords)
        const name = stream.next().value as string
        stream.next()
        keywords.push({ name, value: this.expression() })
      } else {
        ensure(!spread && !spreadKeywords && keywords.length === 0)
        positional.push(this.expression())
      }
    }
    stream.expect('operator', ')')
    return { positional, keywords, spread, spreadKeywords }
  }

  #filtersAndTests(start: Expression): Expression {
    let node = start
    for (;;) {
      if (this.stream.isOperator('|')) node = this.filters(node)
      else if (this.stream.isName('is')) node = this.#test(node)
      else if (this.stream.isOperator('(')) node = this.#call(node)
      else return node
    }
  }

  /** `|a|b(…)` after `of`; with `inline` the first stands without its bar, as in a filter block. */
  filters(of: Expression, inline?: boolean): Expression
  filters(of: Expression | undefined, inline?: boolean): Expression | undefined
  filters(of: Expression | undefined, inline = false): Expression | undefined {
    let node = of
    for (let bare = inline; bare || this.stream.isOperator('|'); bare = false) {
      if (!bare) this.stream.next()
      const { at } = this.stream.current
      const name = this.#dottedName()
      const args = this.stream.isOperator('(') ? this.arguments() : NO_ARGUMENTS
      node = { kind: 'filter', name, of: node, args, at }
    }
    return node
  }

  #dottedName(): string {
    let name = this.stream.expect('name').value as string
    while (this.stream.skip('operator', '.')) name += `.${this.stream.expect('name').value}`
    return name
  }

  #test(of: Expression): Expression {
    const { stream } = this
    const { at } = stream.next()
    const negated = stream.skip('name', 'not')
    const name = this.#dottedName()
    let args = NO_ARGUMENTS
    if (stream.isOperator('(')) args = this.arguments()
    else if (this.#testArgumentFollows()) {
      if (stream.isName('is')) throw stream.fail('tests cannot be chained with is')
      args = { ...NO_ARGUMENTS, positional: [this.#postfix(this.#primary())] }
    }
    const node: Expression = { kind: 'test', name, of, args, at }
    return negated ? { kind: 'unary', operator: 'not', of: node, at } : node
  }

  #testArgumentFollows(): boolean {
    const { stream } = this
    if (stream.is('name')) return !stream.isName('else', 'or', 'and')
    return stream.is('string') || stream.is('integer') || stream.is('float') || stream.isOperator('[', '{')
  }
}
