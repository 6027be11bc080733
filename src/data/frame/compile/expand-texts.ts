import type { Expr } from '../expr.ts'
import type { Plan } from '../plan.ts'
import { parseText } from './parse-text.ts'

/** A step with the user's SQL texts as the expressions they are in Spark SQL, where they can be read so. */
export function expandTexts(plan: Plan): Plan {
  switch (plan.op) {
    case 'project':
      return changed(plan, plan.columns, (columns) => ({ ...plan, columns }))
    case 'filter':
      return changed(plan, [plan.condition], ([condition = plan.condition]) => ({ ...plan, condition }))
    case 'sort':
      return changed(plan, plan.by, (by) => ({ ...plan, by }))
    case 'withColumns': {
      const exprs = plan.columns.map((column) => column.expr)
      return changed(plan, exprs, (given) => ({
        ...plan,
        columns: plan.columns.map((column, i) => ({ ...column, expr: given[i] ?? column.expr })),
      }))
    }
    case 'aggregate':
      return changed(plan, [...plan.groups, ...plan.aggregates], (given) => ({
        ...plan,
        groups: given.slice(0, plan.groups.length),
        aggregates: given.slice(plan.groups.length),
      }))
    case 'join': {
      const { on } = plan
      if (on.kind !== 'condition') return plan
      return changed(plan, [on.condition], ([condition = on.condition]) => ({ ...plan, on: { ...on, condition } }))
    }
    default:
      return plan
  }
}

function changed(plan: Plan, exprs: readonly Expr[], rebuild: (exprs: readonly Expr[]) => Plan): Plan {
  const read = exprs.map(readTexts)
  return read.every((one, i) => one === exprs[i]) ? plan : rebuild(read)
}

/** An expression with the texts in it read; the same object when there is none. */
function readTexts(expr: Expr): Expr {
  switch (expr.kind) {
    case 'column':
    case 'star':
    case 'literal':
      return expr
    case 'sql': {
      const parts = expr.parts.map((part) => (typeof part === 'string' ? part : readTexts(part)))
      return parseText(parts) ?? expr
    }
    case 'call': {
      const args = expr.args.map(readTexts)
      return args.every((arg, i) => arg === expr.args[i]) ? expr : { ...expr, args }
    }
    case 'alias':
    case 'cast':
    case 'outer':
    case 'sort': {
      const arg = readTexts(expr.arg)
      return arg === expr.arg ? expr : { ...expr, arg }
    }
    case 'case': {
      const branches = expr.branches.map(({ when, value }) => ({ when: readTexts(when), value: readTexts(value) }))
      const otherwise = expr.otherwise && readTexts(expr.otherwise)
      return { ...expr, branches, ...(otherwise ? { otherwise } : {}) }
    }
    case 'over':
      return {
        ...expr,
        fn: readTexts(expr.fn),
        partitionBy: expr.partitionBy.map(readTexts),
        orderBy: expr.orderBy.map(readTexts),
      }
    default:
      return expr
  }
}
