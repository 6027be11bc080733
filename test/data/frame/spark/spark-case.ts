import type { Frame } from '../../../../src/data/frame/index.ts'

/** A frame whose schema, names and rows are to be Spark's, or which both are to refuse. */
export interface SparkCase {
  readonly name: string
  readonly frame: Frame
  /** Rows are compared in their order; otherwise as a multiset. */
  readonly ordered?: true
  /** Doubles are compared by nearly all of their digits. */
  readonly approximate?: true
  /** Every row of the leaf gives one row, and is judged by itself where it fails. */
  readonly eachRow?: true
}

/** What an engine answered: values as scripts/spark/evaluate.py writes them. */
export type Answer =
  | { readonly error: string }
  | { readonly schema: readonly (readonly [name: string, type: string])[]; readonly rows: readonly AnswerRow[] }

export type AnswerRow = readonly unknown[] | { readonly error: string }

/** A recorded answer with the hash of the plan it is for. */
export interface Recorded {
  readonly hash: string
  readonly answer: Answer
}
