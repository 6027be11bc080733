import { z } from 'zod'
import { sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation, type MapCheck } from '../expectation.ts'
import { judgeNumber } from '../judge.ts'
import { bounds, columnName, mostly } from '../kwargs.ts'
import { toNumber } from '../literal.ts'

const kwargs = z.strictObject({ column: columnName, mostly })

const notNull = defineExpectation({
  type: 'expect_column_values_to_not_be_null',
  summary: 'A column has a value in every row.',
  kwargs,
  check: ({ column, mostly }, on) => everyRow(on.column(column), mostly, 'is null'),
})

const isNull = defineExpectation({
  type: 'expect_column_values_to_be_null',
  summary: 'A column has no value in any row.',
  kwargs,
  check: ({ column, mostly }, on) => everyRow(on.column(column), mostly, 'is not null'),
})

const proportion = defineExpectation({
  type: 'expect_column_proportion_of_non_null_values_to_be_between',
  summary: 'The share of rows with a value lies between two bounds.',
  kwargs: z.strictObject({ column: columnName, ...bounds }),
  check: ({ column, ...limits }, on) => ({
    kind: 'aggregate',
    measures: { rows: sql`count(*)`, present: sql`count(${on.column(column).sql})` },
    judge: ({ rows, present }) => {
      const all = toNumber(rows) ?? 0
      return judgeNumber(all === 0 ? 0 : (toNumber(present) ?? 0) / all, limits)
    },
  }),
})

function everyRow(column: Column, mostly: number, unexpected: 'is null' | 'is not null'): MapCheck {
  const rows = unexpected === 'is null' ? sql`${column.sql} is null` : sql`${column.sql} is not null`
  const nulls = unexpected === 'is null' ? 'unexpected' : 'expected'
  return { kind: 'map', unexpected: rows, sample: [column], shape: 'value', mostly, nulls }
}

export default [notNull, isNull, proportion]
