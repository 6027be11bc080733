import { z } from 'zod'
import { MillraceError } from '../../../base/kernel/index.ts'
import { join, type Sql, sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation, type MapCheck } from '../expectation.ts'
import { type Bounds, bounds, columnName, mostly } from '../kwargs.ts'
import { comparable, familyOf, isMoment, operand, sortableMoment } from '../literal.ts'
import { checkValues } from '../row-check.ts'

const between = defineExpectation({
  type: 'expect_column_values_to_be_between',
  summary: 'Each value lies between two bounds: numbers or moments.',
  kwargs: z.strictObject({ column: columnName, mostly, ...bounds }),
  check: ({ column: name, mostly, ...limits }, on) => {
    const column = on.column(name)
    if (familyOf(column.type) === 'text') {
      throw new MillraceError('EXPECTATION_INVALID', `"${name}" is ${column.type.kind}, which has no bounds`, {
        hint: 'Bounds are for numbers and moments. Of text expect a set, a pattern or a length, or cast it in a query.',
      })
    }
    const { min_value: min, max_value: max } = limits
    if (min !== undefined && max !== undefined && isGreater(min, max)) {
      throw new MillraceError('EXPECTATION_INVALID', `min_value ${min} is greater than max_value ${max}`, {
        hint: 'Exchange min_value and max_value.',
      })
    }
    return withinLimits(column, operand(column), mostly, limits, (value) => bound(column, value))
  },
})

const lengthsBetween = defineExpectation({
  type: 'expect_column_value_lengths_to_be_between',
  summary: 'The length of each text, in code points, lies between two bounds.',
  kwargs: z.strictObject({ column: columnName, mostly, ...bounds }),
  check: ({ column: name, mostly, ...limits }, on) => {
    const column = on.column(name)
    return withinLimits(column, lengthOf(column), mostly, limits, (value) => sql`${Number(value)}`)
  },
})

const lengthsEqual = defineExpectation({
  type: 'expect_column_value_lengths_to_equal',
  summary: 'Each text has exactly this length, in code points.',
  kwargs: z.strictObject({ column: columnName, mostly, value: z.number() }),
  check: ({ column: name, mostly, value }, on) => {
    const column = on.column(name)
    return checkValues(column, mostly, sql`${lengthOf(column)} <> ${value}`)
  },
})

function withinLimits(
  column: Column,
  value: Sql,
  mostly: number,
  limits: Bounds,
  read: (bound: number | string) => Sql,
): MapCheck {
  const ordered = column.dialect === 'duckdb' && column.type.kind !== 'boolean'
  return checkValues(column, mostly, sql`not (${inside([value, value], limits, read)})`, {
    // All values lie within if the least and the greatest do.
    ...(ordered
      ? { proof: sql`coalesce(${inside([sql`min(${value})`, sql`max(${value})`], limits, read)}, true)` }
      : {}),
  })
}

function inside([least, most]: readonly [Sql, Sql], limits: Bounds, read: (bound: number | string) => Sql): Sql {
  const { min_value: min, max_value: max, strict_min, strict_max } = limits
  const tests: Sql[] = []
  if (min !== undefined) tests.push(strict_min ? sql`${least} > ${read(min)}` : sql`${least} >= ${read(min)}`)
  if (max !== undefined) tests.push(strict_max ? sql`${most} < ${read(max)}` : sql`${most} <= ${read(max)}`)
  if (tests.length > 0) return join(tests, ' and ')
  throw new MillraceError('EXPECTATION_INVALID', 'min_value and max_value are both missing', {
    hint: 'Give at least one of min_value and max_value.',
  })
}

function isGreater(min: number | string, max: number | string): boolean {
  const [low, high] = [Number(min), Number(max)]
  if (!Number.isNaN(low) && !Number.isNaN(high)) return low > high
  return isMoment(min) && isMoment(max) && sortableMoment(min) > sortableMoment(max)
}

function bound(column: Column, value: number | string): Sql {
  const literal = comparable(column, value)
  if (literal) return literal
  const what = `comparing column "${column.name}" (${column.type.kind}) with ${JSON.stringify(value)}`
  throw new MillraceError('EXPECTATION_INVALID', what, { hint: 'Write the bound in the type of the column.' })
}

function lengthOf(column: Column): Sql {
  if (column.type.kind === 'string') return sql`length(${column.sql})`
  // Of what is no text, its text is as long as Python's.
  if (['number', 'text', 'boolean', 'moment'].includes(familyOf(column.type))) {
    return sql`length(cast(${column.sql} as varchar))`
  }
  throw new MillraceError('EXPECTATION_INVALID', `"${column.name}" is ${column.type.kind}, which has no length`, {
    hint: 'Lengths are of texts, numbers and moments.',
  })
}

export default [between, lengthsBetween, lengthsEqual]
