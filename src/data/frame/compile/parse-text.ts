import type { Branch, Expr } from '../expr.ts'
import { FUNCTIONS } from '../functions/index.ts'
import { TextClauses } from './text-clauses.ts'
import { NotSpark } from './text-cursor.ts'
import { intervalOf } from './text-interval.ts'
import { bool, literalText, negative, numberLiteral } from './text-literal.ts'
import { tokensOf } from './text-tokens.ts'

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

class TextParser extends TextClauses {
  /** The parameters of the lambdas around. */
  private readonly params: string[] = []

  whole(): Expr {
    const expr = this.named(this.disjunction())
    if (this.position < this.tokens.length) throw new NotSpark()
    return expr
  }

  /** A name behind an expression, with or without `as`; those of a generator's columns stand in parentheses. */
  private named(arg: Expr): Expr {
    const as = this.took('as')
    if (as && this.took('(')) {
      const names = [this.word()]
      while (this.took(',')) names.push(this.word())
      this.expect(')')
      return { kind: 'alias', arg, name: names[0] ?? '', names }
    }
    const token = this.tokens[this.position]
    const isName = token?.kind === 'quoted' || (token?.kind === 'word' && !RESERVED.has(token.text))
    return as || isName ? { kind: 'alias', arg, name: this.word() } : arg
  }

  protected disjunction(): Expr {
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

  protected binary(level: number): Expr {
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
    if (word === 'interval') return intervalOf(this.intervalTokens())
    const exists = word === 'exists' && !this.peek('select', 1) && !this.peek('with', 1)
    if (RESERVED.has(word) && !exists) throw new NotSpark()
    if (this.peek('(')) {
      const special = this.special(word)
      if (special) return special
      this.expect('(')
      return this.over(this.filtered(this.call(word)))
    }
    if (WITHOUT_PARENTHESES.has(word)) return this.known(word, [])
    return this.name(this.tokens[this.position - 1]?.written ?? word)
  }

  /** A column, perhaps of an alias or with members: `a`, `o.a`, `o.a.b`. */
  private name(first: string): Expr {
    const param = this.params.includes(first.toLowerCase()) ? first.toLowerCase() : undefined
    const parts = param === undefined ? [first] : []
    while (this.took('.')) parts.push(this.word())
    if (param !== undefined) {
      return parts.reduce<Expr>((of, part) => call('get_field', of, literalText(part)), {
        kind: 'variable',
        name: param,
      })
    }
    return { kind: 'column', name: parts.map(quoted).join('.') }
  }

  private call(fn: string): Expr {
    if (fn === 'if') {
      const [when, value, otherwise, ...more] = this.list(')')
      if (!when || !value || !otherwise || more.length > 0) throw new NotSpark()
      return { kind: 'case', branches: [{ when, value }], otherwise }
    }
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

  protected known(fn: string, args: readonly Expr[]): Expr {
    if (fn !== 'struct' && !FUNCTIONS.has(fn)) throw new NotSpark()
    return { kind: 'call', fn, args }
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

  /** Arguments; those of `struct` may have names: `struct(a + 1 as b)`. */
  private arguments(fn: string): Expr[] {
    if (fn !== 'struct') return this.list(')', true)
    const items: Expr[] = []
    if (this.took(')')) return items
    do {
      const arg = this.disjunction()
      items.push(this.took('as') ? { kind: 'alias', arg, name: this.word() } : arg)
    } while (this.took(','))
    this.expect(')')
    return items
  }

  private list(end: string, lambdas = false): Expr[] {
    const items: Expr[] = []
    if (this.took(end)) return items
    if (this.peek('select') || this.peek('with')) throw new NotSpark()
    do items.push((lambdas ? this.lambda() : undefined) ?? this.disjunction())
    while (this.took(','))
    this.expect(end)
    return items
  }

  /** `x -> x + 1` or `(x, y) -> x + y`; undefined when something else stands there. */
  private lambda(): Expr | undefined {
    const start = this.position
    const params: string[] = []
    const several = this.took('(')
    do {
      const token = this.tokens[this.position]
      if (token?.kind !== 'word' && token?.kind !== 'quoted') break
      params.push(token.text.toLowerCase())
      this.position += 1
    } while (several && this.took(','))
    const whole = params.length > 0 && (!several || this.took(')')) && this.took('->')
    if (!whole) {
      this.position = start
      return undefined
    }
    this.params.push(...params)
    const body = this.disjunction()
    this.params.length -= params.length
    return { kind: 'lambda', params, body }
  }
}

// Words that begin or join other clauses; a column of that name stands in backticks.
const RESERVED = new Set([
  'and', 'as', 'between', 'distinct', 'else', 'end', 'exists', 'from', 'in', 'interval', 'is', 'like', 'not', 'or', 'over', 'select', 'then', 'when', 'where',
]) // biome-ignore format: a list

// What Spark takes for a call without parentheses.
const WITHOUT_PARENTHESES = new Set(['current_date', 'current_timestamp', 'current_user', 'current_catalog', 'current_database', 'localtimestamp']) // biome-ignore format: a list

function quoted(name: string): string {
  return /^\w+$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``
}
