import { sql, trusted } from '../../../../base/sql/index.ts'
import { define, type Template } from '../define.ts'
import type { ResultType } from '../result-type.ts'
import { raised } from './math-argument.ts'

const LONG: ResultType<unknown> = { of: () => ({ kind: 'long' }) }
const BY_ZERO = raised('DIVIDE_BY_ZERO', 'Division by zero. Use try_divide to get NULL instead')

/** The whole part of a quotient of whole numbers or decimals, as a long; the least long by -1 fails. */
const divided: Template = ([left, right], types) => {
  const decimal = types.some((type) => type?.kind === 'decimal')
  const as = trusted(decimal ? 'decimal(38,10)' : 'bigint')
  const [a, b] = [sql`cast(${left} as ${as})`, sql`cast(${right} as ${as})`]
  const value = decimal ? sql`cast(trunc(${a} / ${b}) as bigint)` : sql`(${a} // ${b})`
  return sql`case when ${b} = 0 and ${a} is not null then ${BY_ZERO} else ${value} end`
}

/** Spark's operator `div` of SQL text. */
export const INTEGRAL_DIVISION = define(
  'div',
  { duckdb: divided, postgres: 'cast(div(cast($1 as numeric), cast($2 as numeric)) as bigint)' },
  LONG,
)
