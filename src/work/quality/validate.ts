import { type Json, MillraceError, type Row, type Schema, type Value } from '../../base/kernel/index.ts'
import { inline, type Sql, sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { decided } from './decide.ts'
import type { Verdict } from './expectation.ts'
import { toNumber } from './literal.ts'
import { engineError, type Measured, measure } from './measure.ts'
import { type Prepared, prepare, withParameters } from './prepare.ts'
import type { ExpectationResult, ResultDetail, ResultFormat, ResultFormatName, ValidationResult } from './result.ts'
import { enoughAsExpected, rowResult, unexpectedRows } from './row-result.ts'
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
  /** Values for the suite's `{"$PARAMETER": "name"}`. */
  readonly parameters?: Readonly<Record<string, Json>>
  /** SUMMARY unless told. */
  readonly resultFormat?: ResultFormatName | ResultFormat
  /** What the relation is called, for the result's meta. */
  readonly dataset?: string
  readonly signal?: AbortSignal
}

/**
 * Validates a relation against a suite. Each expectation has a result: a defect of one (unknown name, missing
 * column, wrong arguments, a pattern the engine refuses) is told in its `exception_info` and leaves the others be.
 * Checks that a scan can share are computed by one statement.
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
  const outcomes = new Map<ExpectationConfig, Outcome>()
  for (const group of grouped(suite.expectations.map((config) => prepare(config, schema, parameters, dialect)))) {
    const rows = filtered(relation, group.condition)
    for (const [config, outcome] of await outcomesOf(connection, rows, schema, group.members, format, signal)) {
      outcomes.set(config, outcome)
    }
  }
  const results = suite.expectations.map((config) => resultOf(config, outcomes.get(config), parameters))
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
      run_id: { run_name: null, run_time: started.toISOString() },
      milliseconds: Date.now() - started.getTime(),
    },
  }
}

type Outcome = { readonly success: boolean; readonly result: ResultDetail } | { readonly error: MillraceError }
type Computable = Extract<Prepared, { check: unknown }>

/** Expectations that look at the same rows. */
interface Group {
  readonly condition?: Sql
  readonly members: Prepared[]
}

function grouped(prepared: readonly Prepared[]): Group[] {
  const groups = new Map<string, Group>()
  for (const one of prepared) {
    const condition = 'condition' in one ? one.condition : undefined
    const key = condition ? inline(condition, 'duckdb') : ''
    const group = groups.get(key) ?? { members: [], ...(condition ? { condition } : {}) }
    group.members.push(one)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function filtered(relation: Sql, condition: Sql | undefined): Sql {
  return condition ? sql`(select * from ${relation} where ${condition}) as filtered` : relation
}

async function outcomesOf(
  connection: EngineConnection,
  relation: Sql,
  schema: Schema,
  members: readonly Prepared[],
  format: ResultFormat,
  signal: AbortSignal | undefined,
): Promise<Map<ExpectationConfig, Outcome>> {
  const shared = members.flatMap((member) => ('check' in member ? sharedMeasures(member) : []))
  const measured = await measure(connection, relation, shared, signal)
  const byConfig = new Map(shared.map((one) => [one.config, measured.get(one)]))
  const outcomes = new Map<ExpectationConfig, Outcome>()
  for (const member of members) {
    if ('error' in member) outcomes.set(member.config, { error: member.error })
    else {
      const values = byConfig.get(member.config)
      const outcome = settle(connection, relation, schema, member, values, format, signal)
      outcomes.set(member.config, await outcome.catch((thrown: unknown) => ({ error: located(thrown, member.config) })))
    }
  }
  return outcomes
}

/** The aggregates of a check that its group's scan computes. */
function sharedMeasures({ check, config }: Computable): { config: ExpectationConfig; measures: Record<string, Sql> }[] {
  if (check.kind === 'aggregate') return [{ config, measures: { ...check.measures } }]
  if (check.kind !== 'map') return []
  return [
    {
      config,
      measures: {
        elements: sql`count(*)`,
        ...(check.missing ? { missing: sql`count(*) filter (where ${check.missing})` } : {}),
        ...(check.over || check.decide ? {} : { unexpected: sql`count(*) filter (where ${unexpectedRows(check)})` }),
      },
    },
  ]
}

async function settle(
  connection: EngineConnection,
  relation: Sql,
  schema: Schema,
  { check: planned }: Computable,
  measured: Measured | undefined,
  format: ResultFormat,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  if (measured instanceof MillraceError) throw measured
  const asked = signal ? { signal } : {}
  const check =
    planned.kind === 'map' && planned.decide ? await decided(connection, relation, planned, signal) : planned
  switch (check.kind) {
    case 'schema':
      return told(check.verdict, format)
    case 'aggregate':
      return told(check.judge(measured ?? {}), format)
    case 'query': {
      const verdict = check.judge(await connection.rows<Row>(check.query(relation), asked))
      if (!check.listing || format.result_format !== 'COMPLETE') return told(verdict, format)
      const query = check.listing.query(relation)
      const of = await connection.describe(query)
      const details = check.listing.details(await connection.rows<Row>(query, asked), of)
      return told({ ...verdict, details }, format)
    }
    case 'map': {
      let unexpected = toNumber(measured?.unexpected)
      if (unexpected === undefined) {
        const from = check.over ? check.over(relation) : relation
        const count = check.count?.(relation) ?? sql`select count(*) from ${from} where ${unexpectedRows(check)}`
        const [row = {}] = await connection.rows<Row>(count, asked)
        unexpected = toNumber(Object.values(row)[0] as Value) ?? 0
      }
      const counts = {
        elements: toNumber(measured?.elements) ?? 0,
        missing: toNumber(measured?.missing) ?? 0,
        unexpected,
      }
      const result = await rowResult(connection, relation, schema, check, counts, format, signal)
      return { success: enoughAsExpected(counts, check.mostly), result }
    }
  }
}

function told({ success, complete, ...seen }: Verdict, format: ResultFormat): Outcome {
  if (format.result_format === 'BOOLEAN_ONLY') return { success, result: {} }
  const { partial_unexpected_list: _, partial_missing_list: __, ...rest } = seen
  const result = format.partial_unexpected_count === 0 ? rest : seen
  return { success, result: format.result_format === 'COMPLETE' ? { ...result, ...complete } : result }
}

function located(thrown: unknown, config: ExpectationConfig): MillraceError {
  const known = thrown instanceof MillraceError && /^(EXPECTATION|COLUMN)_/.test(thrown.code)
  return (known ? thrown : engineError(thrown)).located(config.at)
}

function resultOf(
  config: ExpectationConfig,
  outcome: Outcome | undefined,
  parameters: Readonly<Record<string, Json>>,
): ExpectationResult {
  const { at: _, ...written } = config
  const stated = { ...written, kwargs: withParameters(config.kwargs, parameters) }
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
