import { sql } from '../../../base/sql/index.ts'
import type { State } from '../../../base/state/index.ts'
import type { PastQuery } from '../expectation.ts'
import { EXPECTATIONS } from '../registry.generated.ts'
import type { ExpectationResult, ValidationResult } from '../result.ts'
import { QUALITY_STEPS } from './steps.ts'

/** What was observed of a dataset before a day, for expectations that compare with it. */
export interface Past {
  /** The day that is validated: `2024-01-31`. */
  readonly day: string
  /** Observed values of the days before, by what was measured. */
  readonly values: ReadonlyMap<string, readonly { readonly day: string; readonly value: number }[]>
}

const REMEMBERED = new Set(EXPECTATIONS.filter(({ remembers }) => remembers).map(({ type }) => type))
/** How many days are looked back. */
const MOST_DAYS = 400

/** What was observed of a dataset on the days before one; of a day only what was observed last. */
export async function readPast(state: State, dataset: string, day: string): Promise<Past> {
  await state.migrate('quality', QUALITY_STEPS)
  const rows = await state.read<{ measure: string; day: string; value: number }>(
    sql`select measure, day, value from quality_past where dataset = ${dataset} and day < ${day} and day >= ${daysBefore(day)}
        order by day`,
  )
  const values = new Map<string, { day: string; value: number }[]>()
  for (const { measure, ...one } of rows) values.set(measure, [...(values.get(measure) ?? []), one])
  return { day, values }
}

/** The values that a query asks for. */
export function valuesOf({ day, values }: Past, query: PastQuery): readonly number[] {
  const all = values.get(measureOf(query)) ?? []
  const chosen = query.sameWeekday ? all.filter((one) => weekday(one.day) === weekday(day)) : all
  return chosen.map(({ value }) => value)
}

/** The observed values of a validation that expectations will compare with. */
export function remembered({ results }: ValidationResult): { readonly measure: string; readonly value: number }[] {
  return results.flatMap(({ expectation_config: { type, kwargs }, result }: ExpectationResult) => {
    if (!REMEMBERED.has(type) || typeof result.observed_value !== 'number') return []
    const column = typeof kwargs.column === 'string' ? { column: kwargs.column } : {}
    const condition = kwargs.row_condition === undefined ? {} : { condition: kwargs.row_condition }
    return [{ measure: measureOf({ type, ...column, ...condition }), value: result.observed_value }]
  })
}

function measureOf({ type, column, condition }: Omit<PastQuery, 'sameWeekday'>): string {
  return JSON.stringify([type, column ?? null, condition ?? null])
}

function weekday(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay()
}

function daysBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - MOST_DAYS * 86_400_000).toISOString().slice(0, 10)
}
