import { MillraceError } from '../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { unsupported } from '../dialect/frame-dialect.ts'
import type { Expr } from '../expr.ts'
import type { JoinType, Plan } from '../plan.ts'
import { type Block, isBare, wrap } from './block.ts'
import type { Compiling } from './compile.ts'
import { compileExpr } from './expression.ts'
import { lookUp, type ScopeColumn, type Typed } from './scope.ts'

const KEYWORD: Record<JoinType, string> = {
  inner: 'join',
  left: 'left join',
  right: 'right join',
  full: 'full join',
  semi: 'semi join',
  anti: 'anti join',
  cross: 'cross join',
}

/** A join: with common columns once and first (`using`), or with all columns of both sides. */
export function compileJoin(plan: Extract<Plan, { op: 'join' }>, c: Compiling): Block {
  const left = side(c.block(plan.left), c)
  const right = side(c.block(plan.right), c)
  const at = plan.at
  const keyword = trusted(` ${KEYWORD[plan.how]} `)
  const oneSided = plan.how === 'semi' || plan.how === 'anti'
  if (plan.on.kind === 'none') {
    if (plan.how !== 'cross' && plan.how !== 'inner') {
      throw new MillraceError('FRAME_PLAN_INVALID', `a ${plan.how} join needs columns or a condition`, at ? { at } : {})
    }
    return { from: sql`${left.from} cross join ${right.from}`, columns: [...left.columns, ...right.columns] }
  }
  if (plan.on.kind === 'condition') {
    if (plan.how === 'full' && !c.dialect.fullJoins && !hasEquality(plan.on.condition)) {
      const instead = 'Join by columns that are equal, or take the union of a left join and an anti join.'
      throw unsupported('a full join without an equality', c.dialect.engine, instead, at)
    }
    const scope = [...left.columns, ...right.columns]
    const condition = compileExpr(plan.on.condition, { scope, at, dialect: c.dialect }).sql
    if (oneSided && !c.dialect.oneSidedJoins) return existing(left, right, condition, plan.how)
    return {
      from: sql`${left.from}${keyword}${right.from} on ${condition}`,
      columns: oneSided ? left.columns : scope,
    }
  }
  const keys = plan.on.columns.map((name) => ({
    name: name.toLowerCase(),
    left: find(left, name, plan, c),
    right: find(right, name, plan, c),
  }))
  const condition = join(
    keys.map((key) => equal(typed(key.left), typed(key.right), c)),
    ' and ',
  )
  if (oneSided && !c.dialect.oneSidedJoins) return existing(left, right, condition, plan.how)
  const from = sql`${left.from}${keyword}${right.from} on ${condition}`
  if (oneSided) return { from, columns: left.columns }
  const merged = keys.map((key): ScopeColumn => {
    const aliases = [...key.left.aliases, ...key.right.aliases]
    const frames = [...key.left.frames, ...key.right.frames]
    if (plan.how === 'right') return { ...key.right, name: key.left.name, aliases, frames }
    if (plan.how !== 'full') return { ...key.left, aliases, frames }
    return { ...key.left, ref: sql`coalesce(${key.left.ref}, ${key.right.ref})`, direct: false, aliases, frames }
  })
  const others = [...left.columns, ...right.columns].filter(
    (column) => !keys.some((key) => key.left === column || key.right === column),
  )
  return { from, columns: [...merged, ...others] }
}

/** Whether one of the conditions that must hold is an equality. */
function hasEquality(condition: Expr): boolean {
  if (condition.kind !== 'call') return false
  return condition.fn === 'eq' || (condition.fn === 'and' && condition.args.some(hasEquality))
}

/** A semi or anti join where there is no such join. */
function existing(left: Block, right: Block, condition: Sql, how: JoinType): Block {
  const some = sql`exists (select 1 from ${right.from} where ${condition})`
  return { ...left, where: [how === 'semi' ? some : sql`not ${some}`] }
}

function equal(left: Typed, right: Typed, { dialect }: Compiling): Sql {
  const sides = [left, right]
  return sql`${dialect.convert('u', sides, 0)} = ${dialect.convert('u', sides, 1)}`
}

const typed = ({ ref, type }: ScopeColumn): Typed => ({ sql: ref, type })

/** A side of a join as something that may stand in `from`. */
function side(block: Block, c: Compiling): Block {
  return isBare(block) && isOneTable(block) ? block : wrap(block, c.alias())
}

/** A `from` that is itself a join would bind differently on the right, and its aliases would leak. */
function isOneTable(block: Block): boolean {
  return !block.from.parts.some((part) => 'text' in part && / join $| join /.test(part.text))
}

function find(block: Block, name: string, plan: Extract<Plan, { op: 'join' }>, c: Compiling): ScopeColumn {
  const { sql: ref } = lookUp(block.columns, name, c.dialect, undefined, plan.at)
  const column = block.columns.find((one) => one.ref === ref)
  if (column) return column
  throw new MillraceError('FRAME_PLAN_INVALID', `joining by "${name}", which is a member of a column`, {
    hint: 'Join by a condition, or make it a column first.',
    ...(plan.at ? { at: plan.at } : {}),
  })
}
