import { subjectOf } from '../outcome.ts'
import type { ValidationResult } from '../result.ts'
import { type DataDocsOptions, dataDocs } from './data-docs.ts'
import { shownValidation } from './history.ts'

/** Results at hand as one page of data docs, with examples of values that were not as expected. */
export function resultDocs(results: readonly ValidationResult[], options: DataDocsOptions): string {
  return dataDocs(
    results.map((result) => shownValidation(subjectOf(result), result)),
    options,
  )
}
