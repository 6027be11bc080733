import { type DataType, type Json, parseType } from '../../../base/kernel/index.ts'
import type { Branch, Expr } from '../expr.ts'
import { FUNCTIONS } from '../functions/index.ts'
import { type Token, tokensOf } from './text-tokens.ts'

/** Binary operators by how tightly they bind (Spark's grammar, valueExpression), with their names in plans. */
const BINARY: readonly Readonly<Record<string, string>>[] = [
  { '=': 'eq', '==': 'eq', '<>': 'ne', '!=': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '<=>': 'eq_null_safe' },
  { '|': 'bitwise_or' },
  { '^': 'bitwise_xor' },
  { '&': 'bitwise_and' },
  { '+': 'add', '-': 'subtract', '||': 'concat' },
  { '*': 'multiply', '/': 'divide', '%': 'mod', div: 'div' },
] // biome-ignore format: a table

const call = (fn: string, ...args: Expr[]): Expr => ({ kind: 'call', fn, args })

/** What stops the parser: the text is then the engine's own SQL. Never leaves this file. */
class NotSpark extends Error {}

/**
 * The user's SQL text as an expression, so that it means what it means in Spark SQL (its reference, "Expressions"),
 * whatever the engine; undefined when it has what this parser or the function tables have not (subqueries, quoted
 * identifiers of the engine, intervals …). Such a text stays the engine's own SQL.
 */
export function parseText(parts: readonly (string | Expr)[]): Expr | undefined {
  const tokens = tokensOf(parts)
  if (tokens === undefined) return undefined
  try {
    return new TextParser(tokens).whole()
  } catch (thrown) {
    if (thrown instanceof NotSpark) return undefined
    throw thrown
  }
}

class TextParser {
  private readonly tokens: readonly Token[]
  private position = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  whole(): Expr {
    const expr = this.disjunction()
    if (this.position < this.tokens.length) throw new NotSpark()
    return expr
  }

  private disjunction(): Expr {
    let left = this.conjunction()
    while (this.took('or')) left = call('or', left, this.conjunction())
    return left
  }

  private conjunction(): Expr {
    let left = this.negation()
    while (this.took('and')) left = call('and', left, this.negation())
    return left
  }

  private negation(): Expr {
    if (this.took('not') || this.took('!')) return call('not', this.negation())
    return this.predicate(this.binary(0))
  }

  /** What may stand behind a value: `between`, `in`, `like`, `is null` …, with or without `not`. */
  private predicate(of: Expr): Expr {
    if (this.took('is')) {
      const not = this.took('not')
      if (this.took('null')) return call(not ? 'is_not_null' : 'is_null', of)
      if (this.took('true')) return this.maybeNot(not, call('eq_null_safe', of, bool(true)))
      if (this.took('false')) return this.maybeNot(not, call('eq_null_safe', of, bool(false)))
      this.expect('distinct')
      this.expect('from')
      return this.maybeNot(!not, call('eq_null_safe', of, this.binary(0)))
    }
    const not = this.took('not')
    if (this.took('between')) {
      const low = this.binary(0)
      this.expect('and')
      return this.maybeNot(not, call('and', call('ge', of, low), call('le', of, this.binary(0))))
    }
    if (this.took('in')) {
      this.expect('(')
      return this.maybeNot(not, call('in', of, ...this.list(')')))
    }
    for (const [word, fn] of [
      ['like', 'like'],
      ['ilike', 'ilike'],
      ['rlike', 'rlike'],
      ['regexp', 'rlike'],
    ] as const) {
      if (this.took(word)) return this.maybeNot(not, call(fn, of, this.binary(0)))
    }
    if (not) throw new NotSpark()
    return of
  }

  private maybeNot(not: boolean, expr: Expr): Expr {
    return not ? call('not', expr) : expr
  }

  private binary(level: number): Expr {
    const operators = BINARY[level]
    if (operators === undefined) return this.unary()
    let left = this.binary(level + 1)
    for (;;) {
      const token = this.tokens[this.position]
      const fn = token && token.kind !== 'string' && token.kind !== 'expr' ? operators[token.text] : undefined
      if (fn === undefined) return left
      this.position += 1
      left = this.known(fn, [left, this.binary(level + 1)])
    }
  }

  private unary(): Expr {
    if (this.took('-')) {
      const of = this.unary()
      const negated = of.kind === 'literal' ? negative(of.value) : undefined
      return of.kind === 'literal' && negated !== undefined ? { ...of, value: negated } : call('negative', of)
    }
    if (this.took('+')) return this.unary()
    if (this.took('~')) return this.known('bitwise_not', [this.unary()])
    return this.behind(this.primary())
  }

