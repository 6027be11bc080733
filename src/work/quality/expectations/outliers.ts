import { z } from 'zod'
import { MillraceError } from '../../../base/kernel/index.ts'
import { type Sql, sql } from '../../../base/sql/index.ts'
import { type Column, defineExpectation } from '../expectation.ts'
import { columnName, mostly } from '../kwargs.ts'
import { familyOf } from '../literal.ts'
import { checkValues } from '../row-check.ts'
import { spreadOf } from '../spread.ts'

const zScores = defineExpectation({
  type: 'expect_column_value_z_scores_to_be_less_than',
  summary: 'No value lies further from the mean than a number of standard deviations.',
  kwargs: z.strictObject({ column: columnName, mostly, threshold: z.number(), double_sided: z.boolean() }),
  check: ({ column: name, mostly, threshold, double_sided }, on) => {
    const column = on.column(name)
    const score = sql`(${numberOf(column)} - millrace_mean) / nullif(millrace_spread, 0)`
    const under = double_sided ? sql`abs(${score}) < ${Math.abs(threshold)}` : sql`${score} < ${threshold}`
    // Without a spread no value is far away.
    return checkValues(column, mostly, sql`not coalesce(${under}, true)`, {
      over: (relation) => beside(relation, meanAndSpread(column)),
    })
  },
})

const notOutliers = defineExpectation({
  type: 'expect_column_values_to_not_be_outliers',
  summary:
    'No value lies outside the quartiles by more than multiplier × their distance (iqr), or that many standard deviations from the mean (std).',
  kwargs: z.strictObject({
    column: columnName,
    mostly,
    method: z.enum(['iqr', 'std']).default('iqr'),
    multiplier: z.number().min(0).default(1.5),
  }),
  check: ({ column: name, mostly, method, multiplier }, on) => {
    const column = on.column(name)
    const value = numberOf(column)
    const reach = sql`${multiplier} * millrace_spread`
    const inside =
      method === 'iqr'
        ? sql`${value} >= millrace_low - ${reach} and ${value} <= millrace_high + ${reach}`
        : sql`case when ${reach} <= 0 then ${value} = millrace_mean else abs(${value} - millrace_mean) < ${reach} end`
    return checkValues(column, mostly, sql`not coalesce(${inside}, true)`, {
      over: (relation) => beside(relation, method === 'iqr' ? quartiles(column) : meanAndSpread(column)),
    })
  },
})

/** The relation with statistics of all its rows beside each row. */
function beside(relation: Sql, statistics: Sql): Sql {
  return sql`(
    select * from ${relation} cross join (select ${statistics} from ${relation}) as millrace_statistics
  ) as measured`
}

function meanAndSpread(column: Column): Sql {
  const value = numberOf(column)
  return sql`avg(${value}) as millrace_mean, ${spreadOf(value, column)} as millrace_spread`
}

function quartiles(column: Column): Sql {
  const low = sql`percentile_cont(0.25) within group (order by ${numberOf(column)})`
  const high = sql`percentile_cont(0.75) within group (order by ${numberOf(column)})`
  return sql`${low} as millrace_low, ${high} as millrace_high, ${high} - ${low} as millrace_spread`
}

function numberOf(column: Column): Sql {
  if (familyOf(column.type) === 'number') return sql`cast(${column.sql} as double precision)`
  if (familyOf(column.type) === 'boolean') return sql`cast(cast(${column.sql} as integer) as double precision)`
  throw new MillraceError('EXPECTATION_INVALID', `looking for outliers of "${column.name}" (${column.type.kind})`, {
    hint: 'Outliers and z-scores are of columns of numbers.',
  })
}

export default [zScores, notOutliers]
