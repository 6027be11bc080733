import { formatType, MillraceError, type Schema, unknownName } from '../../base/kernel/index.ts'
import type { ExplainOptions, ShowOptions } from './actions.ts'
import { Column, columnExpr, textExpr } from './column.ts'
import { type Expr, exprName } from './expr.ts'
import { cubeSets, GroupedFrame, rollupSets } from './grouped.ts'
import { type JoinedRow, type JoinName, joinOn, joinType } from './join-kind.ts'
import { FrameNaFunctions, type MissingRows, type Replacements } from './na.ts'
import { callPlace } from './place.ts'
import { type Plan, planHash } from './plan.ts'
import type { AnyRow, Flat, LastPart, NameIn, Nullable, Ref, Replaced, ValueIn } from './row-types.ts'
import type { ColumnOf, Selectable, SelectedRow } from './selection.ts'
import { FrameStatFunctions } from './stat.ts'
import { putView } from './views.ts'
import { FrameWriter } from './writer.ts'

// What executes is loaded when the first action does: building plans must stay quick.
const act = () => import('./actions.ts')

/**
 * Rows that will be computed: an immutable plan under PySpark's DataFrame API, without a session. Every method
 * but the actions (`collect`, `show`, `count`, `explain`, `write…`) only returns another plan. `R` is the type of
 * a row; without one (`AnyRow`) every column name is allowed and columns are checked when an action runs.
 */
export class Frame<R = AnyRow> {
  declare private readonly row?: R
  /** What it computes, as plain JSON. */
  readonly plan: Plan

  constructor(plan: Plan) {
    this.plan = plan
  }

  /** The columns given, by name or computed; `'*'` and `'data.*'` stand for many. */
  select<const C extends readonly Selectable<R>[]>(...columns: C): Frame<SelectedRow<R, C>> {
    return this.next({ op: 'project', input: this.plan, columns: columns.map(expression) })
  }
  /** Columns as SQL text, such as `'amount * 2 as double_amount'`. */
  selectExpr(...texts: readonly string[]): Frame {
    return this.next({
      op: 'project',
      input: this.plan,
      columns: texts.map((text) => (text === '*' ? columnExpr(text) : textExpr(text))),
    })
  }
  /** The rows for which the condition, a column or the user's own SQL text, is true. */
  filter(condition: ColumnOf<R> | string): Frame<R> {
    const expr: Expr = typeof condition === 'string' ? { kind: 'sql', parts: [condition] } : condition.expr
    return this.next({ op: 'filter', input: this.plan, condition: expr })
  }
  /** The same as `filter`. */
  where(condition: ColumnOf<R> | string): Frame<R> {
    return this.filter(condition)
  }
  /** Adds a column, or replaces the one of that name. */
  withColumn<const N extends string, T, U extends NameIn<R>>(
    name: N,
    // biome-ignore lint/suspicious/noExplicitAny: any name will do
    column: Column<T, any, U>,
  ): Frame<Replaced<R, { [K in N]: ValueIn<R, T> }>> {
    return this.next({ op: 'withColumns', input: this.plan, columns: [{ name, expr: column.expr }] })
  }
  /** Adds or replaces several columns at once; none of them sees another's new value. */
  withColumns<const C extends Readonly<Record<string, ColumnOf<R>>>>(
    columns: C,
  ): Frame<
    Replaced<R, { [K in keyof C & string]: C[K] extends Column<infer T, infer _N, infer _U> ? ValueIn<R, T> : never }>
  > {
    const added = Object.entries(columns).map(([name, column]) => ({ name, expr: column.expr }))
    return this.next({ op: 'withColumns', input: this.plan, columns: added })
  }
  /** Renames a column; nothing happens when there is none of that name. */
  withColumnRenamed<const A extends keyof R & string, const B extends string>(
    existing: A,
    name: B,
  ): Frame<Flat<Omit<R, A> & { [K in B]: R[A] }>> {
    return this.next({ op: 'rename', input: this.plan, names: { [existing]: name } })
  }
  withColumnsRenamed(names: Readonly<Record<string, string>>): Frame {
    return this.next({ op: 'rename', input: this.plan, names })
  }
  /** Leaves columns out; a name that does not exist is ignored, as in PySpark. */
  drop<const C extends readonly ((keyof R & string) | Column)[]>(
    ...columns: C
  ): Frame<Flat<Omit<R, Extract<C[number], string>>>> {
    const names = columns.map((column) => (typeof column === 'string' ? column : exprName(column.expr)))
    return this.next({ op: 'drop', input: this.plan, columns: names })
  }

