import type { Json, Schema } from '../../base/kernel/index.ts'
import { type Sql, sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { computed, filtered, type Outcome } from './compute.ts'
import type { Expectation } from './expectation.ts'
import type { Past } from './history/past.ts'
import { prepare, withParameters } from './prepare.ts'
import type { ExpectationResult, ResultFormat, ResultFormatName, ValidationResult } from './result.ts'
import type { TakeRows } from './row-result.ts'
import type { ExpectationConfig, Suite } from './suite.ts'

/** What to validate, and how much to tell. */
export interface ValidateOptions {
  readonly connection: EngineConnection
  /** A table expression: what may stand after FROM. */
  readonly relation: Sql
  /** Its columns; asked of the engine when absent. */
  readonly schema?: Schema
  /** Only rows for which this is true are validated. */
  readonly where?: Sql
  readonly suite: Suite
  /** Expectations beside those there are: `loadExpectations` finds the project's own. */
  readonly own?: readonly Expectation[]
  /** What was observed on the days before: `readPast` reads it. Its day becomes the result's `batch_date`. */
  readonly past?: Past
  /** Values for the suite's `{"$PARAMETER": "name"}`. */
  readonly parameters?: Readonly<Record<string, Json>>
  /** SUMMARY unless told. */
  readonly resultFormat?: ResultFormatName | ResultFormat
  /** Where the places of unexpected rows go that COMPLETE lists by index columns; a list in memory unless told. */
  readonly takeRows?: TakeRows
  /** What the relation is called, for the result's meta. */
  readonly dataset?: string
  readonly signal?: AbortSignal
}

/**
 * Validates a relation against a suite. Each expectation has a result: a defect of one (unknown name, missing
 * column, wrong arguments, a pattern the engine refuses) is told in its `exception_info` and leaves the others be.
 * Checks that a scan can share are computed by one statement; all look at the rows of one moment, so that the
 * connection must not be in a transaction.
 * @throws MillraceError when the engine fails as such, or CANCELLED
 */
export async function validate(options: ValidateOptions): Promise<ValidationResult> {
  const { connection, suite, signal } = options
  const { dialect } = connection.engine
  const started = new Date()
  const schema = options.schema ?? (await connection.describe(sql`select * from ${options.relation}`))
  const parameters = { ...suite.parameters, ...options.parameters }
  const relation = filtered(options.relation, options.where)
  const format: ResultFormat =
    typeof options.resultFormat === 'object'
      ? options.resultFormat
      : { result_format: options.resultFormat ?? 'SUMMARY' }
  const prepared = suite.expectations.map((config) =>
    prepare(config, schema, parameters, dialect, { ...options, now: started }),
  )
  const outcomes = await computed(
    {
      connection,
      relation,
      schema,
      format,
      ...(options.takeRows ? { takeRows: options.takeRows } : {}),
      ...(signal ? { signal } : {}),
    },
    prepared,
  )
  const results = suite.expectations.map((config) => resultOf(config, outcomes.get(config), parameters, started))
  const met = results.filter((result) => result.success).length
  return {
    success: met === results.length,
    suite_name: suite.name,
    results,
    statistics: {
      evaluated_expectations: results.length,
      successful_expectations: met,
      unsuccessful_expectations: results.length - met,
      success_percent: results.length === 0 ? null : (met / results.length) * 100,
    },
    suite_parameters: parameters,
    meta: {
      ...(options.dataset === undefined ? {} : { dataset: options.dataset }),
      ...(options.past === undefined ? {} : { batch_date: options.past.day }),
      run_id: { run_name: null, run_time: started.toISOString() },
      milliseconds: Date.now() - started.getTime(),
    },
  }
}

function resultOf(
  config: ExpectationConfig,
  outcome: Outcome | undefined,
  parameters: Readonly<Record<string, Json>>,
  now: Date,
): ExpectationResult {
  const { at: _, placeOf: __, defect: ___, ...written } = config
  const stated = { ...written, kwargs: withParameters(config.kwargs, parameters, now) }
  const error = outcome && 'error' in outcome ? outcome.error : undefined
  return {
    success: outcome !== undefined && 'success' in outcome && outcome.success,
    expectation_config: stated,
    result: outcome && 'result' in outcome ? outcome.result : {},
    meta: {},
    exception_info: {
      raised_exception: error !== undefined,
      exception_message: error?.message ?? null,
      exception_traceback: null,
      ...(error ? { error: error.toJSON() } : {}),
    },
  }
}
