import { z } from 'zod'
import { join, type Sql, sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation, type MapCheck } from '../expectation.ts'
import { columnList, columnName, ignoreRecordIf, ignoreRowIf, mostly, valueSet } from '../kwargs.ts'
import { comparable, familyOf, operand } from '../literal.ts'
import { missingPair, missingRecord } from '../row-check.ts'

const pair = {
  column_A: columnName,
  column_B: columnName,
  mostly,
  ignore_row_if: ignoreRowIf.default('both_values_are_missing'),
}

const equal = defineExpectation({
  type: 'expect_column_pair_values_to_be_equal',
  summary: 'Two columns have the same value in each row.',
  kwargs: z.strictObject(pair),
  check: (kwargs, on) => {
    const [a, b] = [on.column(kwargs.column_A), on.column(kwargs.column_B)]
    return ofPairs(kwargs, a, b, () => sql`${besideText(a, b)} = ${besideText(b, a)}`)
  },
})

const greater = defineExpectation({
  type: 'expect_column_pair_values_a_to_be_greater_than_b',
  summary: 'In each row the value of one column is greater (or_equal: not less) than that of another.',
  kwargs: z.strictObject({ ...pair, or_equal: z.boolean().optional() }),
  check: (kwargs, on) =>
    ofPairs(kwargs, on.column(kwargs.column_A), on.column(kwargs.column_B), (a, b) =>
      kwargs.or_equal ? sql`${a} >= ${b}` : sql`${a} > ${b}`,
    ),
})

const inSet = defineExpectation({
  type: 'expect_column_pair_values_to_be_in_set',
  summary: 'The pair of values of two columns is one of a set of pairs.',
  kwargs: z.strictObject({ ...pair, value_pairs_set: z.array(valueSet.length(2)) }),
  check: (kwargs, on) => {
    const [a, b] = [on.column(kwargs.column_A), on.column(kwargs.column_B)]
    const pairs = kwargs.value_pairs_set.flatMap(([left = null, right = null]) => {
      const [first, second] = [comparable(a, left), comparable(b, right)]
      return first && second ? [sql`(${operand(a)} = ${first} and ${operand(b)} = ${second})`] : []
    })
    return ofPairs(kwargs, a, b, () => (pairs.length === 0 ? sql`false` : join(pairs, ' or ')))
  },
})

const sum = defineExpectation({
  type: 'expect_multicolumn_sum_to_equal',
  summary: 'In each row the values of several columns add up to a total.',
  kwargs: z.strictObject({
    column_list: columnList,
    sum_total: z.number(),
    mostly,
    ignore_row_if: ignoreRecordIf.default('all_values_are_missing'),
  }),
  check: ({ column_list, sum_total, mostly, ignore_row_if }, on) => {
    const columns = column_list.map((name) => on.column(name))
    const missing = missingRecord(columns, ignore_row_if)
    const total = join(
      columns.map((column) => column.sql),
      ' + ',
    )
    return {
      kind: 'map',
      // The sum of a row that lacks a value is none.
      unexpected: sql`(${total}) is distinct from ${sum_total}`,
      sample: columns,
      shape: 'record',
      mostly,
      ...(missing ? { missing } : {}),
    }
  },
})

const allEqual = defineExpectation({
  type: 'expect_multicolumn_values_to_be_equal',
  summary: 'In each row several columns hold the same value; two missing values are the same.',
  kwargs: z.strictObject({
    column_list: columnList.min(2),
    mostly,
    ignore_row_if: ignoreRecordIf.default('all_values_are_missing'),
  }),
  check: ({ column_list, mostly, ignore_row_if }, on) => {
    const [first, ...others] = column_list.map((name) => on.column(name))
    const differing = others.map((column) => sql`${first?.sql ?? sql`null`} is distinct from ${column.sql}`)
    const columns = first ? [first, ...others] : others
    const missing = missingRecord(columns, ignore_row_if)
    return {
      kind: 'map',
      unexpected: sql`(${join(differing, ' or ')})`,
      sample: columns,
      shape: 'record',
      mostly,
      ...(missing ? { missing } : {}),
    }
  },
})

/** The column as it is compared with another: of a number and a text, the text is read as a number where it is one. */
function besideText(column: Column, other: Column): Sql {
  const [own, its] = [familyOf(column.type), familyOf(other.type)]
  if (column.dialect === 'postgres') {
    return own === 'number' && its === 'text' ? sql`cast(${column.sql} as text)` : column.sql
  }
  return own === 'text' && its === 'number' ? sql`try_cast(${column.sql} as double)` : column.sql
}

function ofPairs(
  { mostly, ignore_row_if }: { mostly: number; ignore_row_if: string },
  a: Column,
  b: Column,
  expected: (a: Sql, b: Sql) => Sql,
): MapCheck {
  const missing = missingPair(a, b, ignore_row_if)
  return {
    kind: 'map',
    // A comparison with a missing value is not met, rather than unknown.
    unexpected: sql`not coalesce(${expected(a.sql, b.sql)}, false)`,
    sample: [a, b],
    shape: 'pair',
    mostly,
    ...(missing ? { missing } : {}),
  }
}

export default [equal, greater, inSet, sum, allEqual]
