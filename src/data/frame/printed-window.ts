import type { Expr, WindowBounds } from './expr.ts'

type Over = Extract<Expr, { kind: 'over' }>

const ROWS_SO_FAR: WindowBounds = { unit: 'rows', start: null, end: 0 }
/** The bounds that functions of windows have by themselves. */
const OWN: Readonly<Record<string, WindowBounds>> = {
  row_number: ROWS_SO_FAR,
  rank: ROWS_SO_FAR,
  dense_rank: ROWS_SO_FAR,
  percent_rank: ROWS_SO_FAR,
  ntile: ROWS_SO_FAR,
  cume_dist: { unit: 'range', start: null, end: 0 },
}

/** The bounds that a function of windows has by itself, and no other; undefined for one that takes any. */
export function ownBounds(fn: Expr): WindowBounds | undefined {
  if (fn.kind !== 'call') return undefined
  if (fn.fn !== 'lag' && fn.fn !== 'lead') return OWN[fn.fn]
  const [, offset] = fn.args
  const rows = offset?.kind === 'literal' ? Number(offset.value) : 1
  const at = (fn.fn === 'lag' ? -rows : rows) + 0
  return { unit: 'rows', start: at, end: at }
}

/** What Spark calls a window: `(PARTITION BY g ORDER BY t ASC NULLS FIRST RANGE BETWEEN …)`. */
export function printedWindow({ fn, partitionBy, orderBy, bounds }: Over, name: (expr: Expr) => string): string {
  const frame = bounds ?? ownBounds(fn) ?? (orderBy.length > 0 ? OWN['cume_dist'] : undefined)
  const { unit, start, end } = frame ?? { unit: 'rows', start: null, end: null }
  const shifts = fn.kind === 'call' && (fn.fn === 'lag' || fn.fn === 'lead')
  const keys = orderBy.map((key) => (key.kind === 'sort' ? name(key) : `${name(key)} ASC NULLS FIRST`))
  const parts = [
    ...(partitionBy.length > 0 ? [`PARTITION BY ${partitionBy.map(name).join(', ')}`] : []),
    ...(keys.length > 0 ? [`ORDER BY ${keys.join(', ')}`] : []),
    shifts
      ? `ROWS BETWEEN ${start} FOLLOWING AND ${end} FOLLOWING`
      : `${unit.toUpperCase()} BETWEEN ${bound(start, 'PRECEDING')} AND ${bound(end, 'FOLLOWING')}`,
  ]
  return `(${parts.join(' ')})`
}

function bound(offset: WindowBounds['start'], side: string): string {
  if (offset === null) return `UNBOUNDED ${side}`
  if (typeof offset === 'string') return `INTERVAL '${offset}' FOLLOWING`
  return offset === 0 ? 'CURRENT ROW' : `${offset} FOLLOWING`
}
