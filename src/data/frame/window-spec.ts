import { MillraceError } from '../../base/kernel/index.ts'
import { named } from './column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from './column-types.ts'
import type { Expr, WindowBounds } from './expr.ts'
import { type RangeBound, spanOf } from './range-bound.ts'

declare const uses: unique symbol
declare const needs: unique symbol
interface Spec {
  readonly partitionBy: readonly Expr[]
  readonly orderBy: readonly Expr[]
  readonly bounds?: WindowBounds
}

/** The rows a window function sees: a group, an order and bounds around the current row. Immutable. */
// biome-ignore lint/suspicious/noExplicitAny: a window of unknown columns fits everywhere
export class WindowSpec<U extends string = any, W = any> {
  declare readonly [uses]: U
  declare readonly [needs]: (row: W) => void
  readonly spec: Spec

  constructor(spec: Spec = { partitionBy: [], orderBy: [] }) {
    this.spec = spec
  }
  partitionBy<const C extends readonly ColumnOrName[]>(
    ...columns: C
  ): WindowSpec<U | NamesOf<C[number]>, W & NeedsOf<C[number]>> {
    return new WindowSpec({ ...this.spec, partitionBy: columns.map(named) })
  }
  orderBy<const C extends readonly ColumnOrName[]>(
    ...columns: C
  ): WindowSpec<U | NamesOf<C[number]>, W & NeedsOf<C[number]>> {
    return new WindowSpec({ ...this.spec, orderBy: columns.map(named) })
  }
  /** Bounds in rows, relative to the current one: `rowsBetween(Window.unboundedPreceding, Window.currentRow)`. */
  rowsBetween(start: number, end: number): WindowSpec<U, W> {
    return new WindowSpec({ ...this.spec, bounds: { unit: 'rows', start: bound(start), end: bound(end) } })
  }
  /**
   * Bounds in values of the one `orderBy` column, relative to the current row's: numbers, or for dates and timestamps
   * lengths of time: `rangeBetween('-7 days', Window.currentRow)`.
   * @throws MillraceError OPTION_INVALID
   */
  rangeBetween(start: RangeBound, end: RangeBound): WindowSpec<U, W> {
    return new WindowSpec({ ...this.spec, bounds: { unit: 'range', start: valueBound(start), end: valueBound(end) } })
  }
}

function bound(offset: number): number | null {
  if (Number.isInteger(offset)) return offset
  if (offset === Number.NEGATIVE_INFINITY || offset === Number.POSITIVE_INFINITY) return null
  throw new MillraceError('OPTION_INVALID', `a window cannot reach ${offset} rows`, {
    hint: 'Give a whole number, Window.currentRow, or an unbounded end.',
  })
}

function valueBound(offset: RangeBound): number | string | null {
  if (typeof offset === 'string') {
    spanOf(offset)
    return offset
  }
  const value = Number(offset)
  if (typeof offset === 'number' && !Number.isFinite(value) && !Number.isNaN(value)) return null
  if (Number.isNaN(value) || (typeof offset === 'bigint' && !Number.isSafeInteger(value))) {
    throw new MillraceError('OPTION_INVALID', `a window cannot reach ${offset}`, { hint: 'Give a smaller number.' })
  }
  return value
}

/** Starts a window: `Window.partitionBy('user_id').orderBy('at')`. */
export const Window = {
  unboundedPreceding: Number.NEGATIVE_INFINITY,
  unboundedFollowing: Number.POSITIVE_INFINITY,
  currentRow: 0,
  partitionBy: <const C extends readonly ColumnOrName[]>(
    ...columns: C
  ): WindowSpec<NamesOf<C[number]>, NeedsOf<C[number]>> => new WindowSpec<never, unknown>().partitionBy(...columns),
  orderBy: <const C extends readonly ColumnOrName[]>(
    ...columns: C
  ): WindowSpec<NamesOf<C[number]>, NeedsOf<C[number]>> => new WindowSpec<never, unknown>().orderBy(...columns),
  rowsBetween: (start: number, end: number): WindowSpec<never, unknown> =>
    new WindowSpec<never, unknown>().rowsBetween(start, end),
  rangeBetween: (start: RangeBound, end: RangeBound): WindowSpec<never, unknown> =>
    new WindowSpec<never, unknown>().rangeBetween(start, end),
}
