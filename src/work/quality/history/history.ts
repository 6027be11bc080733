import { randomUUID } from 'node:crypto'
import type { Json } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import type { State } from '../../../base/state/index.ts'
import { columnsOf, shortened } from '../outcome.ts'
import type { ExpectationResult, ValidationResult } from '../result.ts'
import type { Severity } from '../suite.ts'
import { remembered } from './past.ts'
import { QUALITY_STEPS } from './steps.ts'

/** What an unmet expectation costs of a score, by its severity. */
const WEIGHTS: Record<Severity, number> = { critical: 1, warning: 0.5, info: 0.1 }

/** One expectation of a validation as history keeps it: numbers, but no values of rows. */
export interface KeptResult {
  readonly type: string
  readonly kwargs: Readonly<Record<string, Json>>
  readonly severity: Severity
  readonly success: boolean
  /** Rows that were judged, and those that were not as expected. */
  readonly elements?: number
  readonly unexpected?: number
  /** Of expectations on aggregates: a number; another value, as JSON, only of a result at hand. */
  readonly observed?: number | string
  /** What would be usual, of expectations that compare with the past. */
  readonly usual?: number
  /** Why it could not be computed. */
  readonly error?: string
  /** Values that were not as expected, as texts: only of a result at hand, never in the history. */
  readonly examples?: readonly string[]
}

/** A validation as history keeps it. */
export interface KeptValidation {
  readonly id: string
  readonly dataset: string
  readonly suite: string
  /** ISO 8601, UTC. */
  readonly runTime: string
  /** The day whose data were validated (`2024-01-31`), when it is not that of the run. */
  readonly day?: string
  readonly success: boolean
  readonly evaluated: number
  readonly met: number
  /** From 0 to 100: the share of expectations that are met, each weighted by its severity. */
  readonly score: number
  /** How long it took. */
  readonly milliseconds?: number
  readonly results: readonly KeptResult[]
}

/** How a column fared in one validation. */
export interface ColumnScore {
  readonly column: string
  readonly runTime: string
  readonly evaluated: number
  readonly met: number
  readonly score: number
}

/** Keeps what a validation came to. Values of rows are not kept, only their numbers. */
export async function keepValidation(state: State, dataset: string, result: ValidationResult): Promise<string> {
  const id = randomUUID()
  const { run_time } = (result.meta['run_id'] ?? {}) as { run_time?: string }
  const runTime = run_time ?? new Date().toISOString()
  const day = dayOf(result, runTime)
  const kept = JSON.stringify(result.results.map(keptOf))
  const { evaluated_expectations: evaluated, successful_expectations: met } = result.statistics
  const columns = byColumn(result.results)
  await state.migrate('quality', QUALITY_STEPS)
  await state.write(async (tx) => {
    await tx.run(sql`insert into quality_validations
      (id, dataset, suite, run_time, success, evaluated, met, score, results, milliseconds, day) values
      (${id}, ${dataset}, ${result.suite_name}, ${runTime}, ${result.success ? 1 : 0}, ${evaluated}, ${met},
       ${scoreOf(result.results)}, ${kept}, ${millisecondsOf(result) ?? null}, ${day ?? null})`)
    for (const [name, results] of columns) {
      await tx.run(sql`insert into quality_columns values
        (${id}, ${dataset}, ${name}, ${runTime}, ${results.length}, ${results.filter(({ success }) => success).length},
         ${scoreOf(results)})`)
    }
    for (const { measure, value } of remembered(result)) {
      await tx.run(sql`insert into quality_past values (${dataset}, ${measure}, ${day ?? runTime.slice(0, 10)}, ${value})
        on conflict (dataset, measure, day) do update set value = excluded.value`)
    }
  })
  return id
}

/** Which validations to read. */
export interface HistoryQuery {
  readonly dataset?: string
  /** The latest so many; all unless told. */
  readonly limit?: number
}

interface ValidationRow {
  readonly id: string
  readonly dataset: string
  readonly suite: string
  readonly run_time: string
  readonly success: number
  readonly evaluated: number
  readonly met: number
  readonly score: number
  readonly results: string
  readonly milliseconds: number | bigint | null
  readonly day: string | null
}

/** Validations, the latest first. */
export async function readHistory(state: State, { dataset, limit }: HistoryQuery = {}): Promise<KeptValidation[]> {
  const where = dataset === undefined ? sql`` : sql` where dataset = ${dataset}`
  const most = limit === undefined ? sql`` : sql` limit ${limit}`
  await state.migrate('quality', QUALITY_STEPS)
  const rows = await state.read<ValidationRow>(
    sql`select * from quality_validations${where} order by run_time desc, id${most}`,
  )
  return rows.map(keptRow)
}

function keptRow({ run_time, success, results, milliseconds, day, ...row }: ValidationRow): KeptValidation {
  return {
    ...row,
    runTime: run_time,
    success: success === 1,
    ...(milliseconds === null ? {} : { milliseconds: Number(milliseconds) }),
    ...(day === null ? {} : { day }),
    results: JSON.parse(results) as KeptResult[],
  }
}

