import type { Token } from './text-tokens.ts'

/** What stops a reader of SQL text: the text is then the engine's own SQL. Never leaves this folder. */
export class NotSpark extends Error {}

/** The tokens of a text, read one after the other. */
export class TextCursor {
  protected readonly tokens: readonly Token[]
  protected position = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  /** A name as it is written. */
  protected word(): string {
    const token = this.next()
    if (token.kind !== 'word' && token.kind !== 'quoted') throw new NotSpark()
    return token.written
  }

  protected next(): Token {
    const token = this.tokens[this.position]
    if (token === undefined) throw new NotSpark()
    this.position += 1
    return token
  }

  /** Whether a word or sign stands next, or `ahead` tokens further on. */
  protected peek(text: string, ahead = 0): boolean {
    const token = this.tokens[this.position + ahead]
    return token !== undefined && (token.kind === 'word' || token.kind === 'sign') && token.text === text
  }

  protected took(text: string): boolean {
    if (!this.peek(text)) return false
    this.position += 1
    return true
  }

  protected expect(text: string): void {
    if (!this.took(text)) throw new NotSpark()
  }
}
