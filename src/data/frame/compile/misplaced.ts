import { MillraceError } from '../../../base/kernel/index.ts'
import type { Sql } from '../../../base/sql/index.ts'
import type { FrameDialect } from '../dialect/frame-dialect.ts'
import { type Expr, exprName } from '../expr.ts'
import { functionNamed } from '../functions/index.ts'
import type { Plan } from '../plan.ts'
import { isAggregate } from './expression.ts'
import { expandStar, lookUp, type ScopeColumn } from './scope.ts'

/**
 * Refuses aggregates and functions over windows where a step computes row by row.
 * @throws MillraceError FRAME_PLAN_INVALID
 */
export function checkPlaces(plan: Plan): void {
  switch (plan.op) {
    case 'filter':
      noAggregate(
        plan.condition,
        'Aggregate first, and filter the result: .groupBy(…).agg(… .as("total")).filter(col("total").gt(…)).',
      )
      noWindow(plan.condition, 'Add it by withColumn first, and filter by that column.')
      return
    case 'withColumns':
      for (const { expr } of plan.columns) noAggregate(expr, BY_ROW)
      return
    case 'sort':
      for (const key of plan.by) noAggregate(key, 'Aggregate first, under a name, and order by that.')
      return
    case 'join':
      if (plan.on.kind !== 'condition') return
      noAggregate(plan.on.condition, 'Aggregate first, and join by the result.')
      noWindow(plan.on.condition, 'Add it by withColumn first, and join by that column.')
      return
    case 'aggregate':
      for (const group of plan.groups) {
        noAggregate(group, 'Group by what each row has: a column, or something computed from columns.')
        noWindow(group, 'Add it by withColumn first, and group by that column.')
      }
      for (const one of plan.aggregates) noNested(one)
      return
    case 'project':
      for (const one of plan.columns) noNested(one)
  }
}

const BY_ROW = 'Use it in agg() after groupBy(), or over a window: .over(Window.partitionBy("…")).'

function misplaced(message: string, hint: string): MillraceError {
  return new MillraceError('FRAME_PLAN_INVALID', message, { hint })
}

function noAggregate(expr: Expr, hint: string): void {
  const found = findIn(expr, (one) => one.kind === 'call' && functionNamed(one.fn).kind === 'aggregate')
  if (found) throw misplaced(`the aggregate ${exprName(found)} needs a group of rows, and here there is one`, hint)
}

function noWindow(expr: Expr, hint: string): void {
  const found = findIn(expr, (one) => one.kind === 'over', true)
  if (found?.kind === 'over') throw misplaced(`${exprName(found.fn)} over a window cannot stand here`, hint)
}

/** An aggregate of an aggregate has no group to be of. */
function noNested(expr: Expr): void {
  const outer = findIn(expr, (one) => one.kind === 'call' && functionNamed(one.fn).kind === 'aggregate')
  if (outer?.kind !== 'call') return
  const inner = outer.args.find(isAggregate)
  if (inner) {
    throw misplaced(
      `${exprName(outer)} is an aggregate of an aggregate`,
      'Aggregate twice: .groupBy(…).agg(… .as("inner")).agg(…("inner")).',
    )
  }
}

/** The first expression of a kind, outside of windows unless they are looked for. */
function findIn(expr: Expr, fits: (one: Expr) => boolean, windows = false): Expr | undefined {
  if (fits(expr)) return expr
  for (const child of childrenOf(expr, windows)) {
    const found = findIn(child, fits, windows)
    if (found) return found
  }
  return undefined
}

function childrenOf(expr: Expr, windows: boolean): readonly Expr[] {
  switch (expr.kind) {
    case 'call':
      return expr.args
    case 'alias':
    case 'cast':
    case 'sort':
      return [expr.arg]
    case 'case':
      return [...expr.branches.flatMap(({ when, value }) => [when, value]), ...(expr.otherwise ? [expr.otherwise] : [])]
    case 'over':
      return windows ? [expr.fn, ...expr.partitionBy, ...expr.orderBy] : []
    default:
      return []
  }
}

/**
 * Refuses columns beside aggregates that are not what the rows are grouped by.
 * @throws MillraceError FRAME_PLAN_INVALID
 */
export function checkGrouped(
  aggregates: readonly Expr[],
  groups: readonly Expr[],
  scope: readonly ScopeColumn[],
  dialect: FrameDialect,
): void {
  const bare = groups.map((group) => (group.kind === 'alias' ? group.arg : group))
  const texts = new Set(bare.map((group) => JSON.stringify(group)))
  const refs = new Set(
    bare.flatMap((group) => (group.kind === 'column' ? [lookUp(scope, group.name, dialect, group.frame).sql] : [])),
  )
  const refuse = (name: string, ref: Sql): void => {
    if (refs.has(ref)) return
    throw misplaced(
      `the column "${name}" is neither grouped by nor aggregated`,
      `Group by it too, or take one of its values: first("${name}"), max("${name}") …`,
    )
  }
  const visit = (expr: Expr): void => {
    if (texts.has(JSON.stringify(expr))) return
    if (expr.kind === 'call' && functionNamed(expr.fn).kind === 'aggregate') return
    if (expr.kind === 'column') refuse(expr.name, lookUp(scope, expr.name, dialect, expr.frame).sql)
    if (expr.kind === 'star') for (const column of expandStar(scope, expr.of, dialect)) refuse(column.name, column.ref)
    for (const child of childrenOf(expr, false)) visit(child)
  }
  for (const one of aggregates) visit(one)
}
