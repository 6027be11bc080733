import { Column, operand } from './column.ts'
import type { Expr } from './expr.ts'
import { Frame } from './frame.ts'
import { callPlace, misused } from './place.ts'
import type { NumberAggregate, Pivot, Plan } from './plan.ts'
import type { NamedAggregates, PivotedRow } from './result-row.ts'
import type { Decimal, Flat, Make, Ref, ValueIn } from './row-types.ts'
import type { ColumnOf, NamesWith, SelectedRow } from './selection.ts'
import { columnExpr } from './written-expr.ts'

interface Grouping {
  readonly sets?: readonly (readonly number[])[]
  readonly pivot?: Pivot
}

/** Aggregates by column name. */
export type Aggregates<R> = string extends keyof R
  ? Readonly<Record<string, string>>
  : { readonly [K in (keyof R & string) | '*']?: string }
type GroupRow<G, P, A> = Flat<G & ([P] extends [never] ? A : PivotedRow<P, A>)>

/** Groups of rows, on the way to their aggregates. `G` is the row of the group columns, `P` the values of a pivot. */
export class GroupedFrame<R, G, P = never> {
  private readonly input: Plan
  private readonly groups: readonly Expr[]
  private readonly grouping: Grouping

  constructor(input: Plan, groups: readonly Expr[], grouping: Grouping = {}) {
    this.input = input
    this.groups = groups
    this.grouping = grouping
  }

  /** One row per group: the group columns and the given aggregates. */
  agg<const C extends readonly ColumnOf<R>[]>(...columns: C): Frame<GroupRow<G, P, SelectedRow<R, C>>>
  /** Aggregates by column name: `agg({ amount: 'sum', '*': 'count' })`. */
  agg<const M extends Aggregates<R>>(columns: M): Frame<GroupRow<G, P, NamedAggregates<R, M>>>
  // biome-ignore lint/suspicious/noExplicitAny: the overloads state the rows
  agg(...columns: readonly (ColumnOf<R> | Aggregates<R>)[]): Frame<any> {
    const aggregates = columns.flatMap((item): Expr[] =>
      item instanceof Column
        ? [item.expr]
        : Object.entries(item as Record<string, string>).map(([name, fn]) => ({
            kind: 'call',
            fn: fn === 'mean' ? 'avg' : fn,
            args: name === '*' ? [] : [columnExpr(name)],
          })),
    )
    if (aggregates.length > 0) return this.aggregated(aggregates)
    throw misused(
      'FRAME_PLAN_INVALID',
      'agg() needs at least one aggregate',
      'Such as sum("amount").as("total"), or use distinct() for the groups alone.',
    )
  }
  /**
   * Turns the values of a column into columns: `groupBy('year').pivot('course', ['dotNET', 'Java']).sum('earnings')`.
   * Without `values` the column's different values are found by a query of its own, at most 10,000.
   */
  pivot<const V extends readonly (string | number | bigint | boolean | null)[] = readonly string[]>(
    column: (keyof R & string) | ColumnOf<R>,
    values?: V,
  ): GroupedFrame<R, G, V[number]> {
    if (this.grouping.pivot) {
      throw misused(
        'FRAME_PLAN_INVALID',
        'pivot: these groups have a pivot already',
        'Call pivot() once, and then agg().',
      )
    }
    const expr = typeof column === 'string' ? columnExpr(column) : column.expr
    return new GroupedFrame(this.input, this.groups, {
      ...this.grouping,
      pivot: { column: expr, ...(values ? { values: values.map(operand) } : {}) },
    })
  }
  /** The number of rows of each group, as `count`. */
  count(): Frame<GroupRow<G, P, { count: bigint }>> {
    return this.aggregated([{ kind: 'alias', name: 'count', arg: { kind: 'call', fn: 'count', args: [] } }])
  }
  /** The sums of the named columns of numbers, or of all that there are. */
  sum<const K extends NamesWith<R, number | bigint | Decimal>>(
    ...columns: readonly K[]
  ): Frame<GroupRow<G, P, { [N in K as `sum(${N})`]: ValueIn<R, Make<'sum', Ref<N>>> }>> {
    return this.each('sum', columns)
  }
  /** The averages of the named columns of numbers, or of all that there are. */
  avg<const K extends NamesWith<R, number | bigint | Decimal>>(
    ...columns: readonly K[]
  ): Frame<GroupRow<G, P, { [N in K as `avg(${N})`]: ValueIn<R, Make<'average', Ref<N>>> }>> {
    return this.each('avg', columns)
  }
  /** The same as `avg`. */
  mean<const K extends NamesWith<R, number | bigint | Decimal>>(
    ...columns: readonly K[]
  ): Frame<GroupRow<G, P, { [N in K as `avg(${N})`]: ValueIn<R, Make<'average', Ref<N>>> }>> {
    return this.each('avg', columns)
  }
  /** The least of the named columns of numbers, or of all that there are; `agg(min(…))` takes any column. */
  min<const K extends keyof R & string>(
    ...columns: readonly K[]
  ): Frame<GroupRow<G, P, { [N in K as `min(${N})`]: R[N] }>> {
    return this.each('min', columns)
  }
  /** The greatest of the named columns of numbers, or of all that there are; `agg(max(…))` takes any column. */
  max<const K extends keyof R & string>(
    ...columns: readonly K[]
  ): Frame<GroupRow<G, P, { [N in K as `max(${N})`]: R[N] }>> {
    return this.each('max', columns)
  }

  // biome-ignore lint/suspicious/noExplicitAny: the callers state the row
  private each(fn: NumberAggregate, columns: readonly string[]): Frame<any> {
    const aggregates = columns.map((name): Expr => ({ kind: 'call', fn, args: [columnExpr(name)] }))
    return this.aggregated(aggregates, { ofNumbers: fn })
  }
  // biome-ignore lint/suspicious/noExplicitAny: the callers state the row
  private aggregated(aggregates: readonly Expr[], more: { readonly ofNumbers?: NumberAggregate } = {}): Frame<any> {
    const at = callPlace()
    return new Frame({
      op: 'aggregate',
      input: this.input,
      groups: this.groups,
      aggregates,
      ...this.grouping,
      ...more,
      ...(at ? { at } : {}),
    })
  }
}

/** The sets of a rollup of `count` columns: all of them, all but the last … none. */
export function rollupSets(count: number): number[][] {
  return Array.from({ length: count + 1 }, (_, left) => Array.from({ length: count - left }, (__, i) => i))
}

/** The sets of a cube of `count` columns: every combination. */
export function cubeSets(count: number): number[][] {
  if (count > 12) {
    throw misused(
      'FRAME_PLAN_INVALID',
      `cube: ${count} columns have ${2 ** count} sets of groups`,
      'Take at most 12, or name the sets that are wanted with groupingSets().',
    )
  }
  return Array.from({ length: 2 ** count }, (_, out) =>
    Array.from({ length: count }, (__, i) => i).filter((i) => (out & (1 << (count - 1 - i))) === 0),
  )
}
