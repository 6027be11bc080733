import { MillraceError, unknownName } from '../../base/kernel/index.ts'
import type { PathNeed } from './argument-types.ts'
import { Column } from './column.ts'
import { writtenPattern } from './column-pattern.ts'
import type { TypeOf } from './column-types.ts'
import { type Expr, exprName, type Metadata } from './expr.ts'
import { FrameRows } from './frame-rows.ts'
import { type GivenSchema, type RowOfGiven, schemaOf } from './given-schema.ts'
import { type Aggregates, cubeSets, GroupedFrame, rollupSets } from './grouped.ts'
import {
  type JoinCondition,
  type JoinedRow,
  type JoinKeys,
  type JoinName,
  joinOn,
  joinType,
  nearestJoin,
} from './join-kind.ts'
import { type Fillings, FrameNaFunctions, type MissingRows, type PresentBy, type Replacements } from './na.ts'
import { callPlace } from './place.ts'
import { type Plan, planHash } from './plan.ts'
import type { Filled, NamedAggregates, Present, RenamedRow, UnpivotedRow } from './result-row.ts'
import type { AnyRow, Flat, LastPart, NameIn, Nullable, Ref, Replaced, ValueIn, WithColumn } from './row-types.ts'
import { type ColumnOf, expression, type Listed, type Selectable, type SelectedRow } from './selection.ts'
import { FrameStatFunctions } from './stat.ts'
import { columnExpr, textExpr } from './written-expr.ts'

/**
 * Rows that will be computed: an immutable plan under PySpark's DataFrame API, without a session. Every method
 * but the actions (`collect`, `show`, `count`, `explain`, `write…`) only returns another plan. `R` is the type of
 * a row; without one (`AnyRow`) every column name is allowed and columns are checked when an action runs.
 */
