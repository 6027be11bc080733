import { type Json, MillraceError, type Value } from '../../base/kernel/index.ts'
import type { Column, Verdict } from './expectation.ts'
import type { Bounds } from './kwargs.ts'
import { familyOf, sortableMoment, toJson } from './literal.ts'

/** Whether a number lies within bounds; a missing number does not. */
export function within(value: number | undefined, bounds: Bounds): boolean {
  return value !== undefined && ordered(value, bounds, (bound) => numberBound(bound))
}

/** The verdict on one observed number. */
export function judgeNumber(value: number | undefined, bounds: Bounds): Verdict {
  return { success: within(value, bounds), observed_value: toJson(value) }
}

/** The verdict on an extreme of a column, which is a number, a text or a moment. */
export function judgeValue(value: Value | undefined, column: Column, bounds: Bounds): Verdict {
  const observed_value = toJson(value, column.type)
  if (value === null || value === undefined) return { success: false, observed_value: null }
  switch (familyOf(column.type)) {
    case 'number':
      return { success: within(Number(value), bounds), observed_value }
    case 'moment':
      return {
        success: ordered(sortableMoment(String(value)), bounds, (bound) => sortableMoment(String(bound))),
        observed_value,
      }
    default:
      return { success: ordered(String(value), bounds, String), observed_value }
  }
}

function ordered<T extends number | string>(value: T, bounds: Bounds, read: (bound: number | string) => T): boolean {
  const { min_value: min, max_value: max, strict_min, strict_max } = bounds
  const low = min === undefined || (strict_min ? value > read(min) : value >= read(min))
  const high = max === undefined || (strict_max ? value < read(max) : value <= read(max))
  return low && high
}

function numberBound(bound: number | string): number {
  const number = Number(bound)
  if (!Number.isNaN(number)) return number
  throw new MillraceError('EXPECTATION_INVALID', `comparing a number with ${JSON.stringify(bound)}`, {
    hint: 'Write min_value and max_value as numbers.',
  })
}

/** The members of `wanted` that are not in `seen`, compared as suites compare: 1 equals 1.0, text equals text. */
export function missingFrom(wanted: readonly Json[], seen: readonly Json[]): Json[] {
  const keys = new Set(seen.map((value) => JSON.stringify(value)))
  return wanted.filter((value) => !keys.has(JSON.stringify(value)))
}
