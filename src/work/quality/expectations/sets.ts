import { z } from 'zod'
import type { Json } from '../../../base/kernel/index.ts'
import { list, type Sql, sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation, type QueryCheck } from '../expectation.ts'
import { missingFrom } from '../judge.ts'
import { columnName, mostly, valueSet } from '../kwargs.ts'
import { comparable, familyOf, operand, sortableMoment, toJson, toNumber } from '../literal.ts'
import { checkValues } from '../row-check.ts'

const each = z.strictObject({ column: columnName, mostly, value_set: valueSet })
const distinctKwargs = z.strictObject({ column: columnName, value_set: valueSet })

const inSet = defineExpectation({
  type: 'expect_column_values_to_be_in_set',
  summary: 'Each value is one of a set.',
  kwargs: each,
  check: ({ column: name, mostly, value_set }, on) => {
    const column = on.column(name)
    return checkValues(column, mostly, sql`not ${isOneOf(column, value_set)}`)
  },
})

const notInSet = defineExpectation({
  type: 'expect_column_values_to_not_be_in_set',
  summary: 'No value is one of a set.',
  kwargs: each,
  check: ({ column: name, mostly, value_set }, on) => {
    const column = on.column(name)
    return checkValues(column, mostly, isOneOf(column, value_set))
  },
})

const distinctInSet = defineExpectation({
  type: 'expect_column_distinct_values_to_be_in_set',
  summary: 'Every distinct value is one of a set.',
  kwargs: distinctKwargs,
  check: ({ column, value_set }, on) => distinct(on.column(column), value_set, 'unexpected'),
})

const distinctContains = defineExpectation({
  type: 'expect_column_distinct_values_to_contain_set',
  summary: 'Every member of a set occurs among the distinct values.',
  kwargs: distinctKwargs,
  check: ({ column, value_set }, on) => distinct(on.column(column), value_set, 'missing'),
})

const distinctEquals = defineExpectation({
  type: 'expect_column_distinct_values_to_equal_set',
  summary: 'The distinct values are exactly those of a set.',
  kwargs: distinctKwargs,
  check: ({ column, value_set }, on) => distinct(on.column(column), value_set, 'both'),
})

const mostCommon = defineExpectation({
  type: 'expect_column_most_common_value_to_be_in_set',
  summary: 'A most common value is one of a set; with ties_okay, so is each of them.',
  kwargs: z.strictObject({ column: columnName, value_set: valueSet, ties_okay: z.boolean().optional() }),
  check: ({ column: name, value_set, ties_okay }, on) => {
    const column = on.column(name)
    return {
      kind: 'query',
      query: (relation) => sql`
        select value, tally from (
          select ${column.sql} as value, count(*) as tally, max(count(*)) over () as most
          from ${relation} where ${column.sql} is not null group by 1
        ) as counted where tally = most order by value`,
      judge: (rows) => {
        const values = rows.map((row) => toJson(row.value, column.type))
        const found = values.filter((value) => missingFrom([value], normalized(column, value_set)).length === 0)
        // As Great Expectations has it: with ties_okay one of the most common values suffices.
        const success = ties_okay ? found.length > 0 : values.length === 1 && found.length === 1
        return { success, observed_value: values }
      },
    }
  },
})

function isOneOf(column: Column, values: readonly Json[]): Sql {
  const literals = values.map((value) => comparable(column, value)).filter((literal) => literal !== undefined)
  return literals.length === 0 ? sql`false` : sql`(${operand(column)} in ${list(literals)})`
}

/** How many values are listed at most, as in Great Expectations. */
const MOST = 20

/** What of the distinct values is not in the set, what of the set is not among the values, or both. */
function distinct(column: Column, value_set: readonly Json[], judged: 'unexpected' | 'missing' | 'both'): QueryCheck {
  return {
    kind: 'query',
    query: (relation) => sql`
      select value, wanted, unexpected from (
        select value, wanted, count(*) filter (where not wanted) over () as unexpected,
          row_number() over (partition by wanted order by value) as place
        from (
          select distinct ${column.sql} as value, ${isOneOf(column, value_set)} as wanted
          from ${relation} where ${column.sql} is not null
        ) as seen
      ) as placed where wanted or place <= ${MOST} order by value`,
    judge: (rows) => {
      const values = (wanted: boolean) =>
        rows.filter((row) => row.wanted === wanted).map((row) => toJson(row.value, column.type))
      const unexpected = toNumber(rows[0]?.unexpected) ?? 0
      const seen = normalized(column, values(true))
      const wanted = [...new Map(value_set.map((value) => [JSON.stringify(value), value])).values()]
      const missing = wanted.filter((value) => missingFrom(normalized(column, [value]), seen).length > 0)
      return {
        success: (judged === 'missing' || unexpected === 0) && (judged === 'unexpected' || missing.length === 0),
        observed_value: null,
        ...(judged === 'missing' ? {} : { unexpected_count: unexpected }),
        ...(judged === 'unexpected' ? {} : { missing_count: missing.length }),
        ...(judged === 'missing' ? {} : { partial_unexpected_list: values(false) }),
        ...(judged === 'unexpected' ? {} : { partial_missing_list: missing.slice(0, MOST) }),
      }
    },
  }
}

function normalized(column: Column, values: readonly Json[]): Json[] {
  const moment = familyOf(column.type) === 'moment'
  return moment ? values.map((value) => (typeof value === 'string' ? sortableMoment(value) : value)) : [...values]
}

export default [inSet, notInSet, distinctInSet, distinctContains, distinctEquals, mostCommon]
