import { MillraceError } from '../../../base/kernel/index.ts'
import { join, type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { unsupported } from '../dialect/frame-dialect.ts'
import type { Expr } from '../expr.ts'
import { commonOf } from '../functions/shared-type.ts'
import type { JoinType, Plan } from '../plan.ts'
import { type Block, isOpen, wrap } from './block.ts'
import type { Compiling } from './compile.ts'
import { compileExpr } from './expression.ts'
import { compileLateral } from './lateral.ts'
import { lookUp, type ScopeColumn, settledColumn, type Typed, typedOf } from './scope.ts'

const KEYWORD: Record<JoinType, string> = {
  inner: 'join',
  left: 'left join',
  right: 'right join',
  full: 'full join',
  semi: 'semi join',
  anti: 'anti join',
  cross: 'cross join',
}

/**
 * A join: with common columns once and first (`using`), or with all columns of both sides. Joins of joins stay one
 * `from`, and filters of a side that mean the same after the join one `where`: between selects the engine would
 * keep the order in which they were written.
 */
export function compileJoin(plan: Extract<Plan, { op: 'join' }>, c: Compiling): Block {
  if (plan.lateral) return compileLateral(plan, c)
  const oneSided = plan.how === 'semi' || plan.how === 'anti'
  const given = c.heldBlock(plan.left)
  // DuckDB puts a semi join anywhere among its inner joins, and often too late.
  const left = oneSided && given.joined ? wrap(given, c.alias()) : side(given, FILTERED_AFTER.left.has(plan.how), c)
  const right = side(c.heldBlock(plan.right), FILTERED_AFTER.right.has(plan.how) && c.dialect.oneSidedJoins, c)
  const filtered = [...(left.where ?? []), ...(right.where ?? [])]
  const rest = { joined: howJoined(plan.on, left, right), ...(filtered.length > 0 ? { where: filtered } : {}) } as const
  const other = right.joined ? sql`(${right.from})` : right.from
  const at = plan.at
  const keyword = trusted(` ${KEYWORD[plan.how]} `)
  if (plan.on.kind === 'none') {
    if (plan.how !== 'cross' && plan.how !== 'inner') {
      throw new MillraceError('FRAME_PLAN_INVALID', `a ${plan.how} join needs columns or a condition`, at ? { at } : {})
    }
    return { ...rest, from: sql`${left.from} cross join ${other}`, columns: [...left.columns, ...right.columns] }
  }
  if (plan.on.kind === 'condition') {
    if (plan.how === 'full' && !c.dialect.fullJoins && !hasEquality(plan.on.condition)) {
      const instead = 'Join by columns that are equal, or take the union of a left join and an anti join.'
      throw unsupported('a full join without an equality', c.dialect.engine, instead, at)
    }
    const scope = [...left.columns, ...right.columns]
    const condition = compileExpr(plan.on.condition, c.context(scope, at)).sql
    if (oneSided && !c.dialect.oneSidedJoins) return existing(left, right, condition, plan.how)
    return {
      ...rest,
      from: sql`${left.from}${keyword}${other} on ${condition}`,
      columns: oneSided ? left.columns : scope,
    }
  }
  const keys = plan.on.columns.map((name) => ({
    name: name.toLowerCase(),
    left: find(left, name, plan, c),
    right: find(right, name, plan, c),
  }))
  const condition = join(
    keys.map((key) => equal(typedOf(key.left), typedOf(key.right), c)),
    ' and ',
  )
  const kept = keys.map((key) => key.left)
  const leftFirst = [...kept, ...left.columns.filter((column) => !kept.includes(column))]
  if (oneSided && !c.dialect.oneSidedJoins) {
    return { ...existing(left, right, condition, plan.how), columns: leftFirst }
  }
  const from = sql`${left.from}${keyword}${other} on ${condition}`
  if (oneSided) return { ...rest, from, columns: leftFirst }
  const merged = keys.map((key): ScopeColumn => {
    const aliases = [...key.left.aliases, ...key.right.aliases]
    const frames = [...key.left.frames, ...key.right.frames]
    if (plan.how === 'right') return { ...key.right, name: key.left.name, aliases, frames }
    if (plan.how !== 'full') return { ...key.left, aliases, frames }
    const sides = [key.left, key.right].map((one) => typedOf(settledColumn(one, c.dialect)))
    const both = [c.dialect.convert('u', sides, 0), c.dialect.convert('u', sides, 1)]
    const type = commonOf(sides.map((one) => one.type)) ?? key.left.type
    const { held: _, ...first } = key.left
    return { ...first, ref: sql`coalesce(${join(both)})`, type, direct: false, aliases, frames }
  })
  const others = [...left.columns, ...right.columns].filter(
    (column) => !keys.some((key) => key.left === column || key.right === column),
  )
  return { ...rest, from, columns: [...merged, ...others] }
}

function howJoined(on: Extract<Plan, { op: 'join' }>['on'], left: Block, right: Block): 'equally' | 'freely' {
  const isEqual = on.kind === 'using' || (on.kind === 'condition' && hasEquality(on.condition))
  return isEqual && left.joined !== 'freely' && right.joined !== 'freely' ? 'equally' : 'freely'
}

/** Whether one of the conditions that must hold is an equality. */
function hasEquality(condition: Expr): boolean {
  if (condition.kind !== 'call') return false
  return condition.fn === 'eq' || (condition.fn === 'and' && condition.args.some(hasEquality))
}

/** A semi or anti join where there is no such join. */
function existing(left: Block, right: Block, condition: Sql, how: JoinType): Block {
  const some = sql`exists (select 1 from ${right.from} where ${condition})`
  return { ...left, where: [...(left.where ?? []), how === 'semi' ? some : sql`not ${some}`] }
}

function equal(left: Typed, right: Typed, { dialect }: Compiling): Sql {
  const sides = [left, right]
  return sql`${dialect.convert('u', sides, 0)} = ${dialect.convert('u', sides, 1)}`
}

/** Joins after which a filter of the left or right side takes the same rows as before. */
const FILTERED_AFTER: Readonly<Record<'left' | 'right', ReadonlySet<JoinType>>> = {
  left: new Set(['inner', 'cross', 'left', 'semi', 'anti']),
  right: new Set(['inner', 'cross', 'right']),
}

/** A side of a join whose `from` and `where` may become those of the join. Its order is lost, as in Spark. */
function side(given: Block, filteredAfter: boolean, c: Compiling): Block {
  if (!isOpen(given) || (given.where !== undefined && !filteredAfter)) return wrap(given, c.alias())
  const { orderBy: _order, ...block } = given
  return block
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
