import { MillraceError } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import type { Expr } from '../expr.ts'
import { type Block, renderBlock } from './block.ts'
import { type Context, compileExpr, compileHeld } from './expression.ts'
import type { Typed } from './scope.ts'

/** An expression whose columns may be those of the query around; the frame's own come first, as in SQL. */
export function compileOuter(expr: Expr, context: Context): Typed {
  const { outer } = context
  if (outer === undefined) return compileHeld(expr, context)
  try {
    return compileHeld(expr, context)
  } catch (thrown) {
    if (!(thrown instanceof MillraceError) || thrown.code !== 'COLUMN_UNKNOWN') throw thrown
    return compileHeld(expr, { ...context, scope: outer })
  }
}

/** @throws MillraceError FRAME_PLAN_INVALID for a value that is of several columns */
export function compileSubquery({ how, plan, arg }: Extract<Expr, { kind: 'subquery' }>, context: Context): Typed {
  const block = context.subquery?.(plan)
  if (block === undefined) {
    throw new MillraceError('FRAME_PLAN_INVALID', 'a subquery cannot stand here', {
      hint: 'Select or filter by it.',
    })
  }
  const select = sql`(${renderBlock(block)})`
  if (how === 'exists') return { sql: sql`exists ${select}`, type: { kind: 'boolean' } }
  const type = oneColumn(block)
  if (how === 'scalar') return { sql: select, type }
  return { sql: sql`(${arg ? compileExpr(arg, context).sql : sql`null`} in ${select})`, type: { kind: 'boolean' } }
}

function oneColumn({ columns }: Block) {
  const [only] = columns
  if (only && columns.length === 1) return only.type
  throw new MillraceError('FRAME_PLAN_INVALID', `a subquery of ${columns.length} columns is no value`, {
    hint: `Select one of ${columns.map(({ name }) => name).join(', ')}.`,
  })
}
