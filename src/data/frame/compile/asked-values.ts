import type { Expr } from '../expr.ts'
import { childrenOf, type Leaf, type Plan, planHash } from '../plan.ts'

/** Columns of a leaf, in lower case, and the one text that each must equal in every row that is looked at. */
export type AskedValues = Readonly<Record<string, string>>

/**
 * What the filters right above each leaf ask of its columns: `date = '2001-01-01'`. Rows with other values are
 * filtered out anyway, so that whoever resolves the leaf may leave their files out. By the leaf's `planHash`; a leaf
 * that stands in several places has what all of them ask.
 */
export function askedValues(plan: Plan): Map<string, AskedValues> {
  const found = new Map<string, AskedValues>()
  collect(plan, {}, found)
  return found
}

function collect(plan: Plan, asked: AskedValues, found: Map<string, AskedValues>): void {
  switch (plan.op) {
    case 'filter':
      collect(plan.input, { ...asked, ...equalities(plan.condition) }, found)
      break
    // These keep every row and every name.
    case 'alias':
    case 'sort':
    case 'engineSemantics':
      collect(plan.input, asked, found)
      break
    default: {
      const children = childrenOf(plan)
      for (const child of children) collect(child, {}, found)
      if (children.length === 0) meet(plan as Leaf, asked, found)
    }
  }
}

function meet(leaf: Leaf, asked: AskedValues, found: Map<string, AskedValues>): void {
  const key = planHash(leaf)
  const before = found.get(key) ?? asked
  found.set(key, Object.fromEntries(Object.entries(asked).filter(([name, text]) => before[name] === text)))
}

/** The parts of a condition that are a column by its bare name, and a constant text or date. */
function equalities(condition: Expr): AskedValues {
  if (condition.kind !== 'call') return {}
  const [first, second] = condition.args
  if (!first || !second || condition.args.length !== 2) return {}
  if (condition.fn === 'and') return { ...equalities(first), ...equalities(second) }
  if (condition.fn !== 'eq') return {}
  const [column, constant] = first.kind === 'column' ? [first, second] : [second, first]
  if (column.kind !== 'column' || column.name.includes('.') || constant.kind !== 'literal') return {}
  const isText = constant.type.kind === 'string' || constant.type.kind === 'date'
  return isText && typeof constant.value === 'string' ? { [column.name.toLowerCase()]: constant.value } : {}
}
