import type { DataType } from '../../../../base/kernel/index.ts'
import type { BinaryOperator, Expression } from './expression.ts'
import { type Token, tokensOf, unsupported } from './tokens.ts'

/**
 * Reads an expression of Spark SQL (its reference, "Expressions"): operators, CASE, CAST, IN, BETWEEN, LIKE, IS, and
 * calls of functions, over columns and literals.
 * @throws MillraceError DELTA_EXPRESSION_UNSUPPORTED saying what cannot be read
 */
export function parseExpression(text: string): Expression {
  return new Parser(text).whole()
}

/** Binary operators by how tightly they bind. */
const COMPARED: Readonly<Record<string, BinaryOperator>> = {
  '=': '=',
  '==': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '<=>': '<=>',
}

const TYPES: Readonly<Record<string, DataType['kind']>> = {
  boolean: 'boolean',
  tinyint: 'byte',
  byte: 'byte',
  smallint: 'short',
  short: 'short',
  int: 'integer',
  integer: 'integer',
  bigint: 'long',
  long: 'long',
  float: 'float',
  real: 'float',
  double: 'double',
  string: 'string',
  binary: 'binary',
  date: 'date',
  timestamp: 'timestamp',
  timestamp_ntz: 'timestamp_ntz',
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  whole(): Expression {
    const expression = this.#or()
    if (this.#at < this.#tokens.length) throw this.#unexpected()
    return expression
  }

  #or(): Expression {
    // A bound on nesting, so that no text can exhaust the stack.
    this.#depth += 1
    if (this.#depth > 200) throw unsupported(this.#text, 'it is nested too deep')
    let left = this.#and()
    while (this.#took('or')) left = { kind: 'binary', op: 'or', left, right: this.#and() }
    this.#depth -= 1
    return left
  }

  #and(): Expression {
    let left = this.#not()
    while (this.#took('and')) left = { kind: 'binary', op: 'and', left, right: this.#not() }
    return left
  }

  #not(): Expression {
    return this.#took('not') || this.#took('!') ? { kind: 'not', arg: this.#not() } : this.#predicate()
  }

  #predicate(): Expression {
    let left = this.#sum()
    for (;;) {
      const token = this.#tokens[this.#at]
      const op = token?.kind === 'operator' ? COMPARED[token.text] : undefined
      if (op) {
        this.#at += 1
        left = { kind: 'binary', op, left, right: this.#sum() }
        continue
      }
      if (this.#took('is')) {
        left = this.#is(left)
        continue
      }
      const isNot = this.#took('not')
      const found = this.#matched(left)
      if (found) left = isNot ? { kind: 'not', arg: found } : found
      else if (isNot) throw this.#unexpected()
      else return left
    }
  }

  #is(arg: Expression): Expression {
    const isNot = this.#took('not')
    if (this.#took('distinct')) {
      this.#expect('from')
      const same: Expression = { kind: 'binary', op: '<=>', left: arg, right: this.#sum() }
      return isNot ? same : { kind: 'not', arg: same }
    }
    const what = (['null', 'true', 'false'] as const).find((word) => this.#took(word))
    if (!what) throw this.#unexpected()
    const is: Expression = { kind: 'is', what, arg }
    return isNot ? { kind: 'not', arg: is } : is
  }

  /** What may stand behind `not`. */
  #matched(arg: Expression): Expression | undefined {
    if (this.#took('between')) {
      const low = this.#sum()
      this.#expect('and')
      const high = this.#sum()
      return {
        kind: 'binary',
        op: 'and',
        left: { kind: 'binary', op: '>=', left: arg, right: low },
        right: { kind: 'binary', op: '<=', left: arg, right: high },
      }
    }
    if (this.#took('in')) {
      this.#expect('(')
      return { kind: 'in', arg, items: this.#listed() }
    }
    const op = (['like', 'ilike', 'rlike', 'regexp'] as const).find((word) => this.#took(word))
    return op && { kind: 'like', op: op === 'regexp' ? 'rlike' : op, arg, pattern: this.#sum() }
  }

  #sum(): Expression {
    let left = this.#product()
    for (;;) {
      const op = (['+', '-', '||'] as const).find((one) => this.#took(one))
      if (!op) return left
      left = { kind: 'binary', op, left, right: this.#product() }
    }
  }

  #product(): Expression {
    let left = this.#unary()
    for (;;) {
      const op = (['*', '/', '%', 'div'] as const).find((one) => this.#took(one))
      if (!op) return left
      left = { kind: 'binary', op, left, right: this.#unary() }
    }
  }

  #unary(): Expression {
    if (this.#took('-')) {
      const arg = this.#unary()
      const isNumber = arg.kind === 'literal' && typeof arg.value === 'string' && arg.type.kind !== 'string'
      return isNumber ? { ...arg, value: negated(String(arg.value)) } : { kind: 'negative', arg }
    }
    return this.#took('+') ? this.#unary() : this.#primary()
  }

  #primary(): Expression {
    const token = this.#tokens[this.#at]
    this.#at += 1
    switch (token?.kind) {
      case 'number':
        return numberOf(token.text)
      case 'text':
        return { kind: 'literal', value: token.text, type: { kind: 'string' } }
      case 'name':
        return this.#path(token.text)
      case 'operator':
        if (token.text === '(') {
          const inner = this.#or()
          this.#expect(')')
          return inner
        }
        break
      case 'word':
        return this.#word(token.text, token.raw)
    }
    this.#at -= 1
    throw this.#unexpected()
  }

  #word(word: string, raw: string): Expression {
    switch (word) {
      case 'null':
        return { kind: 'literal', value: null, type: { kind: 'null' } }
      case 'true':
      case 'false':
        return { kind: 'literal', value: word === 'true', type: { kind: 'boolean' } }
      case 'case':
        return this.#case()
      case 'cast':
      case 'try_cast': {
        this.#expect('(')
        const arg = this.#or()
        this.#expect('as')
        const to = this.#type()
        this.#expect(')')
        return constant(arg, to) ?? { kind: 'cast', arg, to, tries: word === 'try_cast' }
      }
      case 'date':
      case 'timestamp':
      case 'timestamp_ntz': {
        const next = this.#tokens[this.#at]
        if (next?.kind !== 'text') break
        this.#at += 1
        return { kind: 'literal', value: next.text, type: { kind: word } }
      }
      case 'interval':
      case 'exists':
      case 'select':
        throw unsupported(this.#text, `${word.toUpperCase()} is not translated`)
    }
    if (this.#took('(')) return { kind: 'call', name: word, args: this.#listed() }
    if (word === 'current_date' || word === 'current_timestamp') return { kind: 'call', name: word, args: [] }
    return this.#path(raw)
  }

  #path(first: string): Expression {
    const path = [first]
    while (this.#took('.')) {
      const token = this.#tokens[this.#at]
      if (token?.kind !== 'word' && token?.kind !== 'name') throw this.#unexpected()
      path.push(token.kind === 'word' ? token.raw : token.text)
      this.#at += 1
    }
    return { kind: 'column', path }
  }

  #case(): Expression {
    const operand = this.#next() === 'when' ? undefined : this.#or()
    const branches: { when: Expression; value: Expression }[] = []
    while (this.#took('when')) {
      const when = this.#or()
      this.#expect('then')
      branches.push({ when, value: this.#or() })
    }
    if (branches.length === 0) throw this.#unexpected()
    const otherwise = this.#took('else') ? this.#or() : undefined
    this.#expect('end')
    return { kind: 'case', branches, ...(operand ? { operand } : {}), ...(otherwise ? { otherwise } : {}) }
  }

  /** Expressions up to the closing parenthesis. */
  #listed(): Expression[] {
    const items: Expression[] = []
    if (this.#took(')')) return items
    do items.push(this.#or())
    while (this.#took(','))
    this.#expect(')')
    return items
  }

  #type(): DataType {
    const token = this.#tokens[this.#at]
    const word = token?.kind === 'word' ? token.text : ''
    this.#at += 1
    const kind = TYPES[word]
    if (kind) return { kind } as DataType
    if (word === 'decimal' || word === 'dec' || word === 'numeric') {
      if (!this.#took('(')) return { kind: 'decimal', precision: 10, scale: 0 }
      const precision = this.#whole()
      const scale = this.#took(',') ? this.#whole() : 0
      this.#expect(')')
      return { kind: 'decimal', precision, scale }
    }
    throw unsupported(this.#text, `a cast to ${word || 'this type'} is not translated`)
  }

  #whole(): number {
    const token = this.#tokens[this.#at]
    if (token?.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.#unexpected()
    this.#at += 1
    return Number(token.text)
  }

  #next(): string | undefined {
    return this.#tokens[this.#at]?.text
  }

  #took(text: string): boolean {
    const token = this.#tokens[this.#at]
    if (!token || token.text !== text || (token.kind !== 'word' && token.kind !== 'operator')) return false
    this.#at += 1
    return true
  }

  #expect(text: string): void {
    if (!this.#took(text)) throw this.#unexpected(text.toUpperCase())
  }

  #unexpected(wanted?: string): Error {
    const found = this.#next()
    const what = found === undefined ? 'it ends too early' : `"${found}" was not expected`
    return unsupported(this.#text, wanted === undefined ? what : `${what} where ${wanted} was`)
  }
}

function negated(number: string): string {
  return number.startsWith('-') ? number.slice(1) : `-${number}`
}

const SUFFIXES: Readonly<Record<string, DataType['kind']>> = {
  l: 'long',
  s: 'short',
  y: 'byte',
  d: 'double',
  f: 'float',
}
const MOST_INTEGER = 2_147_483_647n
const MOST_LONG = 9_223_372_036_854_775_807n

function numberOf(text: string): Expression {
  const suffix = /(BD|[lsydf])$/i.exec(text)?.[0] ?? ''
  const value = suffix === '' ? text : text.slice(0, -suffix.length)
  const kind = SUFFIXES[suffix.toLowerCase()]
  if (kind) return { kind: 'literal', value, type: { kind } as DataType }
  if (/e/i.test(value) && suffix === '') return { kind: 'literal', value, type: { kind: 'double' } }
  if (/^\d+$/.test(value) && suffix === '') {
    const number = BigInt(value)
    if (number <= MOST_INTEGER) return { kind: 'literal', value, type: { kind: 'integer' } }
    if (number <= MOST_LONG) return { kind: 'literal', value, type: { kind: 'long' } }
  }
  const [whole = '', fraction = ''] = value.split('.')
  const scale = Math.min(fraction.length, 38)
  const precision = Math.min(Math.max(whole.replace(/^0+/, '').length + scale, scale, 1), 38)
  return { kind: 'literal', value, type: { kind: 'decimal', precision, scale } }
}

/** `cast('2024-01-31' as date)` as the date that it is, so that files can be told by it. */
function constant(arg: Expression, to: DataType): Expression | undefined {
  const isText = arg.kind === 'literal' && arg.type.kind === 'string'
  return isText && to.kind === 'date' && /^\d{4}-\d\d-\d\d$/.test(String(arg.value)) ? { ...arg, type: to } : undefined
}