  /**
   * Rows of both frames that belong together: by columns that both have (kept once), or by a condition (all columns
   * are kept; alias the frames to tell them apart).
   */
  join<S, const K extends keyof R & keyof S & string, const H extends JoinName = 'inner'>(
    other: Frame<S>,
    on: K | readonly K[],
    how?: H,
  ): Frame<JoinedRow<R, S, K, H>>
  join<S, const H extends JoinName = 'inner'>(other: Frame<S>, on?: Column, how?: H): Frame<JoinedRow<R, S, never, H>>
  // biome-ignore lint/suspicious/noExplicitAny: the overloads state the rows
  join(other: Frame<any>, on?: string | readonly string[] | Column, how: JoinName = 'inner'): Frame<any> {
    return this.next({ op: 'join', left: this.plan, right: other.plan, how: joinType(how), on: joinOn(on) })
  }
  /** Every row with every row of the other. */
  crossJoin<S>(other: Frame<S>): Frame<Flat<R & Omit<S, keyof R>>> {
    return this.next({ op: 'join', left: this.plan, right: other.plan, how: 'cross', on: { kind: 'none' } })
  }

  /** Groups of rows with equal values in the given columns; go on with `.agg(…)`, `.count()`, `.sum(…)` … */
  groupBy<const C extends readonly Selectable<R>[]>(...columns: C): GroupedFrame<R, SelectedRow<R, C>> {
    return new GroupedFrame(this.plan, columns.map(expression))
  }
  /**
   * Groups of the columns, and subtotals: of all columns but the last, of all but the last two … and of all rows. A
   * column that a subtotal leaves out is null; `grouping(column)` tells it from a null value.
   */
  rollup<const C extends readonly Selectable<R>[]>(...columns: C): GroupedFrame<R, Nullable<SelectedRow<R, C>>> {
    return new GroupedFrame(this.plan, columns.map(expression), { sets: rollupSets(columns.length) })
  }
  /** Groups of every combination of the columns: with all of them, with some, and of all rows. */
  cube<const C extends readonly Selectable<R>[]>(...columns: C): GroupedFrame<R, Nullable<SelectedRow<R, C>>> {
    return new GroupedFrame(this.plan, columns.map(expression), { sets: cubeSets(columns.length) })
  }
  /** Groups of several sets of columns, one after the other: `groupingSets([['a', 'b'], ['a'], []], 'a', 'b')`. */
  groupingSets<const C extends readonly Selectable<R>[]>(
    sets: readonly (readonly Selectable<R>[])[],
    ...columns: C
  ): GroupedFrame<R, Nullable<SelectedRow<R, C>>> {
    const groups = columns.map(expression)
    const names = groups.map((group) => exprName(group).toLowerCase())
    const positions = sets.map((set) =>
      set.map((item) => {
        const name = exprName(expression(item))
        const at = names.indexOf(name.toLowerCase())
        if (at >= 0) return at
        throw unknownName('COLUMN_UNKNOWN', 'groupingSets: the column', name, names)
      }),
    )
    return new GroupedFrame(this.plan, groups, { sets: positions })
  }
  /** Columns as rows: one row per value column, with its name in `variable` and its value in `value`. */
  unpivot(
    ids: Selectable<R> | readonly Selectable<R>[],
    values: Selectable<R> | readonly Selectable<R>[] | null,
    variable: string,
    value: string,
  ): Frame {
    const list = (given: Selectable<R> | readonly Selectable<R>[]) =>
      (Array.isArray(given) ? given : [given]).map(expression)
    return this.next({
      op: 'unpivot',
      input: this.plan,
      ids: list(ids),
      ...(values === null ? {} : { values: list(values) }),
      variable,
      value,
    })
  }
  /** The same as `unpivot`. */
  melt(
    ids: Selectable<R> | readonly Selectable<R>[],
    values: Selectable<R> | readonly Selectable<R>[] | null,
    variable: string,
    value: string,
  ): Frame {
    return this.unpivot(ids, values, variable, value)
  }
  /** Aggregates over all rows: one row. */
  agg<const C extends readonly ColumnOf<R>[]>(...columns: C): Frame<SelectedRow<R, C>>
  /** Aggregates by column name: `agg({ amount: 'sum' })`. */
  agg(columns: Readonly<Record<string, string>>): Frame
  agg(...columns: readonly (ColumnOf<R> | Readonly<Record<string, string>>)[]): Frame {
    return new GroupedFrame<R, object>(this.plan, []).agg(...(columns as ColumnOf<R>[]))
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
  /** Rows without missing values; the same as `na.drop`. */
  dropna(columns?: readonly (keyof R & string)[] | MissingRows<keyof R & string>): Frame<R> {
    return this.na.drop(columns)
  }
  /** Missing values replaced; the same as `na.fill`. */
  fillna(
    values: number | bigint | string | boolean | { readonly [K in keyof R]?: unknown },
    columns?: readonly (keyof R & string)[],
  ): Frame<R> {
    return this.na.fill(values, columns)
  }
  /** Values replaced by others; the same as `na.replace`. */
  replace(pairs: Replacements, columns?: readonly (keyof R & string)[]): Frame<R> {
    return this.na.replace(pairs, columns)
  }
  /** What is done about missing values. */
  get na(): FrameNaFunctions<R> {
    return new FrameNaFunctions(this.plan)
  }
  /** Statistics of columns. */
  get stat(): FrameStatFunctions {
    return new FrameStatFunctions(this.plan)
  }
  /** Count, mean, standard deviation, minimum and maximum as rows of text; of all columns of numbers and text unless named. */
  describe(...columns: readonly (keyof R & string)[]): Frame {
    return this.next({
      op: 'summary',
      input: this.plan,
      statistics: ['count', 'mean', 'stddev', 'min', 'max'],
      ...(columns.length > 0 ? { columns } : {}),
    })
  }
  /** Statistics as rows of text: those of `describe` and the quartiles, or those named (also percentiles such as `'95%'`). */
  summary(...statistics: readonly string[]): Frame {
    const all = ['count', 'mean', 'stddev', 'min', '25%', '50%', '75%', 'max']
    return this.next({ op: 'summary', input: this.plan, statistics: statistics.length > 0 ? statistics : all })
  }

  /** The rows of both, duplicates kept, columns matched by position. */
  union<S>(other: Frame<S>): Frame<R> {
    return this.combined('union', other, { all: true })
  }
  unionAll<S>(other: Frame<S>): Frame<R> {
    return this.union(other)
  }
  /** The rows of both, columns matched by name; missing ones are null when that is allowed. */
  unionByName<S>(other: Frame<S>, { allowMissingColumns = false } = {}): Frame<Flat<R & S>> {
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
  /** New names for all columns, in their order. */
  toDF(...names: readonly string[]): Frame {
    return this.next({ op: 'toDF', input: this.plan, names })
  }
  /** A hint that engines of one machine do not need: the rows are the same. */
  repartition(..._partitions: readonly (number | Selectable<R>)[]): Frame<R> {
    return this
  }
  /** A hint, as `repartition`. */
  repartitionByRange(..._partitions: readonly (number | Selectable<R>)[]): Frame<R> {
    return this
  }
  /** A hint, as `repartition`. */
  coalesce(_partitions: number): Frame<R> {
    return this
  }
  /** A hint for an optimiser (`broadcast` …); the rows are the same. */
  hint(_name: string, ..._parameters: readonly unknown[]): Frame<R> {
    return this
  }
  /** The same as `orderBy`: there is one partition. */
  sortWithinPartitions(...columns: readonly Selectable<R>[]): Frame<R> {
    return this.orderBy(...columns)
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
  async unpersist(): Promise<Frame<R>> {
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

  /** A column of this very frame, also after a join with another that has the same name. */
  col<const K extends NameIn<R>>(name: K): Column<Ref<K>, LastPart<K>, K> {
    return new Column({ kind: 'column', name, frame: planHash(this.plan) })
  }
  /** `change(this)`: to chain a function of one's own. */
  transform<S>(change: (frame: Frame<R>) => Frame<S>): Frame<S> {
    return change(this)
  }

  /** All rows. Longs are `bigint`, decimals, dates and timestamps text. */
  collect(): Promise<R[]> {
    return act().then((actions) => actions.collect<R>(this.plan))
  }
  /** The first `count` rows. */
  take(count: number): Promise<R[]> {
    return this.limit(count).collect()
  }
  head(count = 1): Promise<R[]> {
    return this.take(count)
  }
  /** The first row; undefined when there is none. */
  async first(): Promise<R | undefined> {
    return (await this.take(1))[0]
  }
  /** The last `count` rows. */
  async tail(count: number): Promise<R[]> {
    const rows = await this.count()
    return this.offset(Math.max(0, rows - wholeNumber(count, 'tail'))).collect()
  }
  /** The rows one after the other, with no more than a chunk of them in memory; leaving the loop stops the query. */
  async *toIterator(): AsyncGenerator<R, void, undefined> {
    yield* (await act()).iterate<R>(this.plan)
  }
  /** The same as `toIterator`. */
  toLocalIterator(): AsyncGenerator<R, void, undefined> {
    return this.toIterator()
  }
  /** Calls a function for each row, one after the other. */
  async foreach(work: (row: R) => void | Promise<void>): Promise<void> {
    for await (const row of this.toIterator()) await work(row)
  }
  /** The number of rows. */
  count(): Promise<number> {
    return act().then((actions) => actions.count(this.plan))
  }
  async isEmpty(): Promise<boolean> {
    return (await this.take(1)).length === 0
  }
  /** Prints the first rows (20 when not said) as a table. */
  show(rows?: number, options?: ShowOptions): Promise<void> {
    return act().then((actions) => actions.show(this.plan, rows, options))
  }
  /** Prints the plan as a tree, and the SQL that it becomes. */
  explain(options?: ExplainOptions): Promise<void> {
    return act().then((actions) => actions.explain(this.plan, options))
  }
  /** The columns with their types. */
  schema(): Promise<Schema> {
    return act().then((actions) => actions.schema(this.plan))
  }
  printSchema(): Promise<void> {
    return act().then((actions) => actions.printSchema(this.plan))
  }
  async columns(): Promise<string[]> {
    return (await this.schema()).fields.map((field) => field.name)
  }
  /** The names of the columns with their types as Spark writes them. */
  async dtypes(): Promise<[name: string, type: string][]> {
    return (await this.schema()).fields.map((field) => [field.name, formatType(field.type)])
  }
  /** The rows as an Arrow IPC stream. @throws MillraceError DEPENDENCY_MISSING without apache-arrow */
  toArrow(): Promise<Uint8Array> {
    return act().then((actions) => actions.toArrow(this.plan))
  }
  /** Starts a write: `frame.write.mode('overwrite').partitionBy('date').parquet('lake://daily')`. */
  get write(): FrameWriter {
    return new FrameWriter(this.plan)
  }

  /** The plan, for `JSON.stringify`. */
  toJSON(): Plan {
    return this.plan
  }

  // biome-ignore lint/suspicious/noExplicitAny: the callers state the row
  private next(plan: Plan): Frame<any> {
    const at = callPlace()
    return new Frame(at ? { ...plan, at } : plan)
  }
}

/** A frame of a plan, such as one that came from another process. */
export function frameOf<R = AnyRow>(plan: Plan): Frame<R> {
  return new Frame(plan)
}

function expression(item: unknown): Expr {
  if (typeof item === 'string') return columnExpr(item)
  if (item instanceof Column) return item.expr
  throw new MillraceError('COLUMN_TYPE', `a ${typeof item} is not a column`, {
    hint: 'Write a name, or a column such as col("name") or lit(1).',
  })
}

function wholeNumber(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new MillraceError('OPTION_INVALID', `${name} is ${value} and must be a whole number from 0 on`)
}
