import { Column, type Operand, operand, type UsesOf } from '../column.ts'
import { binary, define, everywhere, unary, variadic } from './define.ts'
import { BOOLEAN, COMMON, SAME } from './result-type.ts'

/** `value` where the condition holds; go on with `.when(…)` and `.otherwise(…)`, without which the rest is null. */
export function when<U extends string, const V extends Operand>(
  // biome-ignore lint/suspicious/noExplicitAny: any condition will do
  condition: Column<any, any, U>,
  value: V,
): Column<ValueOf<V> | null, string, U | UsesOf<V>> {
  return new Column({ kind: 'case', branches: [{ when: condition.expr, value: operand(value) }] })
}
type ValueOf<V> = V extends Column<infer T, infer _N, infer _U> ? T : V

/** The first value that is not null. */
export const coalesce = variadic('coalesce', everywhere('coalesce($u*)'), COMMON)
export const isnull = unary('isnull', everywhere('($1 is null)'), BOOLEAN)
export const isnotnull = unary('isnotnull', everywhere('($1 is not null)'), BOOLEAN)
export const isnan = unary(
  'isnan',
  { duckdb: 'coalesce(isnan(cast($1 as double)), false)', postgres: "coalesce($f1 = 'NaN', false)" },
  BOOLEAN,
)
/** The first value, or the second where the first is null. */
export const nvl = binary('nvl', everywhere('coalesce($u1, $u2)'), COMMON)
export const ifnull = binary('ifnull', everywhere('coalesce($u1, $u2)'), COMMON)
/** Null where both are equal, else the first. */
export const nullif = binary('nullif', everywhere('nullif($1, $2)'), SAME)
/** The first value, or the second where the first is not a number. */
export const nanvl = binary(
  'nanvl',
  {
    duckdb: 'case when isnan($1) then $2 else $1 end',
    postgres: "case when $f1 = 'NaN' then $u2 else $u1 end",
  },
  COMMON,
)

/** Negation: `not(col('paid'))`. */
export const not = Object.assign(
  // biome-ignore lint/suspicious/noExplicitAny: any condition will do
  <U extends string>(condition: Column<any, any, U>): Column<boolean | null, string, U> => condition.not(),
  { definition: define('not', everywhere('(not $1)'), BOOLEAN) },
)
