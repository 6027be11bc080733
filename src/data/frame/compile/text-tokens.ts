import type { Expr } from '../expr.ts'

/** A piece of SQL text: `text` is lower-cased for words, `written` as it stands there. */
export type Token =
  | { readonly kind: 'word' | 'quoted' | 'number' | 'string' | 'sign'; readonly text: string; readonly written: string }
  | { readonly kind: 'expr'; readonly expr: Expr; readonly text: string; readonly written: string }

const PIECE =
  /\s+|(?<string>'(?:[^'\\]|''|\\[\s\S])*')|(?<quoted>`(?:[^`]|``)+`)|(?<number>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:bd|[lsydf])?(?![\w]))|(?<word>[a-z_]\w*)|(?<sign><=>|<>|->|!=|<=|>=|==|\|\||::|[-+*/%()[\],.<>=!~&|^:])/iy

/**
 * The tokens of Spark SQL text (its reference, "Literals" and "Identifiers"), with expressions in between; undefined
 * when it holds anything else, such as a comment, a double quote or a parameter.
 */
export function tokensOf(parts: readonly (string | Expr)[]): Token[] | undefined {
  const tokens: Token[] = []
  for (const part of parts) {
    if (typeof part !== 'string') {
      tokens.push({ kind: 'expr', expr: part, text: '', written: '' })
      continue
    }
    if (part.includes('--') || part.includes('/*')) return undefined
    PIECE.lastIndex = 0
    while (PIECE.lastIndex < part.length) {
      const match = PIECE.exec(part)
      if (match === null) return undefined
      const [kind, written] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? []
      if (kind === undefined || written === undefined) continue
      tokens.push({ kind: kind as 'word', text: meaning(kind, written), written: plain(kind, written) })
    }
  }
  return tokens
}

function meaning(kind: string, written: string): string {
  if (kind === 'string') return unescaped(written.slice(1, -1))
  return kind === 'quoted' ? plain(kind, written) : written.toLowerCase()
}

function plain(kind: string, written: string): string {
  return kind === 'quoted' ? written.slice(1, -1).replaceAll('``', '`') : written
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', '0': '\0', Z: '\u001a' }

/** A string between quotes: two quotes are one, and a backslash escapes, except before `%` and `_`, where it stays. */
function unescaped(text: string): string {
  return text.replaceAll(/''|\\(u[0-9a-f]{4}|[\s\S])/gi, (all, after: string | undefined) => {
    if (after === undefined) return "'"
    if (after.length > 1) return String.fromCharCode(Number.parseInt(after.slice(1), 16))
    return after === '%' || after === '_' ? all : (ESCAPED[after] ?? after)
  })
}