/** The day that was told; none when it is that of the run. */
function dayOf({ meta }: ValidationResult, runTime: string): string | undefined {
  const { batch_date: day } = meta
  return typeof day === 'string' && day !== runTime.slice(0, 10) ? day : undefined
}

function millisecondsOf({ meta }: ValidationResult): number | undefined {
  return typeof meta['milliseconds'] === 'number' ? Math.round(meta['milliseconds']) : undefined
}

/** The latest validation of each dataset by each suite. */
export async function latestValidations(state: State): Promise<KeptValidation[]> {
  await state.migrate('quality', QUALITY_STEPS)
  const rows = await state.read<ValidationRow>(
    sql`select v.* from quality_validations as v join (
          select dataset, suite, max(run_time) as latest from quality_validations group by dataset, suite
        ) as l on v.dataset = l.dataset and v.suite = l.suite and v.run_time = l.latest`,
  )
  return rows.map(keptRow)
}

/** How the columns of a dataset fared, the latest first. */
export async function readColumnScores(state: State, dataset: string, limit = 100): Promise<ColumnScore[]> {
  await state.migrate('quality', QUALITY_STEPS)
  const rows = await state.read<Omit<ColumnScore, 'column' | 'runTime'> & { column_name: string; run_time: string }>(
    sql`select column_name, run_time, evaluated, met, score from quality_columns where dataset = ${dataset}
        order by run_time desc, column_name limit ${limit}`,
  )
  return rows.map(({ column_name, run_time, ...row }) => ({ column: column_name, runTime: run_time, ...row }))
}

/** From 0 to 100; what nobody expects anything of has 100. */
export function scoreOf(results: readonly ExpectationResult[]): number {
  const weight = ({ expectation_config }: ExpectationResult) => WEIGHTS[expectation_config.severity]
  const all = results.reduce((sum, one) => sum + weight(one), 0)
  if (all === 0) return 100
  const met = results.filter(({ success }) => success).reduce((sum, one) => sum + weight(one), 0)
  return Math.round((met / all) * 1000) / 10
}

/** A validation in the form that history has, without being kept, with examples of values that were not as expected. */
export function shownValidation(dataset: string, result: ValidationResult): KeptValidation {
  const { run_time } = (result.meta['run_id'] ?? {}) as { run_time?: string }
  const runTime = run_time ?? new Date().toISOString()
  const [milliseconds, day] = [millisecondsOf(result), dayOf(result, runTime)]
  return {
    id: '',
    dataset,
    suite: result.suite_name,
    runTime,
    success: result.success,
    evaluated: result.statistics.evaluated_expectations,
    met: result.statistics.successful_expectations,
    score: scoreOf(result.results),
    ...(milliseconds === undefined ? {} : { milliseconds }),
    ...(day === undefined ? {} : { day }),
    results: result.results.map(shownOf),
  }
}

/** How many examples are shown of one expectation, and how long each may be. */
const [MOST_EXAMPLES, LONGEST_EXAMPLE] = [20, 200]

function shownOf(one: ExpectationResult): KeptResult {
  const { partial_unexpected_list: list = [], observed_value: observed } = one.result
  const texts = list.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  const examples = [...new Set(texts.map((text) => shortened(text, LONGEST_EXAMPLE)))].slice(0, MOST_EXAMPLES)
  const other = observed !== undefined && observed !== null && typeof observed !== 'number'
  return {
    ...keptOf(one),
    ...(other ? { observed: shortened(JSON.stringify(observed), LONGEST_EXAMPLE) } : {}),
    ...(examples.length > 0 ? { examples } : {}),
  }
}

function keptOf({ expectation_config, success, result, exception_info }: ExpectationResult): KeptResult {
  const { type, kwargs, severity } = expectation_config
  return {
    type,
    kwargs,
    severity,
    success,
    ...(result.element_count === undefined ? {} : { elements: result.element_count }),
    ...(result.unexpected_count === undefined ? {} : { unexpected: result.unexpected_count }),
    ...(typeof result.observed_value === 'number' ? { observed: result.observed_value } : {}),
    ...usualOf(result.details),
    ...(exception_info.raised_exception ? { error: exception_info.exception_message ?? 'it failed' } : {}),
  }
}

function usualOf(details: ExpectationResult['result']['details']): Pick<KeptResult, 'usual'> {
  if (typeof details !== 'object' || details === null || !('enough_history' in details)) return {}
  const { median } = details
  return typeof median === 'number' ? { usual: median } : {}
}

function byColumn(results: readonly ExpectationResult[]): Map<string, ExpectationResult[]> {
  const columns = new Map<string, ExpectationResult[]>()
  for (const one of results) {
    const name = columnsOf(one.expectation_config.kwargs)
    if (name !== '') columns.set(name, [...(columns.get(name) ?? []), one])
  }
  return columns
}
