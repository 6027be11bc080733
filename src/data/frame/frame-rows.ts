import { MillraceError } from '../../base/kernel/index.ts'
import type { Expr } from './expr.ts'
import type { Frame } from './frame.ts'
import { FrameActions } from './frame-actions.ts'
import type { Plan } from './plan.ts'
import type { StackedRow, UnitedRow } from './result-row.ts'
import { type ConditionOf, expression, type Selectable } from './selection.ts'
import { putView } from './temp-views.ts'
import { wholeNumber } from './whole-number.ts'

/** What chooses, orders, combines and keeps rows, and leaves their columns as they are. */
export abstract class FrameRows<R> extends FrameActions<R> {
  /** The rows for which the condition, a column or the user's own SQL text, is true. */
  filter<const C extends ConditionOf<R> | string>(condition: C): Frame<R> {
    const expr: Expr = typeof condition === 'string' ? { kind: 'sql', parts: [condition] } : condition.expr
    return this.next({ op: 'filter', input: this.plan, condition: expr })
  }
  /** The same as `filter`. */
  where<const C extends ConditionOf<R> | string>(condition: C): Frame<R> {
    return this.filter(condition)
  }
  /** Rows in the order of columns: `orderBy(col('total').desc(), 'name')`. */
  orderBy(...columns: readonly Selectable<R>[]): Frame<R> {
    return this.next({ op: 'sort', input: this.plan, by: columns.map(expression) })
  }
  /** The same as `orderBy`. */
  sort(...columns: readonly Selectable<R>[]): Frame<R> {
    return this.orderBy(...columns)
  }
  limit(count: number): Frame<R> {
    return this.next({ op: 'limit', input: this.plan, count: wholeNumber(count, 'limit') })
  }
  /** Without the first `count` rows. */
  offset(count: number): Frame<R> {
    return this.next({ op: 'limit', input: this.plan, offset: wholeNumber(count, 'offset') })
  }
  distinct(): Frame<R> {
    return this.next({ op: 'distinct', input: this.plan })
  }
  /** One row (in no promised choice) of those that are equal in the given columns, or in all. */
  dropDuplicates(columns?: readonly (keyof R & string)[]): Frame<R> {
    return this.next({ op: 'distinct', input: this.plan, ...(columns ? { on: columns } : {}) })
  }
  /** The rows of both, duplicates kept, columns matched by position. */
  union<S>(other: Frame<S>): Frame<StackedRow<R, S>> {
    return this.combined('union', other, { all: true })
  }
  unionAll<S>(other: Frame<S>): Frame<StackedRow<R, S>> {
    return this.union(other)
  }
  /** The rows of both, columns matched by name; missing ones are null when that is allowed. */
  unionByName<S>(other: Frame<S>, { allowMissingColumns = false } = {}): Frame<UnitedRow<R, S>> {
    return this.combined('union', other, { all: true, byName: true, allowMissing: allowMissingColumns })
  }
  /** The different rows that are in both. */
  intersect<S>(other: Frame<S>): Frame<R> {
    return this.combined('intersect', other, {})
  }
  intersectAll<S>(other: Frame<S>): Frame<R> {
    return this.combined('intersect', other, { all: true })
  }
  /** The different rows that are not in the other. */
  subtract<S>(other: Frame<S>): Frame<R> {
    return this.combined('except', other, {})
  }
  exceptAll<S>(other: Frame<S>): Frame<R> {
    return this.combined('except', other, { all: true })
  }
  private combined(
    how: 'union' | 'intersect' | 'except',
    // biome-ignore lint/suspicious/noExplicitAny: columns are checked when an action runs
    other: Frame<any>,
    { all = false, byName = false, allowMissing = false },
    // biome-ignore lint/suspicious/noExplicitAny: the caller states the row
  ): Frame<any> {
    return this.next({ op: 'set', how, all, byName, allowMissing, left: this.plan, right: other.plan })
  }
  /** The frame under a name, by which its columns can be reached after a join: `col('o.id')`. */
  alias(name: string): Frame<R> {
    return this.next({ op: 'alias', input: this.plan, name })
  }
  /** About a fraction of the rows, the same ones for the same seed and data. */
  sample(fraction: number, seed = 42): Frame<R> {
    return this.next({ op: 'sample', input: this.plan, fraction, seed: wholeNumber(seed, 'seed') })
  }
  /**
   * The rows dealt into frames by weights, by a hash of each row: a row is in one of them, and always in the same for
   * the same seed.
   */
  randomSplit(weights: readonly number[], seed = 42): Frame<R>[] {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    if (weights.some((weight) => !(weight >= 0)) || !(total > 0)) {
      throw new MillraceError('OPTION_INVALID', `randomSplit: ${weights.join(', ')} are no weights`, {
        hint: 'Give positive numbers, such as [0.8, 0.2].',
      })
    }
    let from = 0
    return weights.map((weight, i) => {
      const start = from
      from = i === weights.length - 1 ? 1 : from + weight / total
      return this.next({
        op: 'sample',
        input: this.plan,
        fraction: from - start,
        seed: wholeNumber(seed, 'seed'),
        from: start,
      })
    })
  }
  /** A hint that engines of one machine do not need: the rows are the same. */
  repartition(..._partitions: readonly (number | Selectable<R>)[]): this {
    return this
  }
  /** A hint, as `repartition`. */
  repartitionByRange(..._partitions: readonly (number | Selectable<R>)[]): this {
    return this
  }
  /** A hint, as `repartition`. */
  coalesce(_partitions: number): this {
    return this
  }
  /** A hint for an optimiser (`broadcast` …); the rows are the same. */
  hint(_name: string, ..._parameters: readonly unknown[]): this {
    return this
  }
  /** The same as `orderBy`: there is one partition. */
  sortWithinPartitions(...columns: readonly Selectable<R>[]): Frame<R> {
    return this.orderBy(...columns)
  }
  /**
   * The same frame, whose expressions so far are computed with the engine's own operators, functions, casts and types
   * instead of Spark's: quicker, and different where the guide to frames says so. Steps that follow are Spark's again.
   */
  engineSemantics(): Frame<R> {
    return this.next({ op: 'engineSemantics', input: this.plan })
  }
  /** Computed by the first action that needs it and kept, as files in a temporary folder, until `unpersist` or the end of the program. */
  cache(): Frame<R> {
    return this.next({ op: 'cache', input: this.plan })
  }
  /** The same as `cache`. */
  persist(): Frame<R> {
    return this.cache()
  }
  /** Forgets what `cache` has kept. */
  async unpersist(): Promise<this> {
    const { forget } = await import('./ready-plan.ts')
    await forget(this.plan)
    return this
  }
  /** Computes the rows now and gives a frame that reads them. */
  async checkpoint(): Promise<Frame<R>> {
    const cached = this.cache()
    await cached.count()
    return cached
  }
  /** The same as `checkpoint`. */
  localCheckpoint(): Promise<Frame<R>> {
    return this.checkpoint()
  }
  /** Names the frame for `sql()` and `table()`. @throws MillraceError FRAME_VIEW_EXISTS */
  createTempView(name: string): void {
    putView(name, this.plan, false)
  }
  /** Names the frame for `sql()` and `table()`, in place of the frame that had the name. */
  createOrReplaceTempView(name: string): void {
    putView(name, this.plan, true)
  }
  /** A frame of the next step. */
  // biome-ignore lint/suspicious/noExplicitAny: the callers state the row
  protected abstract next(plan: Plan): Frame<any>
}
