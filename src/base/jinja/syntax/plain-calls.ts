import { int } from '../python/float.ts'
import type { Expression, Statement } from './nodes.ts'

/** Words that are no names, or begin another expression. */
const RESERVED: ReadonlySet<string> = new Set(['not', 'true', 'false', 'none', 'True', 'False', 'None'])

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

const SPACE = /\s*/y
const NAME = /[A-Za-z_][A-Za-z_0-9]*(?![\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}])/uy
const STRING = /'([^'\\]*)'|"([^"\\]*)"/y
const INTEGER = /(?:0|[1-9][0-9]*)(?=[\s,)\]])/y

/**
 * The statements of a template that is nothing but text and printed calls of names with literal arguments, as most
 * models of dbt are: `select * from {{ ref('orders') }}`. They are those that the parser makes of it, in a fraction of
 * its time. Undefined for every other template, and for one with a fault, of which the parser tells. For jinja2's own
 * delimiters and treatment of white space.
 */
export function plainCalls(text: string): Statement[] | undefined {
  if (text.includes('{%') || text.includes('{#')) return undefined
  const statements: Statement[] = []
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('{{', at)
    const end = open < 0 ? text.length : open
    if (end > at) statements.push({ kind: 'text', text: text.slice(at, end), at })
    if (open < 0) break
    const reader = new CallReader(text, open + 2)
    const value = reader.printed()
    if (!value) return undefined
    statements.push({ kind: 'output', value, at: open + 2 })
    at = reader.at
  }
  return statements
}

/** Reads one call; each of its methods answers undefined where something else stands. */
class CallReader {
  at: number
  readonly #text: string

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  /** `name(…) }}` */
  printed(): Expression | undefined {
    this.#space()
    const { at } = this
    const name = this.#take(NAME)?.[0]
    if (name === undefined || RESERVED.has(name)) return undefined
    this.#space()
    if (!this.#skip('(')) return undefined
    const positional: Expression[] = []
    const keywords: { name: string; value: Expression }[] = []
    for (this.#space(); !this.#skip(')'); this.#space()) {
      if (positional.length + keywords.length > 0) {
        if (!this.#skip(',')) return undefined
        this.#space()
        if (this.#skip(')')) break
      }
      const keyword = this.#keyword()
      if (keyword === undefined && keywords.length > 0) return undefined
      const value = this.#literal()
      if (!value) return undefined
      if (keyword === undefined) positional.push(value)
      else keywords.push({ name: keyword, value })
    }
    this.#space()
    if (!this.#skip('}}')) return undefined
    const args = { positional, keywords, spread: undefined, spreadKeywords: undefined }
    return { kind: 'call', of: { kind: 'name', name, at }, args, at }
  }

  /** `name =`, before the value of an argument. */
  #keyword(): string | undefined {
    const { at } = this
    const name = this.#take(NAME)?.[0]
    if (name !== undefined) {
      this.#space()
      if (this.#text[this.at] === '=' && this.#text[this.at + 1] !== '=') {
        this.at += 1
        this.#space()
        return name
      }
    }
    this.at = at
    return undefined
  }

  /** A text without escapes, a whole number, a constant, or a list of them; what follows it is the caller's. */
  #literal(): Expression | undefined {
    const { at } = this
    const string = this.#take(STRING)
    if (string) return { kind: 'constant', value: string[1] ?? string[2] ?? '', at }
    const integer = this.#take(INTEGER)
    if (integer) return { kind: 'constant', value: int(BigInt(integer[0])), at }
    if (this.#skip('[')) return this.#list(at)
    const value = CONSTANTS.get(this.#take(NAME)?.[0] ?? '')
    return value === undefined ? undefined : { kind: 'constant', value, at }
  }

  #list(at: number): Expression | undefined {
    const items: Expression[] = []
    for (this.#space(); !this.#skip(']'); this.#space()) {
      if (items.length > 0) {
        if (!this.#skip(',')) return undefined
        this.#space()
        if (this.#skip(']')) break
      }
      const item = this.#literal()
      if (!item) return undefined
      items.push(item)
    }
    return { kind: 'list', items, at }
  }

  #space(): void {
    this.#take(SPACE)
  }

  #skip(text: string): boolean {
    const found = this.#text.startsWith(text, this.at)
    if (found) this.at += text.length
    return found
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#text)
    if (found) this.at += found[0].length
    return found
  }
}
