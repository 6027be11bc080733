import { type DataType, parseType } from '../../../base/kernel/index.ts'
import type { Expr, WindowBounds } from '../expr.ts'
import { NotSpark, TextCursor } from './text-cursor.ts'
import { literalText, numberLiteral } from './text-literal.ts'

const UNITS = /^(year|month|week|day|hour|minute|second|millisecond|microsecond)s?$/

/** What stands behind or inside of calls in SQL text in words of its own: windows, filters, `from` and `for`, intervals, types. */
export abstract class TextClauses extends TextCursor {
  protected abstract disjunction(): Expr
  protected abstract binary(level: number): Expr
  protected abstract known(fn: string, args: readonly Expr[]): Expr

  protected over(fn: Expr): Expr {
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
    const bounds = this.bounds()
    this.expect(')')
    return { kind: 'over', fn, partitionBy, orderBy, ...(bounds ? { bounds } : {}) }
  }

  /** `rows between 2 preceding and current row`; without `between` the frame ends at the current row. */
  private bounds(): WindowBounds | undefined {
    const unit = this.took('rows') ? 'rows' : this.took('range') ? 'range' : undefined
    if (unit === undefined) return undefined
    if (!this.took('between')) return { unit, start: this.bound(), end: 0 }
    const start = this.bound()
    this.expect('and')
    return { unit, start, end: this.bound() }
  }

  private bound(): number | null {
    if (this.took('current')) {
      this.expect('row')
      return 0
    }
    if (this.took('unbounded')) {
      if (!this.took('preceding')) this.expect('following')
      return null
    }
    const of = this.binary(0)
    if (of.kind !== 'literal' || typeof of.value !== 'number') throw new NotSpark()
    if (this.took('preceding')) return -of.value
    this.expect('following')
    return of.value
  }

  /** `filter (where …)` behind an aggregate. */
  protected filtered(fn: Expr): Expr {
    if (fn.kind !== 'call' || !this.peek('filter') || !this.peek('(', 1)) return fn
    this.position += 2
    this.expect('where')
    const filter = this.disjunction()
    this.expect(')')
    return { ...fn, filter }
  }

  /** Functions whose arguments words stand between: `extract(year from d)`, `substring(a from 2 for 3)` … */
  protected special(word: string): Expr | undefined {
    const start = this.position
    this.expect('(')
    const made = this.withWords(word)
    if (made === undefined) this.position = start
    return made
  }

  private withWords(word: string): Expr | undefined {
    if (word === 'extract') {
      const field = this.tokens[this.position]
      if (field?.kind !== 'word' || !this.peek('from', 1)) return undefined
      this.position += 2
      return this.closed('extract', [literalText(field.text), this.disjunction()])
    }
    if (word === 'position') {
      const part = this.binary(0)
      return this.took('in') ? this.closed('position', [part, this.binary(0)]) : undefined
    }
    if (word === 'substring' || word === 'substr') {
      const of = this.disjunction()
      if (!this.took('from')) return undefined
      const from = this.disjunction()
      const all = numberLiteral('2147483647')
      return this.closed('substring', [of, from, this.took('for') ? this.disjunction() : all])
    }
    if (word === 'trim') {
      const fn = this.took('leading') ? 'ltrim' : this.took('trailing') ? 'rtrim' : 'trim'
      const both = fn === 'trim' && this.took('both')
      const first = this.peek('from') ? undefined : this.disjunction()
      if (!this.took('from')) return fn === 'trim' && !both ? undefined : this.closed(fn, first ? [first] : [])
      return this.closed(fn, [this.disjunction(), ...(first ? [first] : [])])
    }
    return undefined
  }

  private closed(fn: string, args: readonly Expr[]): Expr {
    this.expect(')')
    return this.known(fn, args)
  }

  /** The amounts and units behind `interval`. */
  protected intervalTokens(): readonly (readonly [amount: string, unit: string])[] {
    const pairs: [string, string][] = []
    for (;;) {
      const start = this.position
      const sign = this.took('-') ? '-' : ''
      const amount = this.tokens[this.position]
      if (amount?.kind !== 'number' && amount?.kind !== 'string') {
        this.position = start
        break
      }
      this.position += 1
      const unit = this.tokens[this.position]
      const named = unit?.kind === 'word' && UNITS.test(unit.text)
      // A text alone holds its units itself: interval '1 day 2 hours'.
      if (!named && (amount.kind === 'number' || pairs.length > 0)) {
        this.position = start
        break
      }
      if (named) this.position += 1
      const to = named && this.took('to') ? ` to ${this.word().toLowerCase()}` : ''
      pairs.push([`${sign}${amount.text}`, named ? `${unit.text}${to}` : ''])
      if (!named) break
    }
    if (pairs.length === 0) throw new NotSpark()
    return pairs
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

  /** A type's words up to where it ends; a nested one goes to its last `>`. */
  protected type(): DataType {
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
}
