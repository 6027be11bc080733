import type { z } from 'zod'
import type { DataType, Json, Row, Schema, Value } from '../../base/kernel/index.ts'
import type { Dialect, Sql } from '../../base/sql/index.ts'

/**
 * One kind of expectation: a file in `expectations/` exports one or a small family of them by default, and
 * `scripts/registry.ts` finds it there. `check` is pure: it says what to compute, the validator computes it.
 */
export interface Expectation {
  /** The name in a suite, in Great Expectations' spelling. */
  readonly type: string
  /** One sentence for the reference. */
  readonly summary: string
  /** What it observes is kept of each dataset, and the past is given to it: see `Subject.past`. */
  readonly remembers?: true
  /** It is about the whole table or has a query of its own: it takes no `row_condition`. */
  readonly unconditional?: true
  /** The keyword arguments beside those that every expectation takes (`row_condition` and so on). */
  readonly kwargs: z.ZodType
  /** What to compute. Throws coded errors such as COLUMN_UNKNOWN and EXPECTATION_INVALID. */
  readonly check: (kwargs: never, on: Subject) => Check
}

/** An expectation whose name and arguments are known to the compiler. */
export type Defined<T extends string = string, S extends z.ZodType = z.ZodType> = Expectation & {
  readonly type: T
  readonly kwargs: S
}

/** Declares an expectation, and gives `check` the type of its arguments. */
export function defineExpectation<const T extends string, S extends z.ZodType>(definition: {
  type: T
  summary: string
  remembers?: true
  unconditional?: true
  kwargs: S
  check: (kwargs: z.output<S>, on: Subject) => Check
}): Defined<T, S> {
  return definition
}

/** The relation an expectation looks at, as far as it is known before any query. */
export interface Subject {
  readonly schema: Schema
  /** The language of the engine that holds the relation. */
  readonly dialect: Dialect
  /** What such an expectation observed on the days before, oldest first; absent for data without a history. */
  readonly past?: (query: PastQuery) => readonly number[]
  /** A column of the relation. Throws COLUMN_UNKNOWN. */
  column(name: string): Column
}

/** Which of the values are asked for that were observed before. */
export interface PastQuery {
  readonly type: string
  readonly column?: string
  /** The `row_condition` of the expectation; known without being told. */
  readonly condition?: Json
  /** Of days with the weekday of the day that is validated. */
  readonly sameWeekday?: boolean
}

/** A column of the relation under test. */
export interface Column {
  readonly name: string
  readonly type: DataType
  /**
   * The column as an expression; NaN counts as missing, as it does for Great Expectations on pandas. Text compares by
   * code point in every engine.
   */
  readonly sql: Sql
  /** The language of the engine that holds the column, for what engines say differently. */
  readonly dialect: Dialect
}

/** What an expectation asks the engine. */
export type Check = SchemaCheck | AggregateCheck | QueryCheck | MapCheck

/** Answered by the schema alone. */
export interface SchemaCheck {
  readonly kind: 'schema'
  readonly verdict: Verdict
}

/** Aggregates that share one scan with those of other checks. */
export interface AggregateCheck {
  readonly kind: 'aggregate'
  readonly measures: Readonly<Record<string, Sql>>
  readonly judge: (values: Readonly<Record<string, Value>>) => Verdict
}

/** A statement of its own. */
export interface QueryCheck {
  readonly kind: 'query'
  readonly query: (relation: Sql) => Sql
  readonly judge: (rows: readonly Row[]) => Verdict
  /** The details that COMPLETE tells, asked for by a statement of their own. */
  readonly listing?: {
    readonly query: (relation: Sql) => Sql
    readonly details: (rows: readonly Row[], schema: Schema) => Json
  }
}

/** Row by row: counts the rows that are not as expected and shows some of them. */
export interface MapCheck {
  readonly kind: 'map'
  /** True for rows that are not judged; absent when every row is. */
  readonly missing?: Sql
  /** True for rows that are not as expected; never looked at where `missing` is true. */
  readonly unexpected: Sql
  /** What is shown of an unexpected row. */
  readonly sample: readonly Column[]
  /** One value, a pair of values, or an object of values by column. */
  readonly shape: 'value' | 'pair' | 'record'
  /** The least share of judged rows that must be as expected. */
  readonly mostly: number
  /** An aggregate that is true only if no row is unexpected, and that checks of the same column share. */
  readonly proof?: Sql
  /** For checks of missing values themselves, what they are: results then count none as not judged. */
  readonly nulls?: 'expected' | 'unexpected'
  /** The relation with what `unexpected` needs beyond the columns, such as a window. */
  readonly over?: (relation: Sql) => Sql
  /** A cheaper way to count: a statement of one row and one column. */
  readonly count?: (relation: Sql) => Sql
  /** For what no engine can tell: the distinct texts of the first sample column are looked at one by one. */
  readonly decide?: Decision
}

/** A judgement of texts outside the engine; what it refuses goes back to the engine as one bound value. */
export interface Decision {
  /** Whether a text is as expected. Called once for each distinct one, and ended when it takes too long. */
  readonly expected: (text: string) => boolean
  /** The text that is looked at; the column itself unless told. */
  readonly text?: Sql
  /** Rows that need the look; the others are as expected. */
  readonly among?: Sql
}

/** Whether an expectation is met, and what was seen. */
export interface Verdict {
  readonly success: boolean
  readonly observed_value?: Json
  readonly details?: Json
  readonly unexpected_count?: number
  readonly unexpected_percent?: number
  readonly missing_count?: number
  readonly partial_unexpected_list?: readonly Json[]
  readonly partial_missing_list?: readonly Json[]
  /** What only COMPLETE shows. */
  readonly complete?: { readonly details: Json }
}
