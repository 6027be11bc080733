import type { Expr } from './expr.ts'

const ALIASED = /^([\s\S]*\S)\s+as\s+(?:"([^"]+)"|`([^`]+)`|([a-z_]\w*))\s*$/i

/** SQL text as an expression; `… as name` at its end names the column. */
export function textExpr(text: string): Expr {
  const [, before, ...names] = ALIASED.exec(text) ?? []
  const name = names.find((found) => found !== undefined)
  // A trailing "as date" inside cast(…) would leave an open parenthesis in front of it.
  if (before === undefined || name === undefined || !balanced(before)) return { kind: 'sql', parts: [text] }
  return { kind: 'alias', arg: { kind: 'sql', parts: [before] }, name }
}

function balanced(text: string): boolean {
  const bare = text.replaceAll(/'(?:[^']|'')*'/g, '')
  return bare.split('(').length === bare.split(')').length
}

/** The expression of a column name, where `*` means all. */
export function columnExpr(name: string): Expr {
  if (name === '*') return { kind: 'star' }
  return name.endsWith('.*') ? { kind: 'star', of: name.slice(0, -2) } : { kind: 'column', name }
}

/** The expression without the name it was given. */
export function unnamed(expr: Expr): Expr {
  return expr.kind === 'alias' ? expr.arg : expr
}
