import type { Json } from '../../../base/kernel/index.ts'

/** What a table holds, column by column, as measured. Whole numbers beyond 2^53 and decimals stand as in suites. */
export interface Profile {
  readonly dataset: string
  readonly rows: number
  readonly columns: readonly ColumnProfile[]
  /** The columns that alone tell rows apart: no value missing, none twice. */
  readonly keys: readonly string[]
  /** Distinct counts and quantiles are estimates, because the table is large. */
  readonly estimated: boolean
}

export interface ColumnProfile {
  readonly name: string
  /** As Spark writes it, such as `decimal(10,2)`. */
  readonly type: string
  readonly missing: number
  /** How many different values; absent for types that have no order. */
  readonly distinct?: number
  /** No value is there twice. */
  readonly unique: boolean
  readonly min?: Json
  readonly max?: Json
  readonly mean?: number
  readonly stddev?: number
  /** NaN and infinities, which are in no other measure of numbers. */
  readonly notFinite?: number
  /** At 5, 25, 50, 75 and 95 percent. */
  readonly quantiles?: readonly number[]
  readonly histogram?: readonly Bin[]
  /** The most frequent values. */
  readonly frequent?: readonly { readonly value: Json; readonly count: number }[]
  /** Of texts: their lengths in characters. */
  readonly lengths?: { readonly min: number; readonly max: number; readonly mean: number }
  /** Of texts: empty ones, and ones with blanks around. */
  readonly empty?: number
  readonly untrimmed?: number
  /** Of texts: the most frequent forms, in which `9` is a digit and `a` and `A` are letters. */
  readonly patterns?: readonly { readonly pattern: string; readonly count: number }[]
  /** What of a person the column seems to hold, and by what that is told. */
  readonly personal?: { readonly kind: string; readonly by: 'name' | 'values' }
}

/** Numbers from `from` on, below `to` (the last bin: up to it). */
export interface Bin {
  readonly from: number
  readonly to: number
  readonly count: number
}
