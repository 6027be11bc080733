import { MillraceError } from '../../base/kernel/index.ts'
import {
  describeExpectation,
  formatJunit,
  formatValidation,
  observed,
  shortened,
  type ValidationResult,
} from '../../work/quality/index.ts'
import { printable } from './printable.ts'
import { errorLines, fittedTable, styled, type Terminal } from './terminal.ts'

/** The least width at which a column of the table can be read. */
const READABLE = 14

/**
 * Prints a validation: the table, what is not met in full where the table cut it, and the sum of it. What could not be
 * computed is told on stderr as every error is: its code, its place in the suite, the next step.
 */
export function printValidation(terminal: Terminal, data: string, suite: string, result: ValidationResult): void {
  const { columns, rows, summary } = formatValidation(result)
  if (rows.length > 0) {
    const shown = rows.map(([word, ...rest]) => [styled(word === 'met' ? 'green' : 'red', word), ...rest])
    const { text, cut } = fittedTable(terminal, columns, shown, { readable: READABLE })
    terminal.line(text)
    if (cut) printUnmet(terminal, result)
  }
  terminal.line(printable(`${data} against ${suite}: ${summary}.`))
  for (const { exception_info } of result.results) {
    if (!exception_info.error) continue
    for (const line of errorLines(terminal, MillraceError.fromJSON(exception_info.error))) terminal.note(line)
  }
}

function printUnmet(terminal: Terminal, { results }: ValidationResult): void {
  const unmet = results.filter(({ success, exception_info }) => !success && !exception_info.raised_exception)
  if (unmet.length > 0) terminal.line()
  for (const one of unmet) {
    const { expectation_config: config } = one
    const what = describeExpectation(config)
    terminal.line(`${terminal.style('red', 'NOT met')}  ${printable(shortened(what, 300))} (${config.severity})`)
    terminal.line(`         ${printable(observed(one))}`)
  }
  if (unmet.length > 0) terminal.line()
}

/** Prints validations as JUnit XML. */
export function printJunit(terminal: Terminal, results: readonly ValidationResult[]): void {
  terminal.line(formatJunit(results).trimEnd())
}