export class Frame<R = AnyRow> extends FrameRows<R> {
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
  /** Adds a column, or replaces the one of that name. */
  withColumn<const N extends string, const C extends ColumnOf<R>>(
    name: N,
    column: C,
  ): Frame<WithColumn<R, N, ValueIn<R, TypeOf<C>>>> {
    return this.next({ op: 'withColumns', input: this.plan, columns: [{ name, expr: column.expr }] })
  }
  /** Adds or replaces several columns at once; none of them sees another's new value. */
  withColumns<const C extends Readonly<Record<string, ColumnOf<R>>>>(
    columns: C,
  ): Frame<Replaced<R, { -readonly [K in keyof C & string]: ValueIn<R, TypeOf<C[K]>> }>> {
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
  /** Renames several columns at once. */
  withColumnsRenamed<const M extends { readonly [K in keyof R & string]?: string }>(names: M): Frame<RenamedRow<R, M>> {
    return this.next({ op: 'rename', input: this.plan, names: names as Readonly<Record<string, string>> })
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
  join<S, const H extends JoinName = 'inner'>(
    other: Frame<S>,
    on?: JoinCondition<R, S> | readonly JoinCondition<R, S>[],
    how?: H,
  ): Frame<JoinedRow<R, S, never, H>>
  // biome-ignore lint/suspicious/noExplicitAny: the overloads state the rows
  join(other: Frame<any>, on?: JoinKeys, how: JoinName = 'inner'): Frame<any> {
    return this.next({ op: 'join', left: this.plan, right: other.plan, how: joinType(how), on: joinOn(on) })
  }
  /** Every row with every row of the other. */
  crossJoin<S>(other: Frame<S>): Frame<JoinedRow<R, S, never, 'cross'>> {
    return this.next({ op: 'join', left: this.plan, right: other.plan, how: 'cross', on: { kind: 'none' } })
  }
  /**
   * Every row with the rows that another frame makes of it: that frame reaches the columns of this one by `.outer()`.
   * @throws MillraceError OPTION_INVALID for a kind of join that is not inner, left or cross
   */
  lateralJoin<S>(
    other: Frame<S>,
    on?: Column,
    how: 'inner' | 'cross' | 'left' | 'leftouter' | 'left_outer' = 'inner',
  ): Frame<Flat<R & Omit<S, keyof R>>> {
    const type = joinType(how)
    if (type !== 'inner' && type !== 'cross' && type !== 'left') {
      throw new MillraceError('OPTION_INVALID', `"${how}" is not a kind of lateral join`, {
        hint: 'Use inner, cross or left.',
      })
    }
    return this.next({ op: 'join', left: this.plan, right: other.plan, how: type, on: joinOn(on), lateral: true })
  }
  /**
   * Every row with the `count` rows of another frame that rank first: by distance the least, by similarity the greatest.
   * Rows that rank null are none of them. All rows are compared, also where `approx` allows less.
   * @throws MillraceError OPTION_INVALID
   */
  nearestByJoin<S>(
    other: Frame<S>,
    ranking: Column,
    count: number,
    mode: 'approx' | 'exact',
    direction: 'distance' | 'similarity',
    { joinType: how = 'inner' }: { readonly joinType?: 'inner' | 'leftouter' } = {},
  ): Frame<Flat<R & Omit<S, keyof R>>> {
    const nearest = nearestJoin({ ranking: ranking.expr, count, mode, direction, how })
    return this.next({ op: 'join', left: this.plan, right: other.plan, ...nearest })
  }

  /** Groups of rows with equal values in the given columns; go on with `.agg(…)`, `.count()`, `.sum(…)` … */
  groupBy<const C extends readonly Selectable<R>[]>(...columns: C): GroupedFrame<R, SelectedRow<R, C>> {
    return new GroupedFrame(this.plan, columns.map(expression))
  }
  /** The same as `groupBy`. */
  groupby<const C extends readonly Selectable<R>[]>(...columns: C): GroupedFrame<R, SelectedRow<R, C>> {
    return this.groupBy(...columns)
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
        const place = callPlace()
        throw unknownName('COLUMN_UNKNOWN', 'groupingSets: the column', name, names, place ? { at: place } : {})
      }),
    )
    return new GroupedFrame(this.plan, groups, { sets: positions })
  }
  /** Columns as rows: one row per value column, with its name in `variable` and its value in `value`. */
  unpivot<
    const I extends Selectable<R> | readonly Selectable<R>[],
    const V extends Selectable<R> | readonly Selectable<R>[] | null,
    const N extends string,
    const M extends string,
  >(
    ids: I,
    values: V,
    variable: N,
    value: M,
  ): Frame<
    UnpivotedRow<
      SelectedRow<R, Listed<I>>,
      V extends null ? Omit<R, keyof SelectedRow<R, Listed<I>>> : SelectedRow<R, Listed<V>>,
      N,
      M
    >
  > {
    const list = (given: unknown) => (Array.isArray(given) ? given : [given]).map(expression)
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
  melt<
    const I extends Selectable<R> | readonly Selectable<R>[],
    const V extends Selectable<R> | readonly Selectable<R>[] | null,
    const N extends string,
    const M extends string,
  >(ids: I, values: V, variable: N, value: M) {
    return this.unpivot<I, V, N, M>(ids, values, variable, value)
  }
  /** Aggregates over all rows: one row. */
  agg<const C extends readonly ColumnOf<R>[]>(...columns: C): Frame<SelectedRow<R, C>>
  /** Aggregates by column name: `agg({ amount: 'sum' })`. */
  agg<const M extends Aggregates<R>>(columns: M): Frame<NamedAggregates<R, M>>
  // biome-ignore lint/suspicious/noExplicitAny: the overloads state the rows
  agg(...columns: readonly (ColumnOf<R> | Aggregates<R>)[]): Frame<any> {
    return new GroupedFrame<R, object>(this.plan, []).agg(...(columns as ColumnOf<R>[]))
  }
  /** Rows without missing values; the same as `na.drop`. */
  dropna<const K extends keyof R & string = keyof R & string>(columns?: readonly K[]): Frame<Present<R, K>>
  dropna<const M extends MissingRows<keyof R & string>>(rows: M): Frame<PresentBy<R, M>>
  // biome-ignore lint/suspicious/noExplicitAny: the overloads state the rows
  dropna(given?: readonly (keyof R & string)[] | MissingRows<keyof R & string>): Frame<any> {
    return this.na.drop(given as readonly (keyof R & string)[])
  }
  /** Missing values replaced; the same as `na.fill`. */
  fillna<V extends number | bigint | string | boolean, const K extends keyof R & string = keyof R & string>(
    value: V,
    columns?: readonly K[],
  ): Frame<Filled<R, V, K>>
  fillna<const M extends Fillings<R>>(values: M): Frame<Present<R, keyof M>>
  fillna(
    values: number | bigint | string | boolean | Fillings<R>,
    columns?: readonly (keyof R & string)[],
    // biome-ignore lint/suspicious/noExplicitAny: the overloads state the rows
  ): Frame<any> {
    return this.na.fill(values as number, columns)
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
  /** Pearson's correlation of two columns; the same as `stat.corr`. */
  corr(a: keyof R & string, b: keyof R & string): Promise<number | null> {
    return this.stat.corr(a, b)
  }
  /** The sample covariance of two columns; the same as `stat.cov`. */
  cov(a: keyof R & string, b: keyof R & string): Promise<number | null> {
    return this.stat.cov(a, b)
  }
  /** How often each value of a column meets each of another; the same as `stat.crosstab`. */
  crosstab(a: keyof R & string, b: keyof R & string): Frame {
    return this.stat.crosstab(a, b)
  }
  /** Values of columns that come at least in a fraction (1 % when not said) of the rows; the same as `stat.freqItems`. */
  freqItems(columns: readonly (keyof R & string)[], support?: number): Frame {
    return this.stat.freqItems(columns, support)
  }
  /** A sample by the values of a column; the same as `stat.sampleBy`. */
  sampleBy(
    column: keyof R & string,
    fractions: Readonly<Record<string, number>> | readonly (readonly [value: unknown, fraction: number])[],
    seed?: number,
  ): Frame<R> {
    return this.stat.sampleBy(column, fractions, seed) as Frame<R>
  }
  /** Values of a column below which fractions of its values lie; the same as `stat.approxQuantile`. */
  approxQuantile(column: keyof R & string, probabilities: readonly number[], error?: number): Promise<number[]>
  approxQuantile(
    columns: readonly (keyof R & string)[],
    probabilities: readonly number[],
    error?: number,
  ): Promise<number[][]>
  approxQuantile(
    columns: string | readonly string[],
    probabilities: readonly number[],
    error?: number,
  ): Promise<number[] | number[][]> {
    return this.stat.approxQuantile(columns as string, probabilities, error)
  }
  /** Count, mean, standard deviation, minimum and maximum as rows of text; of all columns of numbers and text unless named. */
  describe<const K extends keyof R & string = keyof R & string>(
    ...columns: readonly K[]
  ): Frame<Flat<{ summary: string } & { [N in K]: string | null }>> {
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
  /**
   * The columns of a schema in its order, found by name: cast where the types go together (numbers, anything to text),
   * and null where the frame has no such column.
   * @throws MillraceError TYPE_INVALID; the action COLUMN_TYPE, COLUMN_UNKNOWN
   */
  to<const S extends GivenSchema>(schema: S): Frame<RowOfGiven<S>> {
    return this.next({ op: 'to', input: this.plan, schema: schemaOf(schema) })
  }
  /**
   * Rows as columns: a column for each value of the index (the first column when not said), in ascending order, and a row
   * for each other column, with its name in `key`. At most 500 rows.
   */
  transpose(index?: Selectable<R>): Frame {
    const by = index === undefined ? {} : { index: expression(index) }
    return this.next({ op: 'transpose', input: this.plan, ...by })
  }
  /** Says something of a column beside its type, as `schema()` tells it. */
  withMetadata(name: keyof R & string, metadata: Metadata): Frame<R> {
    const expr: Expr = { kind: 'alias', arg: columnExpr(name), name, metadata }
    return this.next({ op: 'withColumns', input: this.plan, columns: [{ name, expr }] })
  }
  /** The rows numbered from 0 in their order, in a last column. */
  zipWithIndex<const N extends string = 'index'>(name = 'index' as N): Frame<Flat<Omit<R, N> & { [K in N]: bigint }>> {
    return this.next({ op: 'index', input: this.plan, name })
  }
  /** New names for all columns, in their order. */
  // biome-ignore lint/suspicious/noExplicitAny: types do not know the order of columns
  toDF<const N extends readonly string[]>(...names: N): Frame<{ [K in N[number]]: any }> {
    return this.next({ op: 'toDF', input: this.plan, names })
  }
  /** A column of this very frame, also after a join with another that has the same name. */
  col<const K extends NameIn<R>>(name: K): Column<Ref<K>, LastPart<K>, K, PathNeed<K>> {
    return new Column({ kind: 'column', name, frame: planHash(this.plan) })
  }
  /**
   * The columns whose names match a pattern of Java in backticks: `df.select(df.colRegex('`amount_.*`'))`. A text without
   * backticks is a column's name.
   */
  // biome-ignore lint/suspicious/noExplicitAny: any columns
  colRegex(pattern: string): Column<any, '*', any, unknown> {
    const written = writtenPattern(pattern)
    return new Column(written ? { kind: 'star', ...written } : columnExpr(pattern))
  }
  /**
   * The one value of the frame's one row and column, as a column of another frame; null without a row. Columns of that
   * frame are reached by `.outer()`.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the column's type is known when its name is
  scalar(): Column<any, string, never, unknown> {
    return new Column({ kind: 'subquery', how: 'scalar', plan: this.plan })
  }
  /**
   * Whether the frame has a row, as a column of another frame:
   * `customers.filter(orders.filter(col('customer').eq(col('id').outer())).exists())`.
   */
  exists(): Column<boolean, string, never, unknown> {
    return new Column({ kind: 'subquery', how: 'exists', plan: this.plan })
  }
  /** `change(this)`: to chain a function of one's own. */
  transform<S>(change: (frame: Frame<R>) => Frame<S>): Frame<S> {
    return change(this)
  }

  // biome-ignore lint/suspicious/noExplicitAny: the callers state the row
  protected next(plan: Plan): Frame<any> {
    const at = callPlace()
    return new Frame(at ? { ...plan, at } : plan)
  }
}

/** A frame of a plan, such as one that came from another process. */
export function frameOf<R = AnyRow>(plan: Plan): Frame<R> {
  return new Frame(plan)
}
