import type { Expr } from './expr.ts'
import type { Plan } from './plan.ts'

type Subquery = Extract<Expr, { kind: 'subquery' }>

/** What of a step is no expression of it. */
const OTHERS = new Set(['op', 'at', 'input', 'left', 'right', 'views', 'schema', 'rows'])

/** The plans of the subqueries in a step's expressions, in their order. */
export function subqueriesOf(plan: Plan): readonly Plan[] {
  const found: Plan[] = []
  for (const [key, value] of Object.entries(plan)) if (!OTHERS.has(key)) collect(value, found)
  return found
}

/** The step with other plans in its subqueries. */
export function withSubqueries<P extends Plan>(plan: P, change: (subquery: Plan) => Plan): P {
  if (subqueriesOf(plan).length === 0) return plan
  const entries = Object.entries(plan).map(([key, value]) => [key, OTHERS.has(key) ? value : changed(value, change)])
  return Object.fromEntries(entries) as P
}

function collect(value: unknown, found: Plan[]): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found)
    return
  }
  // A constant may look like anything.
  if (isKind(value, 'literal')) return
  if (isKind(value, 'subquery')) found.push((value as Subquery).plan)
  for (const [key, item] of Object.entries(value)) if (key !== 'plan') collect(item, found)
}

function changed(value: unknown, change: (subquery: Plan) => Plan): unknown {
  if (typeof value !== 'object' || value === null || isKind(value, 'literal')) return value
  if (Array.isArray(value)) return value.map((item) => changed(item, change))
  const isSubquery = isKind(value, 'subquery')
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    isSubquery && key === 'plan' ? change(item as Plan) : changed(item, change),
  ])
  return Object.fromEntries(entries)
}

function isKind(value: object, kind: string): boolean {
  return 'kind' in value && value.kind === kind
}
