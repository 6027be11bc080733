import { type Comparison, memberPath, type RowCondition } from '../../table/index.ts'
import type { Expr } from '../expr.ts'
import { inputsOfStep, type Leaf, type Plan, planHash } from '../plan.ts'
import { subqueriesOf } from '../subqueries.ts'

/**
 * What the filters right above each leaf ask of its columns: `date = '2001-01-01'`, `amount > 5`. Rows that do not meet
 * it are filtered out anyway, so that whoever resolves the leaf may leave their files out. By the leaf's `planHash`; of
 * a leaf that stands in several places, rows that any of them wants.
 */
export function askedRows(plan: Plan): Map<string, RowCondition> {
  const found = new Map<string, RowCondition>()
  collect(plan, [], found)
  return found
}

function collect(plan: Plan, asked: readonly RowCondition[], found: Map<string, RowCondition>): void {
  for (const subquery of subqueriesOf(plan)) collect(subquery, [], found)
  switch (plan.op) {
    case 'filter':
      collect(plan.input, [...asked, conditionOf(plan.condition)], found)
      break
    // These keep every row and every name.
    case 'alias':
      collect(
        plan.input,
        asked.map((one) => unqualified(one, plan.name)),
        found,
      )
      break
    case 'sort':
    case 'engineSemantics':
    case 'watermark':
      collect(plan.input, asked, found)
      break
    case 'project':
      collect(plan.input, plan.columns.every(isPlain) ? asked : [], found)
      break
    default: {
      const children = inputsOfStep(plan)
      for (const child of children) collect(child, [], found)
      if (children.length === 0) join(plan as Leaf, asked, found)
    }
  }
}

function isPlain(expr: Expr): boolean {
  return (expr.kind === 'column' && !expr.name.includes('.')) || (expr.kind === 'star' && expr.of === undefined)
}

function join(leaf: Leaf, asked: readonly RowCondition[], found: Map<string, RowCondition>): void {
  const key = planHash(leaf)
  const condition = all(asked)
  const before = found.get(key)
  const isSame = before === undefined || JSON.stringify(before) === JSON.stringify(condition)
  found.set(key, isSame ? condition : any([before, condition]))
}

/** What a condition asks, or less. */
function conditionOf(condition: Expr): RowCondition {
  if (condition.kind !== 'call') return all([])
  const { fn, args } = condition
  const [first, second] = args
  switch (fn) {
    case 'and':
      return all(args.map(conditionOf))
    case 'or':
      return any(args.map(conditionOf))
    case 'is_null':
    case 'is_not_null': {
      const column = first && columnOf(first)
      return column === undefined ? all([]) : { kind: 'null', column, isNull: fn === 'is_null' }
    }
    case 'in': {
      const [of, ...values] = args
      return of ? any(values.map((value) => comparison(of, 'eq', value))) : all([])
    }
    case 'startswith':
      return first && second ? prefix(first, second) : all([])
    default: {
      const is = COMPARISONS[fn]
      if (!is || !first || !second || args.length !== 2) return all([])
      return columnOf(first) === undefined ? comparison(second, SWAPPED[is], first) : comparison(first, is, second)
    }
  }
}

const COMPARISONS: Readonly<Record<string, Comparison>> = { eq: 'eq', lt: 'lt', le: 'le', gt: 'gt', ge: 'ge' }
const SWAPPED: Readonly<Record<Comparison, Comparison>> = { eq: 'eq', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' }

function comparison(of: Expr, is: Comparison, constant: Expr): RowCondition {
  const column = columnOf(of)
  if (column === undefined || constant.kind !== 'literal') return all([])
  const { value, type } = constant
  if (value === null || typeof value === 'object') return all([])
  return { kind: 'compare', column, is, value: String(value), type: type.kind }
}

/** Texts that begin with another lie between it and itself followed by the last character there is. */
function prefix(of: Expr, constant: Expr): RowCondition {
  if (constant.kind !== 'literal' || typeof constant.value !== 'string') return all([])
  const last: Expr = { ...constant, value: `${constant.value}${'\u{10FFFF}'.repeat(8)}` }
  return all([comparison(of, 'ge', constant), comparison(of, 'le', last)])
}

/** A column by its bare name, or a member of a struct by its `memberPath`, in lower case. */
function columnOf(expr: Expr): string | undefined {
  if (expr.kind === 'column') return memberPath(expr.name.toLowerCase().split('.'))
  if (expr.kind !== 'call' || expr.fn !== 'get_field') return undefined
  const [of, member] = expr.args
  const column = of && columnOf(of)
  if (column === undefined || member?.kind !== 'literal' || typeof member.value !== 'string') return undefined
  return memberPath([column, member.value.toLowerCase()])
}

/** A condition below the step that names its rows: what it says under that name may be of a column, not of a member. */
function unqualified(condition: RowCondition, alias: string): RowCondition {
  if ('of' in condition) {
    const parts = condition.of.map((one) => unqualified(one, alias))
    return condition.kind === 'and' ? all(parts) : any(parts)
  }
  return condition.column.startsWith(memberPath([alias.toLowerCase(), ''])) ? all([]) : condition
}

function isAny(condition: RowCondition): boolean {
  return condition.kind === 'and' && condition.of.length === 0
}

function all(conditions: readonly RowCondition[]): RowCondition {
  const parts = conditions.flatMap((one) => (one.kind === 'and' ? one.of : [one]))
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'and', of: parts }
}

function any(conditions: readonly RowCondition[]): RowCondition {
  return conditions.some(isAny) ? all([]) : { kind: 'or', of: conditions }
}
