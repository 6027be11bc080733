import { type Sql, sql } from '../../../base/sql/index.ts'
import type { Expr } from '../expr.ts'
import type { Block } from './block.ts'
import { type Context, compileHeld } from './expression.ts'
import { lookUp, type Typed } from './scope.ts'

/**
 * The conditions of a `where` that a filter becomes. Beside the filter itself they are what DuckDB does not find by
 * itself: what alternatives over several joined relations say of one of them (Spark's optimiser does the same, rule
 * PushExtraPredicateThroughJoin), and which comparisons are cheaper after the join than as a part of it.
 */
export function compileFilter(condition: Expr, block: Block, context: Context): Sql[] {
  const whole = compileHeld(condition, context).sql
  if (block.joined === undefined || context.dialect.weighsJoinFilters) return [whole]
  const all = flattened('and', condition)
  const implied = all.flatMap((one) => impliedBySides(one, context)).map((one) => compileHeld(one, context).sql)
  const late = all.filter((one) => block.joined === 'equally' && isCheaperLate(one, context))
  if (late.length === 0) return [whole, ...implied]
  const held = all.map((one) => compileHeld(one, context).sql)
  // As an argument of a function the comparison does not become one of the join's conditions.
  return [...held.map((one, i) => (late.includes(all[i] as Expr) ? sql`coalesce(${one}, false)` : one)), ...implied]
}

/** The operands of nested `and`s or `or`s. */
function flattened(fn: 'and' | 'or', expr: Expr): readonly Expr[] {
  return expr.kind === 'call' && expr.fn === fn ? expr.args.flatMap((arg) => flattened(fn, arg)) : [expr]
}

/** Of alternatives, each of which says something of a relation, what they say of it together. */
function impliedBySides(condition: Expr, context: Context): Expr[] {
  const branches = flattened('or', condition).map((branch) =>
    flattened('and', branch).map((expr) => ({ expr, side: sideOf(expr, context) })),
  )
  if (branches.length < 2) return []
  const sides = new Set(branches[0]?.map(({ side }) => side))
  return [...sides].flatMap((side) => {
    if (side === undefined) return []
    const said = branches.map((branch) => branch.filter((one) => one.side === side).map(({ expr }) => expr))
    const isWhole = said.every((exprs, i) => exprs.length === branches[i]?.length)
    // What single comparisons say DuckDB finds too; ranges alone leave out too little to pay for being computed twice.
    const isFound = said.every((exprs) => exprs.length === 1)
    if (isWhole || isFound || !said.every((exprs) => exprs.some(isEquality))) return []
    const together = said.map((exprs) => nested('and', exprs))
    return [nested('or', together)]
  })
}

function nested(fn: 'and' | 'or', [first, ...rest]: readonly Expr[]): Expr {
  const start: Expr = first ?? { kind: 'literal', value: fn === 'and', type: { kind: 'boolean' } }
  return rest.reduce((left, right): Expr => ({ kind: 'call', fn, args: [left, right] }), start)
}

const isEquality = (expr: Expr): boolean => expr.kind === 'call' && (expr.fn === 'eq' || expr.fn === 'in')

const COMPARISONS = new Set(['eq', 'lt', 'le', 'gt', 'ge', 'in'])

/** The one relation whose column a comparison with constants of its type is about: it cannot fail on any row. */
function sideOf(expr: Expr, context: Context): string | undefined {
  if (expr.kind !== 'call' || !COMPARISONS.has(expr.fn)) return undefined
  const [of, ...constants] = expr.args
  if (of?.kind !== 'column' || !constants.every((one) => one.kind === 'literal')) return undefined
  const column = lookUp(context.scope, of.name, context.dialect, of.frame, context.at)
  const fits = constants.every((one) => one.kind === 'literal' && alike(column.type?.kind, one.type.kind))
  return fits ? relationOf(column) : undefined
}

const NUMBERS = new Set(['byte', 'short', 'integer', 'long', 'float', 'double', 'decimal'])

function alike(a: string | undefined, b: string): boolean {
  return a !== undefined && (a === b || (NUMBERS.has(a) && NUMBERS.has(b)))
}

/** The alias of the relation that a bare column, `alias.name`, is of. */
function relationOf({ sql: ref }: Typed): string | undefined {
  const [alias, ...rest] = ref.parts
  const names = alias && 'id' in alias ? [alias, ...rest].flatMap((part) => ('id' in part ? part.id : [])) : []
  const isBare = rest.every((part) => 'id' in part || ('text' in part && part.text === '.'))
  return isBare && names.length === 2 ? names[0] : undefined
}

/** Digits of a decimal that DuckDB keeps in 64 bits. */
const NARROW = 18

/**
 * Whether two relations' columns are compared of which one must be cast to 128 bits first. A join casts the column
 * of every row, also of those that find no partner.
 */
function isCheaperLate(expr: Expr, context: Context): boolean {
  if (expr.kind !== 'call' || !COMPARISONS.has(expr.fn) || expr.fn === 'eq' || expr.args.length !== 2) return false
  if (!expr.args.every((arg) => arg.kind === 'column')) return false
  const [a, b] = expr.args.map((arg) => {
    const of = compileHeld(arg, context)
    if (of.type?.kind !== 'decimal') return undefined
    const { precision, scale } = of.type
    return { side: relationOf(of), digits: of.held ?? precision, scale }
  })
  if (a?.side === undefined || b?.side === undefined || a.side === b.side) return false
  const before = Math.max(a.digits - a.scale, b.digits - b.scale)
  return Math.min(a.digits, b.digits) <= NARROW && before + Math.max(a.scale, b.scale) > NARROW
}
