import { z } from 'zod'
import type { Json, Row } from '../../../base/kernel/index.ts'
import { list, type Sql, sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation, type QueryCheck, type Verdict } from '../expectation.ts'
import { missingFrom } from '../judge.ts'
import { columnName, mostly, valueSet } from '../kwargs.ts'
import { comparable, familyOf, operand, sortableMoment, toJson } from '../literal.ts'
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
  check: ({ column: name, value_set }, on) =>
    distinct(on.column(name), (seen, wanted) => missingFrom(seen, wanted).length === 0, value_set),
})

const distinctContains = defineExpectation({
  type: 'expect_column_distinct_values_to_contain_set',
  summary: 'Every member of a set occurs among the distinct values.',
  kwargs: distinctKwargs,
  check: ({ column: name, value_set }, on) =>
    distinct(on.column(name), (seen, wanted) => missingFrom(wanted, seen).length === 0, value_set),
})

const distinctEquals = defineExpectation({
  type: 'expect_column_distinct_values_to_equal_set',
  summary: 'The distinct values are exactly those of a set.',
  kwargs: distinctKwargs,
  check: ({ column: name, value_set }, on) =>
    distinct(
      on.column(name),
      (seen, wanted) => missingFrom(wanted, seen).length === 0 && missingFrom(seen, wanted).length === 0,
      value_set,
    ),
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

type Compare = (seen: readonly Json[], wanted: readonly Json[]) => boolean

function distinct(column: Column, met: Compare, value_set: readonly Json[]): QueryCheck {
  return {
    kind: 'query',
    query: (relation) => sql`
      select ${column.sql} as value, count(*) as tally
      from ${relation} where ${column.sql} is not null group by 1 order by 1`,
    judge: (rows) => verdict(column, rows, met, value_set),
  }
}

function verdict(column: Column, rows: readonly Row[], met: Compare, value_set: readonly Json[]): Verdict {
  const observed_value = rows.map((row) => toJson(row.value, column.type))
  const counts = rows.map((row, index) => ({ value: observed_value[index] ?? null, count: toJson(row.tally) }))
  const success = met(normalized(column, observed_value), normalized(column, value_set))
  return { success, observed_value, details: { value_counts: counts } }
}

function normalized(column: Column, values: readonly Json[]): Json[] {
  const moment = familyOf(column.type) === 'moment'
  return moment ? values.map((value) => (typeof value === 'string' ? sortableMoment(value) : value)) : [...values]
}

export default [inSet, notInSet, distinctInSet, distinctContains, distinctEquals, mostCommon]
