import { MillraceError } from '../../base/kernel/index.ts'
import type { Expr } from './expr.ts'
import type { Frame } from './frame.ts'
import { FrameActions } from './frame-actions.ts'
import { type Plan, planHash } from './plan.ts'
import { spanOf } from './range-bound.ts'
import type { StackedRow, UnitedRow } from './result-row.ts'
import type { ConditionOf, Selectable } from './selection.ts'
import { type SortItem, sortKeys } from './sort-keys.ts'
import { knownLevel, StorageLevel } from './storage-level.ts'
import { GLOBAL_TEMP, putView } from './temp-views.ts'
import { wholeNumber } from './whole-number.ts'

interface SampleOptions {
  readonly withReplacement?: boolean
  readonly fraction: number
  readonly seed?: number | undefined
}

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
  /**
   * Rows in the order of columns: `orderBy(col('total').desc(), 'name')`, or with directions apart from them:
   * `orderBy('total', 'name', { ascending: [false, true] })`.
   */
  orderBy(...columns: readonly SortItem<R>[]): Frame<R> {
    return this.next({ op: 'sort', input: this.plan, by: sortKeys(columns) })
  }
  /** The same as `orderBy`. */
  sort(...columns: readonly SortItem<R>[]): Frame<R> {
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
  /**
   * One row of those that are equal in the given columns and lie within the watermark's delay of each other: of
   * streams, so that the action of a batch refuses it.
   */
  dropDuplicatesWithinWatermark(columns?: readonly (keyof R & string)[]): Frame<R> {
    return this.next({ op: 'distinct', input: this.plan, ...(columns ? { on: columns } : {}), withinWatermark: true })
  }
  /**
   * How late rows may come by their event time, for streams: the step stands in the plan, and a batch computes the
   * same rows with or without it.
   * @throws MillraceError OPTION_INVALID for what is no length of time
   */
  withWatermark(eventTime: (keyof R & string) | (string & {}), delayThreshold: string): Frame<R> {
    const { back } = spanOf(delayThreshold)
    if (back) {
      throw new MillraceError('OPTION_INVALID', `withWatermark: a delay of ${delayThreshold} goes back`, {
        hint: "Such as '10 minutes'.",
      })
    }
    return this.next({ op: 'watermark', input: this.plan, column: eventTime, delay: delayThreshold })
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
  /**
   * About a fraction of the rows, the same ones for the same seed and data; with replacement a row comes as often as
   * it is drawn, and the fraction is how often that is on average.
   */
  sample(fraction: number, seed?: number): Frame<R>
  sample(withReplacement: boolean, fraction: number, seed?: number): Frame<R>
  sample(options: { readonly withReplacement?: boolean; readonly fraction: number; readonly seed?: number }): Frame<R>
  sample(first: number | boolean | SampleOptions, second?: number, third?: number): Frame<R> {
    const given: SampleOptions =
      typeof first === 'object'
        ? first
        : typeof first === 'boolean'
          ? { withReplacement: first, fraction: second ?? Number.NaN, seed: third }
          : { fraction: first, seed: second }
    const { withReplacement = false, fraction, seed = 42 } = given
    if (!(fraction >= 0) || !(withReplacement || fraction <= 1)) {
      throw new MillraceError('OPTION_INVALID', `sample: ${fraction} is no fraction of the rows`, {
        hint: 'Give a number from 0 to 1; with replacement it may be more.',
      })
    }
    const drawn = withReplacement ? { replacement: true as const } : {}
    return this.next({ op: 'sample', input: this.plan, fraction, seed: wholeNumber(seed, 'seed'), ...drawn })
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
  repartitionById(_partitions: number, _id: Selectable<R>): this {
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
  sortWithinPartitions(...columns: readonly SortItem<R>[]): Frame<R> {
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
  /** The same as `cache`: the rows are kept in files, whatever level is named. */
  persist(level: StorageLevel = StorageLevel.MEMORY_AND_DISK_DESER): Frame<R> {
    return this.next({ op: 'cache', input: this.plan, level: knownLevel(level) })
  }
  /** The level that `persist` named; `NONE` of a frame that is not kept. */
  get storageLevel(): StorageLevel {
    if (this.plan.op !== 'cache') return StorageLevel.NONE
    return this.plan.level ?? StorageLevel.MEMORY_AND_DISK_DESER
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
  /** Names the frame for all sessions of the program, as `global_temp.name`. @throws MillraceError FRAME_VIEW_EXISTS */
  createGlobalTempView(name: string): void {
    putView(name, this.plan, false, GLOBAL_TEMP)
  }
  /** Names the frame for all sessions, in place of the frame that had the name. */
  createOrReplaceGlobalTempView(name: string): void {
    putView(name, this.plan, true, GLOBAL_TEMP)
  }
  /** Whether another frame is the same plan, wherever it was written. */
  // biome-ignore lint/suspicious/noExplicitAny: a frame of any rows
  sameSemantics(other: Frame<any>): boolean {
    return this.semanticHash() === other.semanticHash()
  }
  /** A hash of the plan: the same for equal plans, wherever they were written. */
  semanticHash(): string {
    return planHash(this.plan)
  }
  /** A frame of the next step. */
  // biome-ignore lint/suspicious/noExplicitAny: the callers state the row
  protected abstract next(plan: Plan): Frame<any>
}
