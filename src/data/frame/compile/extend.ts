import type { Expr } from '../expr.ts'
import { type Block, isUncut, wrap } from './block.ts'
import type { Compiling } from './compile.ts'

/**
 * The block to which computed columns are added: as it is when they read nothing that it computes itself, so that a
 * hundred `withColumn` are one `select`; else one around it.
 */
export function extended(block: Block, exprs: readonly Expr[], c: Compiling): Block {
  if (!isUncut(block)) return wrap(block, c.alias())
  const computed = new Set(block.columns.filter(({ direct }) => !direct).map(({ name }) => name.toLowerCase()))
  if (computed.size === 0 || exprs.every((expr) => !reads(expr, computed))) return block
  return wrap(block, c.alias())
}

/** The same for a selection, which may also take each computed column over, once. */
export function selectable(block: Block, exprs: readonly Expr[], c: Compiling): Block {
  const plain = exprs.flatMap((expr) => {
    const bare = expr.kind === 'alias' ? expr.arg : expr
    return bare.kind === 'column' ? [bare.name.toLowerCase()] : []
  })
  const once = new Set(plain).size === plain.length && !plain.some((name) => name.includes('.') || name.includes('`'))
  const others = exprs.filter((expr) => !once || (expr.kind === 'alias' ? expr.arg : expr).kind !== 'column')
  return extended(block, others, c)
}

/** Whether an expression may read one of the named columns. */
function reads(expr: Expr, names: ReadonlySet<string>): boolean {
  switch (expr.kind) {
    case 'column':
      return partsOf(expr.name).some((part) => names.has(part))
    case 'literal':
    case 'variable':
      return false
    // Text of the engine may name anything, and so may a subquery.
    case 'sql':
    case 'star':
    case 'outer':
    case 'subquery':
      return true
    case 'alias':
    case 'cast':
    case 'sort':
      return reads(expr.arg, names)
    case 'lambda':
      return reads(expr.body, names)
    case 'call':
      return expr.args.some((arg) => reads(arg, names)) || (expr.filter !== undefined && reads(expr.filter, names))
    case 'case':
      return (
        expr.branches.some(({ when, value }) => reads(when, names) || reads(value, names)) ||
        (expr.otherwise !== undefined && reads(expr.otherwise, names))
      )
    case 'over':
      return [expr.fn, ...expr.partitionBy, ...expr.orderBy].some((one) => reads(one, names))
  }
}

/** Whatever a written name may mean: the whole, its parts, and everything between its dots. */
function partsOf(written: string): string[] {
  const parts = written.toLowerCase().replaceAll('`', '').split('.')
  return parts.flatMap((_, from) => parts.slice(from).map((_part, i) => parts.slice(from, from + i + 1).join('.')))
}
