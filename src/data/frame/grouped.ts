import { MillraceError } from '../../base/kernel/index.ts'
import { columnExpr } from './column.ts'
import type { Expr } from './expr.ts'
import { Frame } from './frame.ts'
import { callPlace } from './place.ts'
import type { Plan } from './plan.ts'
import type { Flat, OrNull, Ref, SumOf, ValueIn } from './row-types.ts'
import type { ColumnOf, SelectedRow } from './selection.ts'

/** Groups of rows, on the way to their aggregates. `G` is the row of the group columns. */
export class GroupedFrame<R, G> {
  private readonly input: Plan
  private readonly groups: readonly Expr[]

  constructor(input: Plan, groups: readonly Expr[]) {
    this.input = input
    this.groups = groups
  }

  /** One row per group: the group columns and the given aggregates. */
  agg<const C extends readonly ColumnOf<R>[]>(...columns: C): Frame<Flat<G & SelectedRow<R, C>>> {
    if (columns.length === 0) {
      throw new MillraceError('FRAME_PLAN_INVALID', 'agg() needs at least one aggregate', {
        hint: 'Such as sum("amount").as("total"), or use distinct() for the groups alone.',
      })
    }
    return this.aggregated(columns.map((column) => column.expr))
  }
  /** The number of rows of each group, as `count`. */
  count(): Frame<Flat<G & { count: bigint }>> {
    return this.aggregated([{ kind: 'alias', name: 'count', arg: { kind: 'call', fn: 'count', args: [] } }])
  }
  sum<const K extends keyof R & string>(
    ...columns: readonly K[]
  ): Frame<Flat<G & { [N in K as `sum(${N})`]: ValueIn<R, SumOf<Ref<N>>> }>> {
    return this.each('sum', columns)
  }
  avg<const K extends keyof R & string>(
    ...columns: readonly K[]
  ): Frame<Flat<G & { [N in K as `avg(${N})`]: ValueIn<R, OrNull<number>> }>> {
    return this.each('avg', columns)
  }
  min<const K extends keyof R & string>(...columns: readonly K[]): Frame<Flat<G & { [N in K as `min(${N})`]: R[N] }>> {
    return this.each('min', columns)
  }
  max<const K extends keyof R & string>(...columns: readonly K[]): Frame<Flat<G & { [N in K as `max(${N})`]: R[N] }>> {
    return this.each('max', columns)
  }

  // biome-ignore lint/suspicious/noExplicitAny: the callers state the row
  private each(fn: string, columns: readonly string[]): Frame<any> {
    return this.aggregated(columns.map((name) => ({ kind: 'call', fn, args: [columnExpr(name)] })))
  }
  // biome-ignore lint/suspicious/noExplicitAny: the callers state the row
  private aggregated(aggregates: readonly Expr[]): Frame<any> {
    const at = callPlace()
    return new Frame({ op: 'aggregate', input: this.input, groups: this.groups, aggregates, ...(at ? { at } : {}) })
  }
}
