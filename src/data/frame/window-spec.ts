import { type ColumnOrName, type NamesOf, type NeedsOf, named } from './column.ts'
import type { Expr, WindowBounds } from './expr.ts'

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
  /** Bounds in values of the one `orderBy` column, relative to the current row's. */
  rangeBetween(start: number, end: number): WindowSpec<U, W> {
    return new WindowSpec({ ...this.spec, bounds: { unit: 'range', start: bound(start), end: bound(end) } })
  }
}

function bound(offset: number): number | null {
  return Number.isFinite(offset) ? offset : null
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
}
