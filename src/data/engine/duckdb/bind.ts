import type { DuckDBPreparedStatement } from '@duckdb/node-api'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { SqlValue } from '../../../base/sql/index.ts'
import type { Bindings } from './bindings.ts'

const LONG = 2n ** 63n
const HUGE = 2n ** 127n

/**
 * Binds values by position: whole numbers as INTEGER or BIGINT, others as DOUBLE, a bigint as BIGINT or HUGEINT,
 * a Date as TIMESTAMPTZ.
 * @throws MillraceError SQL_VALUE_UNSUPPORTED for an integer beyond 128 bits
 */
export function bindValues(statement: DuckDBPreparedStatement, values: readonly SqlValue[], bindings: Bindings): void {
  for (const [index, value] of values.entries()) bindValue(statement, index + 1, value, bindings)
}

function bindValue(statement: DuckDBPreparedStatement, at: number, value: SqlValue, { api }: Bindings): void {
  if (value === null) statement.bindNull(at)
  else if (typeof value === 'boolean') statement.bindBoolean(at, value)
  else if (typeof value === 'string') statement.bindVarchar(at, value)
  else if (typeof value === 'number') bindNumber(statement, at, value)
  else if (typeof value === 'bigint') bindInteger(statement, at, value)
  else if (value instanceof Date) {
    statement.bindTimestampTZ(at, new api.DuckDBTimestampTZValue(BigInt(value.getTime()) * 1000n))
  } else statement.bindBlob(at, value)
}

function bindNumber(statement: DuckDBPreparedStatement, at: number, value: number): void {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) statement.bindDouble(at, value)
  else if ((value | 0) === value) statement.bindInteger(at, value)
  else statement.bindBigInt(at, BigInt(value))
}

function bindInteger(statement: DuckDBPreparedStatement, at: number, value: bigint): void {
  if (value >= -LONG && value < LONG) statement.bindBigInt(at, value)
  else if (value >= -HUGE && value < HUGE) statement.bindHugeInt(at, value)
  else throw new MillraceError('SQL_VALUE_UNSUPPORTED', `binding ${value}, which has more than 128 bits`)
}
