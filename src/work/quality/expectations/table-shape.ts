import { z } from 'zod'
import { MillraceError } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import { defineExpectation } from '../expectation.ts'
import { judgeNumber, missingFrom, within } from '../judge.ts'
import { bounds, columnName } from '../kwargs.ts'
import { toNumber } from '../literal.ts'

const rising = ({ min_value: min, max_value: max }: { min_value?: unknown; max_value?: unknown }) =>
  min === undefined || max === undefined || Number(min) <= Number(max)
const reversed = { error: 'min_value is greater than max_value' }
const { min_value, max_value } = bounds
const rowBounds = z.strictObject(bounds).refine(rising, reversed)
const columnBounds = z.strictObject({ min_value, max_value }).refine(rising, reversed)

const rowsBetween = defineExpectation({
  type: 'expect_table_row_count_to_be_between',
  summary: 'The number of rows lies between two bounds.',
  kwargs: rowBounds,
  check: (kwargs) => ({
    kind: 'aggregate',
    measures: { rows: sql`count(*)` },
    judge: ({ rows }) => judgeNumber(toNumber(rows), kwargs),
  }),
})

const rowsEqual = defineExpectation({
  type: 'expect_table_row_count_to_equal',
  summary: 'The number of rows is exactly this.',
  kwargs: z.strictObject({ value: z.number() }),
  check: ({ value }) => ({
    kind: 'aggregate',
    measures: { rows: sql`count(*)` },
    judge: ({ rows }) => ({ success: toNumber(rows) === value, observed_value: toNumber(rows) ?? null }),
  }),
})

const columnsBetween = defineExpectation({
  type: 'expect_table_column_count_to_be_between',
  unconditional: true,
  summary: 'The number of columns lies between two bounds.',
  kwargs: columnBounds,
  check: (kwargs, { schema }) => {
    const observed_value = schema.fields.length
    return {
      kind: 'schema',
      verdict: { success: within(observed_value, { ...kwargs, strict_min: false, strict_max: false }), observed_value },
    }
  },
})

const columnsEqual = defineExpectation({
  type: 'expect_table_column_count_to_equal',
  unconditional: true,
  summary: 'The number of columns is exactly this.',
  kwargs: z.strictObject({ value: z.number() }),
  check: ({ value }, { schema }) => {
    const observed_value = schema.fields.length
    return { kind: 'schema', verdict: { success: observed_value === value, observed_value } }
  },
})

const columnsInSet = defineExpectation({
  type: 'expect_table_columns_to_match_set',
  unconditional: true,
  summary: 'The columns are those of a set; with exact_match false, at least those.',
  kwargs: z.strictObject({ column_set: z.array(columnName).optional(), exact_match: z.boolean().default(true) }),
  check: ({ column_set, exact_match }, { schema }) => {
    if (column_set === undefined && exact_match) {
      throw new MillraceError('EXPECTATION_INVALID', 'column_set is missing', {
        hint: 'Give column_set, or exact_match: false.',
      })
    }
    const columns = schema.fields.map((field) => field.name).sort()
    const unexpected = missingFrom(columns, column_set ?? [])
    const missing = missingFrom([...new Set(column_set ?? [])], columns).sort()
    const success = missing.length === 0 && (!exact_match || unexpected.length === 0)
    const mismatched = {
      ...(unexpected.length > 0 ? { unexpected } : {}),
      ...(missing.length > 0 ? { missing } : {}),
    }
    const differs = Object.keys(mismatched).length > 0
    const verdict = { success, observed_value: columns, ...(differs ? { details: { mismatched } } : {}) }
    return { kind: 'schema', verdict }
  },
})

const columnsInOrder = defineExpectation({
  type: 'expect_table_columns_to_match_ordered_list',
  unconditional: true,
  summary: 'The columns are exactly these, in this order; null takes any.',
  kwargs: z.strictObject({ column_list: z.array(columnName).optional() }),
  check: ({ column_list }, { schema }) => {
    const columns = schema.fields.map((field) => field.name)
    if (column_list === undefined) return { kind: 'schema', verdict: { success: true, observed_value: columns } }
    const length = Math.max(columns.length, column_list.length)
    const mismatched = Array.from({ length }, (_, index) => ({
      'Expected Column Position': index,
      Expected: column_list[index] ?? null,
      Found: columns[index] ?? null,
    })).filter(({ Expected, Found }) => Expected !== Found)
    const success = mismatched.length === 0
    const verdict = { success, observed_value: columns, ...(success ? {} : { details: { mismatched } }) }
    return { kind: 'schema', verdict }
  },
})

const columnExists = defineExpectation({
  type: 'expect_column_to_exist',
  unconditional: true,
  summary: 'A column is there, at a position (from 0) if one is given.',
  kwargs: z.strictObject({ column: columnName, column_index: z.int().optional() }),
  check: ({ column, column_index }, { schema }) => {
    const position = schema.fields.findIndex((field) => field.name === column)
    // Great Expectations takes position 0 for none given.
    const success = column_index ? position === column_index : position >= 0
    return { kind: 'schema', verdict: { success } }
  },
})

export default [rowsBetween, rowsEqual, columnsBetween, columnsEqual, columnsInSet, columnsInOrder, columnExists]
