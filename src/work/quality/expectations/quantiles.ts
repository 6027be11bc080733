import { z } from 'zod'
import { type Json, MillraceError, type Row } from '../../../base/kernel/index.ts'
import { join, sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation } from '../expectation.ts'
import { columnName } from '../kwargs.ts'
import { familyOf, sortableMoment, toJson } from '../literal.ts'

const INTERPOLATIONS = ['nearest', 'linear', 'lower', 'higher', 'midpoint'] as const
const limit = z.union([z.number(), z.string()]).nullable()

export default defineExpectation({
  type: 'expect_column_quantile_values_to_be_between',
  summary: 'Each of several quantiles lies between bounds of its own; null does not limit.',
  kwargs: z.strictObject({
    column: columnName,
    quantile_ranges: z
      .strictObject({
        quantiles: z.array(z.number().min(0).max(1)).min(1),
        value_ranges: z.array(z.tuple([limit, limit])),
      })
      .refine((ranges) => ranges.quantiles.length === ranges.value_ranges.length, {
        error: 'quantiles and value_ranges must be of one length',
      }),
    allow_relative_error: z.union([z.literal(false), z.enum(INTERPOLATIONS)]).default(false),
  }),
  check: ({ column: name, quantile_ranges: { quantiles, value_ranges }, allow_relative_error }, on) => {
    const column = ordered(on.column(name))
    const places = quantiles.flatMap((quantile) => [
      sql`floor(cast(${quantile} as double precision) * (total - 1))`,
      sql`ceil(cast(${quantile} as double precision) * (total - 1))`,
    ])
    return {
      kind: 'query',
      query: (relation) => sql`
        select value, place, total from (
          select ${column.sql} as value, row_number() over (order by ${column.sql}) - 1 as place, count(*) over () as total
          from ${relation} where ${column.sql} is not null
        ) as placed where place in (${join(places)})`,
      judge: (rows) => {
        const values = quantiles.map((quantile) =>
          quantileOf(rows, quantile, column, allow_relative_error || 'nearest'),
        )
        const met = values.map((value, index) => within(value, value_ranges[index] ?? [null, null]))
        return {
          success: met.every(Boolean),
          observed_value: { quantiles, values },
          details: { success_details: met },
        }
      },
    }
  },
})

function ordered(column: Column): Column {
  const family = familyOf(column.type)
  if (family === 'number' || family === 'moment') return column
  if (family === 'boolean') return { ...column, type: { kind: 'integer' }, sql: sql`cast(${column.sql} as integer)` }
  throw new MillraceError('EXPECTATION_INVALID', `quantiles of "${column.name}" (${column.type.kind})`, {
    hint: 'Quantiles are of columns of numbers and moments.',
  })
}

/** numpy's definitions: position q × (n - 1), halves of `nearest` to the even position. */
function quantileOf(
  rows: readonly Row[],
  quantile: number,
  column: Column,
  how: (typeof INTERPOLATIONS)[number],
): Json {
  const position = quantile * (Number(rows[0]?.total ?? 0) - 1)
  const at = (place: number) => toJson(rows.find((row) => Number(row.place) === place)?.value, column.type)
  const [low, high] = [Math.floor(position), Math.ceil(position)]
  const share = position - low
  if (how === 'lower') return at(low)
  if (how === 'higher') return at(high)
  const [a, b] = [at(low), at(high)]
  if (how !== 'nearest' && typeof a === 'number' && typeof b === 'number') {
    return how === 'midpoint' ? (a + b) / 2 : a + (b - a) * share
  }
  return share < 0.5 || (share === 0.5 && low % 2 === 0) ? a : b
}

/** Inclusive, with a relative tolerance of 1e-4 at the bounds, as Great Expectations has it. */
function within(value: Json, [least, most]: readonly [number | string | null, number | string | null]): boolean {
  if (value === null) return false
  const seen = orderable(value)
  const [low, high] = [orderable(least ?? Number.NEGATIVE_INFINITY), orderable(most ?? Number.POSITIVE_INFINITY)]
  const close = (bound: number) => Math.abs(seen - bound) <= 1e-8 + 1e-4 * Math.abs(bound) && Number.isFinite(bound)
  return close(low) || close(high) || (low <= seen && seen <= high)
}

function orderable(value: Json): number {
  if (typeof value === 'number') return value
  const text = String(value)
  return Number.isNaN(Number(text))
    ? Date.parse(`${sortableMoment(text).slice(0, 23).replace(' ', 'T')}Z`) / 1000
    : Number(text)
}
