import { MillraceError, type Place } from '../../../base/kernel/index.ts'
import { type Expr, exprName } from '../expr.ts'
import { functionNamed } from '../functions/index.ts'
import type { NumberAggregate, Pivot } from '../plan.ts'
import { type Block, wrap } from './block.ts'
import type { Compiling } from './compile.ts'
import { computed } from './computed.ts'
import type { GroupKey } from './expression.ts'
import { checkGrouped } from './misplaced.ts'
import { lookUp } from './scope.ts'

interface Aggregation {
  readonly groups: readonly Expr[]
  readonly aggregates: readonly Expr[]
  readonly sets?: readonly (readonly number[])[]
  readonly pivot?: Pivot
  readonly ofNumbers?: NumberAggregate
  readonly at?: Place
}

/** Groups and aggregates of a block, by one set of groups or several, with a column's values turned into columns. */
export function compileAggregate(input: Block, plan: Aggregation, c: Compiling): Block {
  const { orderBy: _order, ...block } = input
  const given = plan.ofNumbers ? ofNumbers(plan.ofNumbers, plan.aggregates, block, c, plan.at) : plan.aggregates
  checkGrouped(given, plan.groups, block.columns, c.dialect)
  const aggregates = plan.pivot ? pivoted(given, plan.pivot, plan.at) : given
  if (plan.sets) return inSets(block, { ...plan, aggregates, sets: plan.sets }, c)
  const keys = plan.groups.flatMap((group) => computed(group, block.columns, c, plan.at))
  const values = aggregates.flatMap((one) => computed(one, block.columns, c, plan.at))
  return {
    ...block,
    columns: [...keys, ...values].map((column) => ({ ...column, direct: false })),
    grouped: keys.length,
  }
}

const NUMBERS = new Set(['byte', 'short', 'integer', 'long', 'hugeint', 'float', 'double', 'decimal'])

/** Aggregates of columns of numbers: those given, which must be such, or one of each there is. */
function ofNumbers(
  fn: NumberAggregate,
  given: readonly Expr[],
  block: Block,
  { dialect }: Compiling,
  at: Place | undefined,
): readonly Expr[] {
  if (given.length === 0) {
    return block.columns.flatMap(({ name, type }): Expr[] =>
      type === undefined || NUMBERS.has(type.kind)
        ? [{ kind: 'call', fn, args: [{ kind: 'column', name: `\`${name.replaceAll('`', '``')}\`` }] }]
        : [],
    )
  }
  for (const expr of given) {
    const arg = expr.kind === 'call' ? expr.args[0] : undefined
    const type = arg?.kind === 'column' ? lookUp(block.columns, arg.name, dialect, undefined, at).type : undefined
    if (type === undefined || NUMBERS.has(type.kind)) continue
    throw new MillraceError(
      'COLUMN_TYPE',
      `${fn}() of groups needs numbers, and ${exprName(expr)} is of ${type.kind}`,
      {
        hint: `agg(${fn}("…")) takes columns of other types where it can.`,
        ...(at ? { at } : {}),
      },
    )
  }
  return given
}

/** Groups in sets. The keys are columns of an inner block, so that sets and `grouping` can name them. */
function inSets(
  block: Block,
  { groups, aggregates, sets, at }: Aggregation & Required<Pick<Aggregation, 'sets'>>,
  c: Compiling,
): Block {
  const keys = groups.flatMap((group) => computed(group, block.columns, c, at))
  const inner = wrap({ ...block, columns: [...block.columns, ...keys] }, c.alias())
  const refs = inner.columns.slice(block.columns.length)
  const scope = inner.columns.slice(0, block.columns.length)
  const named: GroupKey[] = groups.flatMap((expr, i) => {
    const ref = refs[i]?.ref
    return ref ? [{ expr, ref }] : []
  })
  const values = aggregates.flatMap((one) => computed(one, scope, c, at, named))
  return {
    ...inner,
    columns: [...refs.map((ref, i) => ({ ...ref, name: keys[i]?.name ?? ref.name })), ...values].map((column) => ({
      ...column,
      direct: false,
    })),
    grouped: refs.length,
    sets: sets.map((set) => set.flatMap((i) => refs[i]?.ref ?? [])),
  }
}

/** Aggregates that give a number of no rows, where a pivot gives null. */
const NEVER_NULL = /^(count|count_distinct|count_if|approx_count_distinct|regr_count)$/

/** Each aggregate for each value of the pivot, as Spark names them: by the value, and the aggregate when there are several. */
function pivoted(aggregates: readonly Expr[], { column, values = [] }: Pivot, at: Place | undefined): Expr[] {
  return values.flatMap((value) =>
    aggregates.map((aggregate): Expr => {
      const condition: Expr = { kind: 'call', fn: 'eq_null_safe', args: [column, value] }
      const named = value.kind === 'literal' && value.value === null ? 'null' : exprName(value)
      const name = aggregates.length === 1 ? named : `${named}_${exprName(aggregate)}`
      return { kind: 'alias', name, arg: restricted(aggregate, condition, at) }
    }),
  )
}

/** An expression of aggregates, each of the rows for which a condition is true. */
function restricted(expr: Expr, condition: Expr, at: Place | undefined): Expr {
  switch (expr.kind) {
    case 'alias':
      return restricted(expr.arg, condition, at)
    case 'cast':
      return { ...expr, arg: restricted(expr.arg, condition, at) }
    case 'call': {
      if (functionNamed(expr.fn).kind !== 'aggregate') {
        return { ...expr, args: expr.args.map((arg) => restricted(arg, condition, at)) }
      }
      const filter: Expr = expr.filter ? { kind: 'call', fn: 'and', args: [expr.filter, condition] } : condition
      const only: Expr = { ...expr, filter }
      if (!NEVER_NULL.test(expr.fn)) return only
      const rows: Expr = { kind: 'call', fn: 'count', args: [], filter: condition }
      const any: Expr = {
        kind: 'call',
        fn: 'gt',
        args: [rows, { kind: 'literal', value: 0, type: { kind: 'integer' } }],
      }
      return { kind: 'case', branches: [{ when: any, value: only }] }
    }
    case 'literal':
      return expr
    default:
      throw new MillraceError('FRAME_PLAN_INVALID', `pivot() cannot compute ${exprName(expr)} by value`, {
        hint: 'Give agg() aggregates such as sum("amount") or avg("price").as("price").',
        ...(at ? { at } : {}),
      })
  }
}
