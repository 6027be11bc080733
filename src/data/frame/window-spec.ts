import { type ColumnOrName, named } from './column.ts'
import type { Expr, WindowBounds } from './expr.ts'

interface Spec {
  readonly partitionBy: readonly Expr[]
  readonly orderBy: readonly Expr[]
  readonly bounds?: WindowBounds
}

/** The rows a window function sees: a group, an order and bounds around the current row. Immutable. */
export class WindowSpec {
  readonly spec: Spec

  constructor(spec: Spec = { partitionBy: [], orderBy: [] }) {
    this.spec = spec
  }
  partitionBy(...columns: readonly ColumnOrName[]): WindowSpec {
    return new WindowSpec({ ...this.spec, partitionBy: columns.map(named) })
  }
  orderBy(...columns: readonly ColumnOrName[]): WindowSpec {
    return new WindowSpec({ ...this.spec, orderBy: columns.map(named) })
  }
  /** Bounds in rows, relative to the current one: `rowsBetween(Window.unboundedPreceding, Window.currentRow)`. */
  rowsBetween(start: number, end: number): WindowSpec {
    return new WindowSpec({ ...this.spec, bounds: { unit: 'rows', start: bound(start), end: bound(end) } })
  }
  /** Bounds in values of the one `orderBy` column, relative to the current row's. */
  rangeBetween(start: number, end: number): WindowSpec {
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
  partitionBy: (...columns: readonly ColumnOrName[]): WindowSpec => new WindowSpec().partitionBy(...columns),
  orderBy: (...columns: readonly ColumnOrName[]): WindowSpec => new WindowSpec().orderBy(...columns),
}