  /** Members, elements and `::type` behind a value. */
  private behind(of: Expr): Expr {
    if (this.took('[')) {
      const key = this.disjunction()
      this.expect(']')
      return this.behind(call('get_item', of, key))
    }
    if (this.took('::')) return this.behind({ kind: 'cast', arg: of, to: this.type() })
    if (of.kind !== 'column' && this.took('.')) {
      return this.behind(call('get_field', of, literalText(this.word())))
    }
    return of
  }

  private primary(): Expr {
    const token = this.next()
    switch (token.kind) {
      case 'expr':
        return token.expr
      case 'number':
        return numberLiteral(token.text)
      case 'string':
        return literalText(token.text)
      case 'quoted':
        return this.name(token.text)
      case 'sign':
        if (token.text !== '(') throw new NotSpark()
        return this.inParentheses()
      case 'word':
        return this.fromWord(token.text)
    }
  }

  private inParentheses(): Expr {
    if (this.peek('select') || this.peek('with')) throw new NotSpark()
    const inner = this.disjunction()
    this.expect(')')
    return inner
  }

  private fromWord(word: string): Expr {
    if (word === 'null') return { kind: 'literal', value: null, type: { kind: 'null' } }
    if (word === 'true' || word === 'false') return bool(word === 'true')
    if (word === 'case') return this.cases()
    if (word === 'cast' || word === 'try_cast') {
      if (this.took('(')) return this.cast(word === 'try_cast')
    }
    const text = this.tokens[this.position]
    if ((word === 'date' || word === 'timestamp' || word === 'timestamp_ntz') && text?.kind === 'string') {
      this.position += 1
      return { kind: 'cast', arg: literalText(text.text), to: { kind: word } }
    }
    if (RESERVED.has(word)) throw new NotSpark()
    if (this.took('(')) return this.over(this.call(word))
    return this.name(this.tokens[this.position - 1]?.written ?? word)
  }

  /** A column, perhaps of an alias or with members: `a`, `o.a`, `o.a.b`. */
  private name(first: string): Expr {
    const parts = [first]
    while (this.took('.')) parts.push(this.word())
    return { kind: 'column', name: parts.map(quoted).join('.') }
  }

  private call(fn: string): Expr {
    if (fn === 'count' && this.took('*')) {
      this.expect(')')
      return call('count')
    }
    if (this.took('distinct')) {
      const name = { count: 'count_distinct', sum: 'sum_distinct' }[fn]
      if (name === undefined) throw new NotSpark()
      return this.known(name, this.list(')'))
    }
    return this.known(fn, this.arguments(fn))
  }

  private known(fn: string, args: readonly Expr[]): Expr {
    if (fn !== 'struct' && !FUNCTIONS.has(fn)) throw new NotSpark()
    return { kind: 'call', fn, args }
  }

  private over(fn: Expr): Expr {
    if (!this.took('over')) return fn
    this.expect('(')
    const partitionBy: Expr[] = []
    if (this.took('partition')) {
      this.expect('by')
      do partitionBy.push(this.disjunction())
      while (this.took(','))
    }
    const orderBy: Expr[] = []
    if (this.took('order')) {
      this.expect('by')
      do orderBy.push(this.sortKey())
      while (this.took(','))
    }
    // Bounds are rare in text: the engine reads those itself.
    this.expect(')')
    return { kind: 'over', fn, partitionBy, orderBy }
  }

  private sortKey(): Expr {
    const arg = this.disjunction()
    const descending = this.took('desc')
    if (!descending) this.took('asc')
    let nullsFirst = !descending
    if (this.took('nulls')) {
      nullsFirst = this.took('first')
      if (!nullsFirst) this.expect('last')
    }
    return { kind: 'sort', arg, descending, nullsFirst }
  }

  private cases(): Expr {
    const of = this.peek('when') ? undefined : this.disjunction()
    const branches: Branch[] = []
    while (this.took('when')) {
      const when = this.disjunction()
      this.expect('then')
      branches.push({ when: of ? call('eq', of, when) : when, value: this.disjunction() })
    }
    const otherwise = this.took('else') ? this.disjunction() : undefined
    this.expect('end')
    if (branches.length === 0) throw new NotSpark()
    return { kind: 'case', branches, ...(otherwise ? { otherwise } : {}) }
  }

  private cast(tries: boolean): Expr {
    const arg = this.disjunction()
    this.expect('as')
    const to = this.type()
    this.expect(')')
    return { kind: 'cast', arg, to, ...(tries ? { try: true as const } : {}) }
  }

