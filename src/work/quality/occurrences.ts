import type { Json } from '../../base/kernel/index.ts'
import type { MapCheck } from './expectation.ts'
import { familyOf } from './literal.ts'
import type { ResultDetail } from './result.ts'

/**
 * How often each listed value occurs, most frequent first, at most so many. As in Great Expectations, nothing is told
 * when two that occur equally often have no order, such as a text and a missing value.
 */
export function occurrences(
  values: readonly Json[],
  most: number,
  check: MapCheck,
): Pick<ResultDetail, 'partial_unexpected_counts'> {
  const counts = new Map<string, { value: Json; count: number }>()
  for (const value of values) {
    const plain = isRecord(value) ? Object.values(value).map((item) => item ?? null) : value
    const key = JSON.stringify(plain)
    const seen = counts.get(key)
    if (seen) seen.count += 1
    else counts.set(key, { value: plain, count: 1 })
  }
  // A missing number is NaN in pandas, which can be compared; a missing text cannot.
  const comparable = check.sample.map((column) => familyOf(column.type) === 'number')
  // Of values that occur equally often those that were seen first are told.
  const told = [...counts.values()].sort((a, b) => b.count - a.count).slice(0, most)
  let ordered = true
  const inOrder = (a: Json, b: Json): number => {
    const order = compare(a, b, comparable)
    if (order === undefined) ordered = false
    return order ?? 0
  }
  const partial_unexpected_counts = told.sort((a, b) => b.count - a.count || inOrder(a.value, b.value))
  return ordered ? { partial_unexpected_counts } : {}
}

function isRecord(value: Json): value is { readonly [key: string]: Json | undefined } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** The order of two values as Python has it; undefined when it has none. */
function compare(a: Json, b: Json, comparable: readonly boolean[]): number | undefined {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (const [place, item] of (a as readonly Json[]).entries()) {
      const other = (b[place] ?? null) as Json
      if (JSON.stringify(item) !== JSON.stringify(other)) return compare(item, other, [comparable[place] ?? false])
    }
    return 0
  }
  if (a === null || b === null) return comparable[0] ? Number(b === null) - Number(a === null) : undefined
  // Infinities are text in JSON.
  if (comparable[0]) return Number(a) < Number(b) ? -1 : Number(a) > Number(b) ? 1 : 0
  const [left, right] = [String(a), String(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
