import { escapeHtml } from '../../base/kernel/index.ts'
import { columnsOf, describeExpectation, observed, subjectOf } from './outcome.ts'
import type { ExpectationResult, ValidationResult } from './result.ts'

/**
 * Validations as JUnit XML, which build servers read: a suite for each validation, a case for each expectation. One
 * that is not met is a failure with its severity as type, one that could not be computed an error with its code.
 * Source: the Jenkins JUnit schema (junit-10.xsd).
 */
export function formatJunit(results: readonly ValidationResult[]): string {
  const suites = results.map(suiteOf)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`
}

function suiteOf(result: ValidationResult): string {
  const { results, statistics, meta, suite_name } = result
  const errors = results.filter((one) => one.exception_info.raised_exception).length
  const { run_time } = (meta.run_id ?? {}) as { run_time?: string }
  const head = attributes({
    name: `${subjectOf(result)} against ${suite_name}`,
    tests: results.length,
    failures: statistics.unsuccessful_expectations - errors,
    errors,
    skipped: 0,
    time: Number(meta.milliseconds ?? 0) / 1000,
    ...(run_time === undefined ? {} : { timestamp: run_time.replace(/\.\d+Z$/, '') }),
  })
  const cases = results.map((one) => caseOf(one, subjectOf(result)))
  return `  <testsuite${head}>\n${cases.join('\n')}\n  </testsuite>`
}

function caseOf(one: ExpectationResult, subject: string): string {
  const { expectation_config: config, exception_info, success } = one
  const column = columnsOf(config.kwargs)
  const head = attributes({
    classname: column === '' ? subject : `${subject}.${column}`,
    name: describeExpectation(config),
  })
  if (success) return `    <testcase${head}/>`
  const { raised_exception, error } = exception_info
  const what = raised_exception
    ? `<error${attributes({ type: error?.code ?? 'error', message: observed(one) })}>${text(error?.hint ?? '')}</error>`
    : `<failure${attributes({ type: config.severity, message: observed(one) })}/>`
  return `    <testcase${head}>\n      ${what}\n    </testcase>`
}

function attributes(all: Readonly<Record<string, string | number>>): string {
  return Object.entries(all)
    .map(([name, value]) => ` ${name}="${text(String(value))}"`)
    .join('')
}

/** XML 1.0 has no form of control characters at all (section 2.2). */
function text(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return escapeHtml(value.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/gu, '\ufffd'))
}
