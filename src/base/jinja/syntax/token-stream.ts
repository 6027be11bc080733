import type { MillraceError } from '../../kernel/index.ts'
import type { Token, TokenType } from './lexer.ts'
import { type Source, syntaxError } from './source.ts'

/** The tokens of a template, read from left to right. */
export class TokenStream {
  readonly source: Source
  readonly #tokens: readonly Token[]
  #index = 0

  constructor(source: Source, tokens: readonly Token[]) {
    this.source = source
    this.#tokens = tokens
  }

  get current(): Token {
    return this.look(0)
  }

  look(ahead = 1): Token {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)] as Token
  }

  /** Answers the current token and goes past it. */
  next(): Token {
    const token = this.current
    this.#index += 1
    return token
  }

  /** Whether the current token is of that type and, if one is given, has that value. */
  is(type: TokenType, value?: string, ahead = 0): boolean {
    const token = this.look(ahead)
    return token.type === type && (value === undefined || token.value === value)
  }

  isName(...names: string[]): boolean {
    return this.current.type === 'name' && names.includes(this.current.value as string)
  }

  isOperator(...operators: string[]): boolean {
    return this.current.type === 'operator' && operators.includes(this.current.value as string)
  }

  /** Goes past the token if it is that; answers whether it did. */
  skip(type: TokenType, value?: string): boolean {
    if (!this.is(type, value)) return false
    this.#index += 1
    return true
  }

  /** @throws MillraceError `JINJA_SYNTAX` when the current token is another. */
  expect(type: TokenType, value?: string): Token {
    if (this.is(type, value)) return this.next()
    throw this.fail(`expected ${value ? `'${value}'` : describe(type)}, got ${describeToken(this.current)}`)
  }

  fail(message: string, at = this.current.at, hint?: string): MillraceError {
    return syntaxError(this.source, at, message, hint)
  }
}

function describe(type: TokenType): string {
  switch (type) {
    case 'block_end':
      return "end of tag '%}'"
    case 'variable_end':
      return "end of expression '}}'"
    case 'block_begin':
      return "a tag '{%'"
    case 'variable_begin':
      return "an expression '{{'"
    case 'eof':
      return 'end of template'
    default:
      return `a ${type}`
  }
}

/** How a token is named in an error message. */
export function describeToken(token: Token): string {
  if (token.type === 'name' || token.type === 'operator') return `'${token.value}'`
  return describe(token.type)
}
