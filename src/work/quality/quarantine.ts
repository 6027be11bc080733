import type { Schema } from '../../base/kernel/index.ts'
import { id, join, type Sql, sql } from '../../base/sql/index.ts'
import type { EngineConnection } from '../../data/engine/index.ts'
import { filtered } from './compute.ts'
import { decided } from './decide.ts'
import type { Expectation, MapCheck } from './expectation.ts'
import { describeExpectation } from './outcome.ts'
import { prepare } from './prepare.ts'
import type { ValidationResult } from './result.ts'
import { unexpectedRows } from './row-result.ts'
import type { Severity, Suite } from './suite.ts'

/** The columns that a quarantine table has beside those of the rows. */
export const REASONS_COLUMN = '_quarantine_reasons'
export const RUN_COLUMN = '_quarantine_run'

/** Which rows are put aside: those that a validation has found. */
export interface QuarantineOptions {
  readonly connection: EngineConnection
  /** What was validated. */
  readonly relation: Sql
  readonly schema: Schema
  readonly where?: Sql
  readonly suite: Suite
  readonly own?: readonly Expectation[]
  readonly result: ValidationResult
  /** Rows that do not meet expectations of these severities are put aside. */
  readonly severities: readonly Severity[]
  readonly signal?: AbortSignal
}

/** The rows of a relation in two parts. */
export interface Quarantine {
  /** A query of the rows that are put aside, with the reasons of each in one column, joined by `; `. */
  readonly bad: Sql
  /** A query of all other rows. */
  readonly good: Sql
  /** Which results of the validation are settled by that, by their places. */
  readonly settled: ReadonlySet<number>
}

/**
 * Parts the rows that do not meet the row-by-row expectations of some severities from the others. Only expectations
 * that failed put rows aside: what `mostly` tolerates flows on. Expectations on a whole table settle nothing.
 * @throws MillraceError EXPECTATION_INVALID when looking at texts takes too long
 */
export async function quarantine(options: QuarantineOptions): Promise<Quarantine> {
  const { connection, relation, schema, suite, result, severities, signal } = options
  const settled = new Set<number>()
  const faults: Fault[] = []
  for (const [place, config] of suite.expectations.entries()) {
    const found = result.results[place]
    if (!found || found.success || found.exception_info.raised_exception) continue
    if (!severities.includes(config.severity)) continue
    // The arguments that the validation had: an expression such as now() has another value by now.
    const judged = { ...config, kwargs: found.expectation_config.kwargs }
    const one = prepare(judged, schema, {}, connection.engine.dialect, { own: options.own })
    if (!('check' in one) || one.check.kind !== 'map') continue
    const rows = filtered(filtered(relation, options.where), one.condition)
    const check = await decided({ connection, relation: rows, ...(signal ? { signal } : {}) }, one.check)
    faults.push({ check, reason: describeExpectation(found.expectation_config), condition: one.condition })
    settled.add(place)
  }
  return { ...parts(filtered(relation, options.where), schema, faults), settled }
}

/** Why rows are put aside. */
interface Fault {
  readonly check: MapCheck
  readonly reason: string
  readonly condition: Sql | undefined
}

const PLACE = id('millrace_place')
const REASONS = id('millrace_reasons')

function parts(relation: Sql, { fields }: Schema, faults: readonly Fault[]): Pick<Quarantine, 'bad' | 'good'> {
  const columns = join(fields.map(({ name }) => id(name)))
  const reasons = faults.map((fault) => sql`case when ${isBad(fault)} then ${fault.reason} end`)
  const found = faults.length === 0 ? sql`''` : sql`concat_ws('; ', ${join(reasons)})`
  // Rows are told apart by their places, which must be the same ones wherever they are looked up.
  const placed = faults.some(({ check }) => check.over)
    ? sql`materialized (select *, row_number() over () as ${PLACE} from ${relation})`
    : sql`(select * from ${relation})`
  const judged = sql`with placed as ${placed}, judged as (select *, ${found} as ${REASONS} from placed)`
  return {
    bad: sql`${judged} select ${columns}, ${REASONS} as ${id(REASONS_COLUMN)} from judged where ${REASONS} <> ''`,
    good: sql`${judged} select ${columns} from judged where ${REASONS} = ''`,
  }
}

function isBad({ check, condition }: Fault): Sql {
  const among = condition ?? sql`true`
  if (!check.over) return sql`(${among}) and (${unexpectedRows(check)})`
  const rows = condition ? sql`(select * from placed where ${condition}) as chosen` : sql`placed`
  return sql`${PLACE} in (select ${PLACE} from ${check.over(rows)} where ${unexpectedRows(check)})`
}
