import { z } from 'zod'
import { MillraceError } from '../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation, type MapCheck } from '../expectation.ts'
import { columnName, mostly } from '../kwargs.ts'
import { familyOf } from '../literal.ts'
import { checkValues } from '../row-check.ts'

const kwargs = z.strictObject({ column: columnName, mostly, strictly: z.boolean().optional() })

const increasing = defineExpectation({
  type: 'expect_column_values_to_be_increasing',
  summary: 'In the order of the rows no value is less than the one before it (strictly: nor equal). DuckDB only.',
  kwargs,
  check: ({ column, mostly, strictly }, on) =>
    besidePrevious(on.column(column), mostly, (value, previous) =>
      strictly ? sql`${value} <= ${previous}` : sql`${value} < ${previous}`,
    ),
})

const decreasing = defineExpectation({
  type: 'expect_column_values_to_be_decreasing',
  summary: 'In the order of the rows no value is greater than the one before it (strictly: nor equal). DuckDB only.',
  kwargs,
  check: ({ column, mostly, strictly }, on) =>
    besidePrevious(on.column(column), mostly, (value, previous) =>
      strictly ? sql`${value} >= ${previous}` : sql`${value} > ${previous}`,
    ),
})

/** Compares each value with the one before it; rows without a value are passed over, the first value is always met. */
function besidePrevious(column: Column, mostly: number, wrong: (value: Sql, previous: Sql) => Sql): MapCheck {
  if (column.dialect !== 'duckdb') {
    throw new MillraceError('ENGINE_UNSUPPORTED', `comparing each value of "${column.name}" with the one before it`, {
      hint: 'Rows of this engine have no order. Validate the file or the table of the lake on DuckDB.',
    })
  }
  if (familyOf(column.type) === 'text') {
    throw new MillraceError('EXPECTATION_INVALID', `"${column.name}" is ${column.type.kind}, which does not rise`, {
      hint: 'Numbers and moments rise and fall. Cast the text in a query.',
    })
  }
  return checkValues(column, mostly, sql`coalesce(${wrong(column.sql, sql`millrace_previous`)}, false)`, {
    // A window without an order runs over the rows as they are stored.
    over: (relation) => sql`(
      select *, lag(${column.sql}) over () as millrace_previous from ${relation} where ${column.sql} is not null
    ) as ordered`,
  })
}

export default [increasing, decreasing]
