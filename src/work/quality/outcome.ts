import { MillraceError } from '../../base/kernel/index.ts'
import type { ExpectationResult, ResultDetail, ValidationResult } from './result.ts'
import { SEVERITIES, type Severity } from './suite.ts'

/** How many expectations were met, were not met and count, and were not met but only warn. */
export interface CheckCounts {
  readonly passed: number
  readonly failed: number
  readonly warned: number
}

/**
 * Counts results. An unmet expectation counts as failed when it is at least as severe as `failOn`
 * ('critical' unless told), and otherwise as warned; one that could not be computed always counts as failed.
 */
export function countChecks(results: readonly ValidationResult[], failOn: Severity = 'critical'): CheckCounts {
  const all = results.flatMap((result) => result.results)
  const unmet = all.filter((result) => !result.success)
  const failed = unmet.filter((result) => counts(result, failOn)).length
  return { passed: all.length - unmet.length, failed, warned: unmet.length - failed }
}

/**
 * The error that stops a run: VALIDATION_FAILED with the first unmet expectations in the hint and all in `data`;
 * undefined when none counts as failed.
 */
export function validationError(
  results: readonly ValidationResult[],
  failOn: Severity = 'critical',
): MillraceError | undefined {
  const failures = results.flatMap((result) =>
    result.results
      .filter((one) => !one.success && counts(one, failOn))
      .map((one) => `${subjectOf(result)}: ${describeResult(one)}`),
  )
  if (failures.length === 0) return undefined
  const names = [...new Set(results.map(subjectOf))].join(', ')
  const total = results.reduce((sum, result) => sum + result.statistics.evaluated_expectations, 0)
  const more = failures.length > 5 ? ` … and ${failures.length - 5} more.` : ''
  return new MillraceError('VALIDATION_FAILED', `${failures.length} of ${total} expectations on ${names} are not met`, {
    hint: `${failures.slice(0, 5).join('; ')}.${more}`,
    data: { failures },
  })
}

/** What is expected, in a line: `total_amount: values to be between min_value=0`. */
export function describeExpectation({ type, kwargs }: ExpectationResult['expectation_config']): string {
  const columns = columnsOf(kwargs)
  const what = `${wordsOf(type)} ${limitsOf(kwargs)}`.trim()
  return columns ? `${columns}: ${what}` : what
}

const NO_LIMITS = ['batch_id', 'column', 'column_A', 'column_B', 'column_list', 'row_condition', 'condition_parser']

/** The arguments of an expectation beside what it is about. */
export function limitsOf(kwargs: ExpectationResult['expectation_config']['kwargs']): string {
  const limits = Object.entries(kwargs).filter(([key]) => !NO_LIMITS.includes(key))
  return limits.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ')
}

/** The name of an expectation in words: `values to be between`. */
export function wordsOf(type: string): string {
  return type.replace(/^expect_(column_pair_|column_|multicolumn_|table_|compound_)?/, '').replaceAll('_', ' ')
}

/** One result in a line: `total_amount: values to be between: 3 of 1,200 unexpected (0.25 %), such as -4, -2`. */
export function describeResult(result: ExpectationResult): string {
  const { kwargs, type } = result.expectation_config
  const columns = columnsOf(kwargs)
  return `${columns ? `${columns}: ` : ''}${wordsOf(type)}: ${observed(result)}`
}

/** The columns an expectation is about, or an empty text. */
export function columnsOf(kwargs: Readonly<Record<string, unknown>>): string {
  const { column, column_A, column_B, column_list } = kwargs
  if (typeof column === 'string') return column
  if (typeof column_A === 'string') return `${column_A}, ${String(column_B)}`
  return Array.isArray(column_list) ? column_list.join(', ') : ''
}

/** What was seen, in a few words. */
export function observed({ result, exception_info }: ExpectationResult): string {
  if (exception_info.raised_exception) return exception_info.exception_message ?? 'could not be computed'
  if (result.element_count === undefined && result.observed_value === null) return ofSets(result)
  if (result.unexpected_count !== undefined) {
    const all = (result.element_count ?? 0) - (result.missing_count ?? 0)
    if (result.unexpected_count === 0) return `all ${number(all)} as expected`
    const share = result.unexpected_percent?.toFixed(2).replace(/\.?0+$/, '')
    const examples = distinct(result.partial_unexpected_list ?? [])
    const shown = examples.length > 0 ? `, such as ${examples.slice(0, 3).join(', ')}` : ''
    return `${number(result.unexpected_count)} of ${number(all)} unexpected (${share ?? 0} %)${shown}`
  }
  if (result.observed_value === undefined) return ''
  const text = typeof result.observed_value === 'number' ? number(result.observed_value) : text60(result.observed_value)
  return `observed ${text}${ofPast(result.details)}`
}

/** What is usual, of expectations that compare with the past. */
function ofPast(details: ResultDetail['details']): string {
  if (typeof details !== 'object' || details === null || Array.isArray(details) || !('enough_history' in details))
    return ''
  const { history, median } = details
  const days = `${String(history)} day${history === 1 ? '' : 's'}`
  return typeof median === 'number'
    ? `; usual is ${number(median)}, by ${days}`
    : `; ${days} of history, too few to tell`
}

/** What sets of distinct values have too much or too little. */
function ofSets(result: ResultDetail): string {
  const examples = (values: readonly unknown[] | undefined) => (values ?? []).slice(0, 3).map(text60).join(', ')
  const parts = [
    result.unexpected_count
      ? `${number(result.unexpected_count)} unexpected: ${examples(result.partial_unexpected_list)}`
      : '',
    result.missing_count ? `${number(result.missing_count)} missing: ${examples(result.partial_missing_list)}` : '',
  ]
  return parts.filter(Boolean).join('; ') || 'as expected'
}

/** What was validated, by whichever name there is. */
export function subjectOf(result: ValidationResult): string {
  return typeof result.meta.dataset === 'string' ? result.meta.dataset : result.suite_name
}

function counts(result: ExpectationResult, failOn: Severity): boolean {
  if (result.exception_info.raised_exception) return true
  return SEVERITIES.indexOf(result.expectation_config.severity) <= SEVERITIES.indexOf(failOn)
}

function number(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 })
}

function distinct(values: readonly unknown[]): string[] {
  return [...new Set(values.map(text60))].filter((text) => text !== 'null')
}

function text60(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value)
  return shortened(text, 58)
}

/** A text of at most so many characters, cut between characters. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const characters = [...text.slice(0, 2 * most)]
  return characters.length <= most && text.length <= 2 * most ? text : `${characters.slice(0, most - 1).join('')}…`
}
