import { columnsOf, limitsOf, observed, shortened } from './outcome.ts'
import type { ValidationResult } from './result.ts'

/** A validation as a table for people: one row for each expectation, in the order of the suite. */
export interface ValidationTable {
  readonly columns: readonly ['', 'Column', 'Expectation', 'Observed', 'Severity']
  readonly rows: readonly (readonly [string, string, string, string, string])[]
  /** `8 of 9 expectations met`. */
  readonly summary: string
}

/** A validation as rows of text; printing is the door's. */
export function formatValidation({ results, statistics }: ValidationResult): ValidationTable {
  return {
    columns: ['', 'Column', 'Expectation', 'Observed', 'Severity'],
    rows: results.map((result) => {
      const { type, kwargs, severity } = result.expectation_config
      const word = result.exception_info.raised_exception ? 'error' : result.success ? 'met' : 'NOT met'
      const limits = limitsOf(kwargs)
      const what = [type.replace(/^expect_/, '').replaceAll('_', ' '), limits].join(' ').trim()
      return [word, columnsOf(kwargs), shortened(what, 90), observed(result), severity]
    }),
    summary:
      statistics.evaluated_expectations === 0
        ? 'the suite has no expectations'
        : `${statistics.successful_expectations} of ${statistics.evaluated_expectations} expectations met`,
  }
}
