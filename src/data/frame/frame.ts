import { MillraceError, type Schema } from '../../base/kernel/index.ts'
import type { ExplainOptions, ShowOptions } from './actions.ts'
import { Column, columnExpr, textExpr } from './column.ts'
import { type DescribedPlan, describePlan } from './describe-plan.ts'
import type { Expr } from './expr.ts'
import { GroupedFrame } from './grouped.ts'
import { literalExpr } from './literal.ts'
import { callPlace } from './place.ts'
import { type JoinOn, type JoinType, type Plan, planHash } from './plan.ts'
import type { AnyRow, Flat, LastPart, NameIn, Nullable, Ref, Replaced, ValueIn } from './row-types.ts'
import type { ColumnOf, Selectable, SelectedRow } from './selection.ts'
import { FrameWriter } from './writer.ts'

// What executes is loaded when the first action does: building plans must stay quick.
const act = () => import('./actions.ts')

/** Ways to write the kind of a join; PySpark's. */
export type JoinName =
  | JoinType
  | 'outer'
  | 'full_outer'
  | 'fullouter'
  | 'left_outer'
  | 'leftouter'
  | 'right_outer'
  | 'rightouter'
  | 'left_semi'
  | 'leftsemi'
  | 'left_anti'
  | 'leftanti'

type JoinedRow<R, S, K extends PropertyKey, H extends JoinName> = H extends
  | 'semi'
  | 'anti'
  | 'left_semi'
  | 'leftsemi'
  | 'left_anti'
  | 'leftanti'
  ? R
  : Flat<
      (H extends 'inner' | 'cross' | 'left' | 'left_outer' | 'leftouter'
        ? R
        : Flat<Pick<R, K & keyof R> & Nullable<Omit<R, K>>>) &
        (H extends 'inner' | 'cross' | 'right' | 'right_outer' | 'rightouter'
          ? Omit<S, K | keyof R>
          : Nullable<Omit<S, K | keyof R>>)
    >

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
  drop<const C extends readonly (keyof R & string)[]>(...columns: C): Frame<Flat<Omit<R, C[number]>>> {
    return this.next({ op: 'drop', input: this.plan, columns })
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
  /** Aggregates over all rows: one row. */
  agg<const C extends readonly ColumnOf<R>[]>(...columns: C): Frame<SelectedRow<R, C>> {
    return this.next({ op: 'aggregate', input: this.plan, groups: [], aggregates: columns.map(expression) })
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
  /** The rows without null in any of the columns. */
  dropna(columns: readonly (keyof R & string)[]): Frame<R> {
    return columns.reduce<Frame<R>>(
      (frame, name) => frame.filter(new Column({ kind: 'call', fn: 'is_not_null', args: [columnExpr(name)] })),
      this,
    )
  }
  /** Nulls replaced, by column: `fillna({ amount: 0 })`. */
  fillna(values: { readonly [K in keyof R]?: unknown }): Frame<R> {
    const columns = Object.entries(values).map(([name, value]) => ({
      name,
      expr: { kind: 'call', fn: 'coalesce', args: [columnExpr(name), literalExpr(value)] } as const,
    }))
    return this.next({ op: 'withColumns', input: this.plan, columns })
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
  /** The rows as an Arrow IPC stream. @throws MillraceError DEPENDENCY_MISSING without apache-arrow */
  toArrow(): Promise<Uint8Array> {
    return act().then((actions) => actions.toArrow(this.plan))
  }
  /** Starts a write: `frame.write.mode('overwrite').partitionBy('date').parquet('lake://daily')`. */
  get write(): FrameWriter {
    return new FrameWriter(this.plan)
  }

  /** What the frame is made of, for people and graphs. */
  describe(): DescribedPlan {
    return describePlan(this.plan)
  }
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

const JOINS: Record<JoinName, JoinType> = {
  inner: 'inner', cross: 'cross', left: 'left', right: 'right', full: 'full', semi: 'semi', anti: 'anti', outer: 'full',
  full_outer: 'full', fullouter: 'full', left_outer: 'left', leftouter: 'left', right_outer: 'right', rightouter: 'right',
  left_semi: 'semi', leftsemi: 'semi', left_anti: 'anti', leftanti: 'anti',
} // biome-ignore format: a table

function joinType(how: JoinName): JoinType {
  const type = JOINS[how]
  if (type !== undefined) return type
  throw new MillraceError('OPTION_INVALID', `"${how}" is not a kind of join`, {
    hint: `Use ${Object.keys(JOINS).join(', ')}.`,
  })
}

function joinOn(on: string | readonly string[] | Column | undefined): JoinOn {
  if (on === undefined) return { kind: 'none' }
  if (on instanceof Column) return { kind: 'condition', condition: on.expr }
  return { kind: 'using', columns: typeof on === 'string' ? [on] : on }
}

function wholeNumber(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new MillraceError('OPTION_INVALID', `${name} is ${value} and must be a whole number from 0 on`)
}
