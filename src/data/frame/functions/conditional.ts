import { formatType } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import { Column, type ColumnOrName, col, type NamesOf, named, type Operand, operand, type UsesOf } from '../column.ts'
import { unified } from '../compile/unified.ts'
import { duckDbDialect } from '../dialect/duckdb.ts'
import { binary, define, everywhere, onlyDuckDb, unary, variadic } from './define.ts'
import { BOOLEAN, COMMON, SAME, STRING, UNKNOWN } from './result-type.ts'
import { commonOf } from './shared-type.ts'

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

/** Equal, where two nulls are equal; never null. */
export const equalNull = binary('equal_null', everywhere('($u1 is not distinct from $u2)'), BOOLEAN)

/** The second where the first is not null, else the third. */
export const nvl2 = Object.assign(
  <const A extends ColumnOrName, const B extends ColumnOrName, const C extends ColumnOrName>(
    value: A,
    then: B,
    otherwise: C,
    // biome-ignore lint/suspicious/noExplicitAny: the type of the second and the third
  ): Column<any, string, NamesOf<A> | NamesOf<B> | NamesOf<C>> =>
    new Column({ kind: 'call', fn: 'nvl2', args: [named(value), named(then), named(otherwise)] }),
  {
    definition: define(
      'nvl2',
      onlyDuckDb(([value, then, otherwise], [, one, two]) => {
        const given = [
          { sql: then, type: one },
          { sql: otherwise, type: two },
        ]
        const [a, b] = unified(given, duckDbDialect)
        return sql`case when ${value} is not null then ${a?.sql ?? then} else ${b?.sql ?? otherwise} end`
      }),
      { of: ([, one, two]) => commonOf([one, two]) },
    ),
  },
)

/** The name of a value's type, such as `decimal(10,2)`. */
export const typeof_ = unary(
  'typeof',
  onlyDuckDb((_args, [type], call) =>
    type ? sql`${type.kind === 'null' ? 'void' : formatType(type)}` : call.refuse('of a value of unknown type'),
  ),
  STRING,
)

/** Fails the action with a message. */
export const raiseError = unary('raise_error', onlyDuckDb("error('[USER_RAISED_EXCEPTION] ' || $1)"), UNKNOWN)

/** Null where a condition is true; where it is not the action fails with the message. */
export const assertTrue = Object.assign(
  <U extends string>(
    // biome-ignore lint/suspicious/noExplicitAny: any condition will do
    condition: Column<any, any, U>,
    message?: string,
  ): Column<null, string, U> =>
    new Column({
      kind: 'call',
      fn: 'assert_true',
      args: [condition.expr, ...(message === undefined ? [] : [operand(message)])],
    }),
  {
    definition: define(
      'assert_true',
      onlyDuckDb(([condition, message]) => {
        const text = message ?? sql`'a condition is not true'`
        return sql`case when ${condition} then null else error('[USER_RAISED_EXCEPTION] ' || ${text}) end`
      }),
      { of: () => ({ kind: 'null' }) },
    ),
  },
)

/** The same as `col`. */
export const column = col
/** Ascending, nulls first: `orderBy(asc('day'))`. */
export const asc = (name: ColumnOrName): Column => asColumn(name).asc()
export const ascNullsFirst = (name: ColumnOrName): Column => asColumn(name).ascNullsFirst()
export const ascNullsLast = (name: ColumnOrName): Column => asColumn(name).ascNullsLast()
/** Descending, nulls last. */
export const desc = (name: ColumnOrName): Column => asColumn(name).desc()
export const descNullsFirst = (name: ColumnOrName): Column => asColumn(name).descNullsFirst()
export const descNullsLast = (name: ColumnOrName): Column => asColumn(name).descNullsLast()

/** A function by its name in Spark SQL: `callFunction('date_add', 'day', lit(1))`. */
export function callFunction(name: string, ...args: readonly ColumnOrName[]): Column {
  return new Column({ kind: 'call', fn: name.toLowerCase(), args: args.map(named) })
}

function asColumn(of: ColumnOrName): Column {
  return typeof of === 'string' ? col(of) : of
}
