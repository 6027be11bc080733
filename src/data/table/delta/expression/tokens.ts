import { MillraceError } from '../../../../base/kernel/index.ts'

/** A piece of the text of an expression. Words are in lower case but for `raw`. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly raw: string }
  | { readonly kind: 'name' | 'text' | 'number' | 'operator'; readonly text: string }

const PIECES = new RegExp(
  [
    '(?<space>\\s+|--[^\\n]*|/\\*[\\s\\S]*?\\*/)',
    "(?<text>[rR]?(?:'(?:[^'\\\\]|\\\\[\\s\\S]|'')*'|\"(?:[^\"\\\\]|\\\\[\\s\\S])*\"))",
    '(?<name>`(?:[^`]|``)+`)',
    '(?<number>(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?(?:BD|[lLsSyYdDfF])?(?![\\w]))',
    '(?<word>[\\p{L}_][\\p{L}\\p{N}_]*)',
    '(?<operator><=>|<>|!=|<=|>=|==|\\|\\||[=<>+\\-*/%(),.!])',
  ].join('|'),
  'uy',
)

/** @throws MillraceError DELTA_EXPRESSION_UNSUPPORTED with the place that cannot be read */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  const pieces = new RegExp(PIECES)
  while (pieces.lastIndex < text.length) {
    const at = pieces.lastIndex
    const groups = pieces.exec(text)?.groups
    if (!groups) throw unsupported(text, `it cannot be read from "${text.slice(at, at + 20)}"`)
    const { text: quoted, name, number, word, operator } = groups
    if (quoted !== undefined) tokens.push({ kind: 'text', text: unquoted(quoted) })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.slice(1, -1).replaceAll('``', '`') })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toLowerCase(), raw: word })
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator })
  }
  return tokens
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', 0: '\0', Z: '\x1a' }

/** The text of a literal of Spark, in either kind of quotes, with its escapes. */
function unquoted(literal: string): string {
  const isRaw = /^[rR]/.test(literal)
  const body = literal.slice(isRaw ? 2 : 1, -1)
  if (isRaw) return body
  return body.replace(/''|\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (found, code: string | undefined, one: string) => {
    if (found === "''") return "'"
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    // Patterns of LIKE keep theirs.
    return one === '%' || one === '_' ? `\\${one}` : (ESCAPES[one] ?? one)
  })
}

/** An error about an expression that Millrace does not translate. */
export function unsupported(text: string, why: string): MillraceError {
  return new MillraceError('DELTA_EXPRESSION_UNSUPPORTED', `translating the expression "${text}": ${why}`, {
    hint: 'Operators, CASE, CAST and the usual functions of Spark SQL on columns and constants are translated; see the guide to Delta tables.',
    data: { expression: text },
  })
}
