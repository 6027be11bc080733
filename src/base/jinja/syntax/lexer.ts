import { float, int } from '../python/float.ts'
import { delimitersOf, type LexerOptions, type Opening } from './delimiters.ts'
import { type Source, syntaxError } from './source.ts'

export type TokenType =
  | 'data'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'block_begin'
  | 'block_end'
  | 'variable_begin'
  | 'variable_end'
  | 'eof'

export interface Token {
  readonly type: TokenType
  /** The text for names, data and operators; the value for literals. */
  readonly value: unknown
  readonly at: number
  /** The offset after the token. */
  readonly end: number
}

const SPACE = /\s+/y
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy
const STRING = /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[+\-/*%~[\](){}><=.:|,;]/y
const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}' }

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/**
 * Cuts a template into tokens; comments and raw tags leave none. Follows jinja2's `lexer.py`.
 * @throws MillraceError `JINJA_SYNTAX`
 */
export function tokenize(source: Source, options: LexerOptions): Token[] {
  const tokens: Token[] = []
  const { text } = source
  const delimiters = delimitersOf(options)
  const newline = options.newlineSequence ?? '\n'
  let at = 0
  let lineStarting = true

  const data = (start: number, end: number, sign: string, strips: boolean): void => {
    let value = text.slice(start, end)
    if (sign === '-') value = value.trimEnd()
    else if (sign !== '+' && strips && options.lstripBlocks) {
      const lineStart = value.lastIndexOf('\n') + 1
      if ((lineStart > 0 || lineStarting) && /^\s+$/.test(value.slice(lineStart))) value = value.slice(0, lineStart)
    }
    if (value === '') return
    const written = newline === '\n' ? value : value.replaceAll('\n', newline)
    tokens.push({ type: 'data', value: written, at: start, end: start + value.length })
  }
  const finish = (end: number): void => {
    lineStarting = text[end - 1] === '\n'
    at = end
  }

  while (at < text.length) {
    const opening = match(delimiters.opening, text, at)
    if (!opening) {
      data(at, text.length, '', false)
      break
    }
    const start = opening.index
    const kind = Object.entries(opening.groups ?? {}).find(([, found]) => found !== undefined)?.[0] as Opening
    if (kind === 'raw') {
      raw(start, opening[0])
      continue
    }
    const after = start + opening[0].length
    const sign = /^[-+]/.exec(text.slice(after, after + 1))?.[0] ?? ''
    data(at, start, sign, kind !== 'variable')
    const inside = after + sign.length
    if (kind === 'comment') comment(start, inside)
    else if (kind === 'lineComment') {
      const end = text.indexOf('\n', inside)
      finish(end < 0 ? text.length : end)
    } else {
      tokens.push({ type: kind === 'variable' ? 'variable_begin' : 'block_begin', value: kind, at: start, end: inside })
      at = inside
      inTag(kind)
    }
  }
  tokens.push({ type: 'eof', value: '', at: text.length, end: text.length })
  return tokens

  function raw(start: number, begin: string): void {
    data(at, start, /^[-+]/.exec(begin.slice(delimiters.blockStart.length))?.[0] ?? '', true)
    finish(start + begin.length)
    const end = match(delimiters.rawEnd, text, at)
    if (!end) {
      const { blockStart, blockEnd } = delimiters
      throw syntaxError(source, start, 'the raw block is not closed', `Close it with ${blockStart} endraw ${blockEnd}.`)
    }
    data(at, end.index, end[1] ?? '', true)
    finish(closed(text, end.index + end[0].length, end[2] ?? '', options))
  }

  function comment(start: number, inside: number): void {
    const { commentEnd } = delimiters
    const close = text.indexOf(commentEnd, inside)
    if (close < 0) throw syntaxError(source, start, 'the comment is not closed', `Close it with ${commentEnd}.`)
    // The sign may be the opening's own: `{#-#}` closes without one.
    const last = close > inside ? (/[-+]/.exec(text[close - 1] ?? '')?.[0] ?? '') : ''
    finish(closed(text, close + commentEnd.length, last, options))
  }

  function inTag(kind: 'block' | 'variable' | 'line'): void {
    const open = tokens.at(-1)?.at ?? 0
    const variable = kind === 'variable'
    const ends = delimiters.ends[kind]
    const balance: string[] = []
    for (;;) {
      const end = balance.length === 0 ? match(ends, text, at) : null
      if (end) {
        const after = at + end[0].length
        tokens.push({ type: variable ? 'variable_end' : 'block_end', value: end[0], at, end: after })
        finish(closed(text, after, end[1] ?? '', kind === 'block' ? options : {}))
        return
      }
      if (at >= text.length) {
        throw syntaxError(
          source,
          open,
          `the ${variable ? 'expression' : 'tag'} is not closed`,
          `Close it with ${variable ? delimiters.variableEnd : delimiters.blockEnd}.`,
        )
      }
      const space = match(SPACE, text, at)
      at = space ? at + space[0].length : token(balance)
    }
  }

  function token(balance: string[]): number {
    const push = (type: TokenType, value: unknown, length: number): number => {
      tokens.push({ type, value, at, end: at + length })
      return at + length
    }
    const floating = text[at - 1] === '.' ? null : match(FLOAT, text, at)
    if (floating) return push('float', float(Number(floating[0].replaceAll('_', ''))), floating[0].length)
    const integer = match(INTEGER, text, at)
    if (integer) return push('integer', int(BigInt(integer[0].replaceAll('_', '').toLowerCase())), integer[0].length)
    const name = match(NAME, text, at)
    if (name) return push('name', name[0], name[0].length)
    const string = match(STRING, text, at)
    if (string) return push('string', unescaped(string[0].slice(1, -1).replaceAll('\n', newline)), string[0].length)
    const operator = match(OPERATOR, text, at)?.[0]
    if (operator === undefined) {
      const open = text[at] === "'" || text[at] === '"'
      throw syntaxError(source, at, open ? 'a text is not closed' : `unexpected character ${JSON.stringify(text[at])}`)
    }
    if (operator in CLOSING) balance.push(CLOSING[operator] ?? '')
    else if (operator === ')' || operator === ']' || operator === '}') {
      const expected = balance.pop()
      if (expected !== operator) {
        throw syntaxError(source, at, `unexpected '${operator}'${expected ? `, expected '${expected}'` : ''}`)
      }
    }
    return push('operator', operator, operator.length)
  }
}

/** The offset after a closing tag: `-` eats the white space that follows, `trim_blocks` one line end. */
function closed(text: string, after: number, sign: string, options: LexerOptions): number {
  if (sign === '-') return after + (match(SPACE, text, after)?.[0].length ?? 0)
  return sign !== '+' && options.trimBlocks && text[after] === '\n' ? after + 1 : after
}

const ESCAPED: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

/** The escapes of Python's text literals; unknown ones stay as they are. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|(.))/gs,
    (all, hex, short, long, octal, character) => {
      const code = hex ?? short ?? long
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
      return ESCAPED[character] ?? all
    },
  )
}