  /** A type's words up to where it ends; a nested one goes to its last `>`. */
  private type(): DataType {
    let text = this.word()
    if (this.took('(')) {
      text += '('
      while (!this.took(')')) text += this.next().text
      text += ')'
    }
    if (this.took('<')) text += this.inner()
    try {
      return parseType(text)
    } catch {
      throw new NotSpark()
    }
  }

  /** What stands between `<` and its `>`: the types that a nested type is made of. */
  private inner(): string {
    let text = '<'
    for (let open = 1; open > 0; ) {
      const token = this.next()
      if (token.kind === 'expr' || token.kind === 'string') throw new NotSpark()
      if (token.text === '<') open += 1
      if (token.text === '>') open -= 1
      text += token.kind === 'word' ? `${token.written} ` : token.written
    }
    return text
  }

  /** Arguments; those of `struct` may have names: `struct(a + 1 as b)`. */
  private arguments(fn: string): Expr[] {
    if (fn !== 'struct') return this.list(')')
    const items: Expr[] = []
    if (this.took(')')) return items
    do {
      const arg = this.disjunction()
      items.push(this.took('as') ? { kind: 'alias', arg, name: this.word() } : arg)
    } while (this.took(','))
    this.expect(')')
    return items
  }

  private list(end: string): Expr[] {
    const items: Expr[] = []
    if (this.took(end)) return items
    if (this.peek('select') || this.peek('with')) throw new NotSpark()
    do items.push(this.disjunction())
    while (this.took(','))
    this.expect(end)
    return items
  }

  private word(): string {
    const token = this.next()
    if (token.kind !== 'word' && token.kind !== 'quoted') throw new NotSpark()
    return token.written
  }

  private next(): Token {
    const token = this.tokens[this.position]
    if (token === undefined) throw new NotSpark()
    this.position += 1
    return token
  }

  private peek(text: string): boolean {
    const token = this.tokens[this.position]
    return token !== undefined && (token.kind === 'word' || token.kind === 'sign') && token.text === text
  }

  private took(text: string): boolean {
    if (!this.peek(text)) return false
    this.position += 1
    return true
  }

  private expect(text: string): void {
    if (!this.took(text)) throw new NotSpark()
  }
}

// Words that begin or join other clauses; a column of that name stands in backticks.
const RESERVED = new Set([
  'and', 'as', 'between', 'distinct', 'else', 'end', 'exists', 'from', 'in', 'interval', 'is', 'like', 'not', 'or', 'over', 'select', 'then', 'when', 'where',
]) // biome-ignore format: a list

const bool = (value: boolean): Expr => ({ kind: 'literal', value, type: { kind: 'boolean' } })
const literalText = (value: string): Expr => ({ kind: 'literal', value, type: { kind: 'string' } })

function quoted(name: string): string {
  return /^\w+$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``
}

/** Numbers by Spark's rules: `1` int or long, `1.5` decimal, `1e3` and `1d` double, `1L` long, `2.5BD` decimal. */
function numberLiteral(text: string): Expr {
  const [, digits = '', suffix = ''] = /^([\d.]+(?:e[+-]?\d+)?)(l|s|y|d|f|bd)?$/.exec(text) ?? []
  const kind = { l: 'long', s: 'short', y: 'byte', d: 'double', f: 'float' }[suffix]
  if (kind === 'double' || kind === 'float' || (suffix === '' && digits.includes('e'))) {
    return { kind: 'literal', value: Number(digits), type: { kind: kind === 'float' ? 'float' : 'double' } }
  }
  if (kind !== undefined) {
    if (!/^\d+$/.test(digits)) throw new NotSpark()
    return { kind: 'literal', value: kind === 'long' ? digits : Number(digits), type: { kind: kind as 'long' } }
  }
  if (suffix === '' && !digits.includes('.')) {
    const value = BigInt(digits)
    if (value < 2n ** 31n) return { kind: 'literal', value: Number(value), type: { kind: 'integer' } }
    if (value < 2n ** 63n) return { kind: 'literal', value: digits, type: { kind: 'long' } }
  }
  const [whole = '', fraction = ''] = digits.split('.')
  const scale = fraction.length
  const precision = Math.max(whole.replace(/^0+/, '').length + scale, scale, 1)
  if (precision > 38 || digits.includes('e')) throw new NotSpark()
  const value = `${whole === '' ? '0' : whole}${scale > 0 ? `.${fraction}` : ''}`
  return { kind: 'literal', value, type: { kind: 'decimal', precision, scale } }
}

function negative(value: Json): Json | undefined {
  if (typeof value === 'number') return -value
  return typeof value === 'string' && /^\d/.test(value) ? `-${value}` : undefined
}
