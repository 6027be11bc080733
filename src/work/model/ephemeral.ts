/** The name under which an ephemeral model appears in the queries that use it. */
export function cteName(model: string): string {
  return `__dbt__cte__${model}`
}

/** One ephemeral model to be put in front of a query. */
export interface Cte {
  readonly id: string
  readonly name: string
  readonly sql: string
}

/** Puts common table expressions in front of a query, inside its own `with` where it has one. */
export function injectCtes(query: string, ctes: readonly Cte[]): string {
  if (ctes.length === 0) return query
  const text = ctes.map(({ name, sql }) => `${name} as (\n${sql}\n)`).join(', ')
  const at = afterComments(query)
  const own = /^with\b(\s+recursive\b)?/i.exec(query.slice(at))
  if (!own) return `${query.slice(0, at)}with ${text} ${query.slice(at)}`
  const after = at + own[0].length
  // Two spaces, as dbt leaves them.
  return `${query.slice(0, after)}  ${text},${query.slice(after)}`
}

/** The position of the first word of a query. */
function afterComments(query: string): number {
  const skipped = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/.exec(query)
  return skipped?.[0].length ?? 0
}
