import type { ErrorJson, Json } from '../../base/kernel/index.ts'
import type { Severity } from './suite.ts'

/** How much a result tells; the words and contents are Great Expectations'. */
export const RESULT_FORMATS = ['BOOLEAN_ONLY', 'BASIC', 'SUMMARY', 'COMPLETE'] as const
export type ResultFormatName = (typeof RESULT_FORMATS)[number]

/** A result format with its options, as in Great Expectations. */
export interface ResultFormat {
  readonly result_format: ResultFormatName
  /** How many unexpected values are listed; 20 unless told. */
  readonly partial_unexpected_count?: number
  /** Columns that identify a row: with them, unexpected rows are listed by these values. */
  readonly unexpected_index_column_names?: readonly string[]
}

/** Great Expectations' ExpectationSuiteValidationResult, as JSON. */
export interface ValidationResult {
  readonly success: boolean
  readonly suite_name: string
  readonly results: readonly ExpectationResult[]
  readonly statistics: {
    readonly evaluated_expectations: number
    readonly successful_expectations: number
    readonly unsuccessful_expectations: number
    /** Null when nothing was evaluated. */
    readonly success_percent: number | null
  }
  readonly suite_parameters: Readonly<Record<string, Json>>
  readonly meta: Readonly<Record<string, Json | undefined>>
}

/** Great Expectations' ExpectationValidationResult, as JSON. */
export interface ExpectationResult {
  readonly success: boolean
  readonly expectation_config: {
    readonly type: string
    readonly kwargs: Readonly<Record<string, Json>>
    readonly meta: Readonly<Record<string, Json>>
    readonly severity: Severity
    readonly id?: string
    readonly notes?: Json
  }
  readonly result: ResultDetail
  readonly meta: Readonly<Record<string, Json>>
  readonly exception_info: {
    readonly raised_exception: boolean
    readonly exception_message: string | null
    readonly exception_traceback: null
    /** The coded error with its place in the suite file (an addition to Great Expectations' shape). */
    readonly error?: ErrorJson
  }
}

/** What was seen; which members are there depends on the kind of expectation and the result format. */
export interface ResultDetail {
  readonly observed_value?: Json
  readonly details?: Json
  readonly element_count?: number
  readonly unexpected_count?: number
  /** Of the rows judged, in percent; null when none was. */
  readonly unexpected_percent?: number | null
  readonly missing_count?: number
  readonly missing_percent?: number | null
  readonly unexpected_percent_total?: number | null
  readonly unexpected_percent_nonmissing?: number | null
  readonly partial_unexpected_list?: readonly Json[]
  readonly partial_missing_list?: readonly Json[]
  readonly unexpected_index_column_names?: readonly string[]
  readonly partial_unexpected_counts?: readonly { readonly value: Json; readonly count: number }[]
  readonly partial_unexpected_index_list?: readonly Json[]
  readonly unexpected_list?: readonly Json[]
  readonly unexpected_index_list?: readonly Json[]
  readonly unexpected_index_query?: string
}
