import { join, type Sql, sql } from '../../base/sql/index.ts'
import type { Column, MapCheck } from './expectation.ts'

/** A check of each value of a column; rows without a value are not judged. */
export function checkValues(column: Column, mostly: number, unexpected: Sql, more: Partial<MapCheck> = {}): MapCheck {
  return {
    kind: 'map',
    missing: sql`${column.sql} is null`,
    unexpected,
    sample: [column],
    shape: 'value',
    mostly,
    ...more,
  }
}

/** Which pairs are not judged (`ignore_row_if`, Great Expectations' words). */
export function missingPair(a: Column, b: Column, ignore: string): Sql | undefined {
  if (ignore === 'both_values_are_missing') return sql`(${a.sql} is null and ${b.sql} is null)`
  if (ignore === 'either_value_is_missing') return sql`(${a.sql} is null or ${b.sql} is null)`
  return undefined
}

/** Which records are not judged. */
export function missingRecord(columns: readonly Column[], ignore: string): Sql | undefined {
  const nulls = columns.map((column) => sql`${column.sql} is null`)
  if (ignore === 'all_values_are_missing') return sql`(${join(nulls, ' and ')})`
  if (ignore === 'any_value_is_missing') return sql`(${join(nulls, ' or ')})`
  return undefined
}
