import { z } from 'zod'
import { type Json, MillraceError } from '../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../base/sql/index.ts'
import { isDateutilMoment } from '../dateutil.ts'
import { type Column, defineExpectation } from '../expectation.ts'
import { jsonSchemaCheck } from '../json-schema.ts'
import { columnName, mostly } from '../kwargs.ts'
import { pythonJson } from '../python-json.ts'
import { checkValues } from '../row-check.ts'
import { strftimeTest } from '../strftime.ts'

const isJson = defineExpectation({
  type: 'expect_column_values_to_be_json_parseable',
  summary: "Each text is JSON, as Python's json module reads it.",
  kwargs: z.strictObject({ column: columnName, mostly }),
  check: ({ column: name, mostly }, on) => {
    const column = on.column(name)
    if (column.type.kind === 'json') return checkValues(column, mostly, sql`false`)
    if (column.type.kind !== 'string') return checkValues(column, mostly, sql`true`)
    return checkValues(column, mostly, sql`true`, {
      decide: {
        expected: (text) => pythonJson(text) !== undefined,
        ...(column.dialect === 'duckdb' ? { among: laxJson(column.sql) } : {}),
      },
    })
  },
})

const matchesSchema = defineExpectation({
  type: 'expect_column_values_to_match_json_schema',
  summary: 'Each text is JSON that a JSON Schema (2020-12; formats are not checked) allows.',
  kwargs: z.strictObject({
    column: columnName,
    mostly,
    json_schema: z.record(z.string(), z.json()) as unknown as z.ZodType<Json>,
  }),
  check: ({ column: name, mostly, json_schema }, on) => {
    const column = on.column(name)
    const allows = jsonSchemaCheck(json_schema)
    if (column.type.kind !== 'json') textOf(column)
    return checkValues(column, mostly, sql`true`, {
      decide: {
        expected: (text) => {
          const value = pythonJson(text)
          if (value !== undefined) return allows(value)
          throw new MillraceError('EXPECTATION_INVALID', `a text of "${name}" is no JSON`, {
            hint: 'Expect the values to be JSON first: expect_column_values_to_be_json_parseable.',
          })
        },
      },
    })
  },
})

const isMoment = defineExpectation({
  type: 'expect_column_values_to_be_dateutil_parseable',
  summary: "Each text is a moment, as Python's dateutil reads it.",
  kwargs: z.strictObject({ column: columnName, mostly }),
  check: ({ column: name, mostly }, on) => {
    const column = on.column(name)
    textOf(column)
    const now = new Date()
    const expected = (text: string) => isDateutilMoment(text, now)
    return checkValues(column, mostly, sql`true`, { decide: { expected } })
  },
})

const matchesFormat = defineExpectation({
  type: 'expect_column_values_to_match_strftime_format',
  summary: "Each text is a moment in a format of Python's strptime.",
  kwargs: z.strictObject({ column: columnName, mostly, strftime_format: z.string() }),
  check: ({ column: name, mostly, strftime_format }, on) => {
    const column = on.column(name)
    return checkValues(column, mostly, sql`not ${strftimeTest(textOf(column), strftime_format, column.dialect)}`)
  },
})

/** Texts that are none for DuckDB, or hold what it alone takes for JSON: trailing commas, `nan` and `inf` in any case. */
function laxJson(text: Sql): Sql {
  return sql`not json_valid(${text}) or regexp_matches(${text}, ${',\\s*[]}]|[nN][aA][nN]|[iI][nN][fF]'})`
}

function textOf(column: Column): Sql {
  if (column.type.kind === 'string') return column.sql
  throw new MillraceError('EXPECTATION_INVALID', `parsing "${column.name}", which is ${column.type.kind}, not text`, {
    hint: 'Only text columns are parsed.',
  })
}

export default [isJson, matchesSchema, isMoment, matchesFormat]
