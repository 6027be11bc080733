import { MillraceError, type Place } from '../../../base/kernel/index.ts'
import { type Expr, exprName } from '../expr.ts'
import { functionNamed } from '../functions/index.ts'
import { ownBounds } from '../printed-window.ts'

type Over = Extract<Expr, { kind: 'over' }>

/** Aggregates of different values, which Spark computes over groups only. */
const DISTINCT = new Set(['count_distinct', 'sum_distinct', 'listagg_distinct', 'string_agg_distinct'])
/** Aggregates that sort by themselves, whose window has no order. */
const SORTING = new Set(['median', 'listagg', 'string_agg'])
/** Functions that look at other rows by their place, whose window has an order. */
const PLACED = new Set([
  'lag',
  'lead',
  'row_number',
  'rank',
  'dense_rank',
  'percent_rank',
  'cume_dist',
  'ntile',
  'nth_value',
])

/**
 * What Spark refuses of a function over a window.
 * @throws MillraceError FRAME_PLAN_INVALID
 */
export function checkWindow({ fn, orderBy, bounds }: Over, at: Place | undefined): void {
  const fail = (message: string, hint: string): never => {
    throw new MillraceError('FRAME_PLAN_INVALID', message, { hint, ...(at ? { at } : {}) })
  }
  if (fn.kind !== 'call') return
  const name = exprName(fn)
  if (DISTINCT.has(fn.fn)) {
    fail(
      `${name} cannot be computed over a window`,
      'Aggregate by group and join the result, or take the size of collect_set().',
    )
  }
  if (SORTING.has(fn.fn) && (orderBy.length > 0 || bounds)) {
    fail(`${name} is of all rows of a window: it has no order and no bounds`, 'Use Window.partitionBy(…) alone.')
  }
  if (PLACED.has(fn.fn) && orderBy.length === 0) {
    fail(`${name} over a window needs an order`, 'Add .orderBy(…) to the window.')
  }
  const own = ownBounds(fn)
  if (own && bounds && (own.unit !== bounds.unit || own.start !== bounds.start || own.end !== bounds.end)) {
    fail(`${name} has bounds of its own`, 'Leave rowsBetween() and rangeBetween() out.')
  }
  if (functionNamed(fn.fn).kind === 'scalar') {
    fail(
      `${name} is no function of several rows, so it has no window`,
      'Call over() on an aggregate, rank(), lag() and the like.',
    )
  }
}
