import { id, sql, trusted } from '../../../base/sql/index.ts'
import type { Plan } from '../plan.ts'
import { type Block, isOpen, renderBlock, wrap } from './block.ts'
import type { Compiling } from './compile.ts'
import { compileExpr, compileSortKey } from './expression.ts'

/** A join whose right side is made for each row of the left; or of it only the rows that rank first. */
export function compileLateral(plan: Extract<Plan, { op: 'join' }>, c: Compiling): Block {
  const { at } = plan
  const given = c.block(plan.left)
  const left =
    isOpen(given) && given.where === undefined && given.orderBy === undefined ? given : wrap(given, c.alias())
  const made = plan.nearest ? nearest(left, plan.nearest, plan, c) : c.within(left.columns).block(plan.right)
  const alias = c.alias()
  const right = wrap(made, alias)
  const scope = [...left.columns, ...right.columns]
  const condition =
    plan.on.kind === 'condition' ? compileExpr(plan.on.condition, c.context(scope, at)).sql : trusted('true')
  const keyword = trusted(plan.how === 'left' ? ' left join lateral ' : ' join lateral ')
  return {
    joined: 'freely',
    from: sql`${left.from}${keyword}(${renderBlock(made)}) as ${id(alias)} on ${condition}`,
    columns: scope,
  }
}

function nearest(
  left: Block,
  { by, count }: NonNullable<Extract<Plan, { op: 'join' }>['nearest']>,
  plan: Extract<Plan, { op: 'join' }>,
  c: Compiling,
): Block {
  const given = c.within(left.columns).block(plan.right)
  const right = isOpen(given) && given.orderBy === undefined ? given : wrap(given, c.alias())
  const context = c.context([...left.columns, ...right.columns], plan.at)
  const arg = by.kind === 'sort' ? by.arg : by
  const ranks = sql`${compileExpr(arg, context).sql} is not null`
  const key = compileSortKey(by, context)
  return { ...right, where: [...(right.where ?? []), ranks], orderBy: key ? [key] : [], limit: count }
}
