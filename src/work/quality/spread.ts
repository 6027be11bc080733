import { type Sql, sql } from '../../base/sql/index.ts'
import type { Column } from './expectation.ts'

/** The standard deviation of a sample; unknown, rather than refused by the engine, when a value is infinite. */
export function spreadOf(value: Sql, { type, dialect }: Column): Sql {
  const spread = sql`cast(stddev_samp(${value}) as double precision)`
  if (dialect !== 'duckdb' || (type.kind !== 'double' && type.kind !== 'float')) return spread
  return sql`case when bool_or(isinf(${value})) then null
    else cast(stddev_samp(${value}) filter (where isfinite(${value})) as double precision) end`
}
