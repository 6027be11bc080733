import { z } from 'zod'
import { MillraceError } from '../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation } from '../expectation.ts'
import { judgeNumber, judgeValue } from '../judge.ts'
import { bounds, columnName } from '../kwargs.ts'
import { familyOf, operand, toNumber } from '../literal.ts'
import { spreadOf } from '../spread.ts'

const kwargs = z.strictObject({ column: columnName, ...bounds })

/** An expectation on one number computed over a column of numbers. */
function statistic<const N extends string>(name: N, what: string, measure: (value: Sql, column: Column) => Sql) {
  return defineExpectation({
    type: `expect_column_${name}_to_be_between` as const,
    summary: `${what} of a column lies between two bounds.`,
    kwargs,
    check: ({ column: written, ...limits }, on) => {
      const column = on.column(written)
      return {
        kind: 'aggregate',
        measures: { value: measure(numbers(column), column) },
        judge: ({ value }) => judgeNumber(toNumber(value), limits),
      }
    },
  })
}

/** An expectation on the least or greatest value of a column of any type with an order. */
function extreme<const N extends 'min' | 'max'>(name: N, what: string) {
  return defineExpectation({
    type: `expect_column_${name}_to_be_between` as const,
    summary: `${what} of a column lies between two bounds.`,
    kwargs,
    check: ({ column: written, ...limits }, on) => {
      const column = on.column(written)
      const value = extremeOf(name, column)
      return { kind: 'aggregate', measures: { value }, judge: (seen) => judgeValue(seen.value, column, limits) }
    },
  })
}

/** PostgreSQL has no least boolean and no least uuid. */
function extremeOf(name: 'min' | 'max', column: Column): Sql {
  const { kind } = column.type
  if (column.dialect === 'postgres' && kind === 'boolean') {
    return name === 'min' ? sql`bool_and(${column.sql})` : sql`bool_or(${column.sql})`
  }
  const value = kind === 'uuid' ? operand(column) : column.sql
  return name === 'min' ? sql`min(${value})` : sql`max(${value})`
}

function numbers(column: Column): Sql {
  if (familyOf(column.type) === 'number') return column.sql
  // True is one, as it is for Python.
  if (familyOf(column.type) === 'boolean') return sql`cast(${column.sql} as integer)`
  throw new MillraceError('EXPECTATION_INVALID', `computing a statistic of "${column.name}" (${column.type.kind})`, {
    hint: 'Mean, median, sum and standard deviation are of columns of numbers.',
  })
}

export default [
  statistic('mean', 'The mean', (column) => sql`cast(avg(${column}) as double precision)`),
  statistic(
    'median',
    'The median',
    (column) => sql`percentile_cont(0.5) within group (order by cast(${column} as double precision))`,
  ),
  statistic('sum', 'The sum', (value, { dialect }) => {
    const sum = sql`cast(sum(${value}) as double precision)`
    // The sum of nothing is 0 in pandas, which reads files, and unknown in a database.
    return dialect === 'duckdb' ? sql`coalesce(${sum}, 0)` : sum
  }),
  statistic('stdev', 'The standard deviation (of a sample)', (value, column) => spreadOf(value, column)),
  extreme('min', 'The least value'),
  extreme('max', 'The greatest value'),
]
