import { type DataType, formatType } from '../../../base/kernel/index.ts'
import { sql } from '../../../base/sql/index.ts'
import type { Need } from '../argument-types.ts'
import { Column, col, named, operand } from '../column.ts'
import type {
  ColumnOrName,
  NameOf,
  NamesOf,
  NeedsOf,
  Operand,
  OperandType,
  Truth,
  TypeOf,
  UsesOf,
} from '../column-types.ts'
import { unified } from '../compile/unified.ts'
import { duckDbDialect } from '../dialect/duckdb.ts'
import type { Made } from '../row-types.ts'
import { takesBeside } from './beside-null.ts'
import { binary, define, everywhere, onlyDuckDb, unary, variadic } from './define.ts'
import { BOOLEAN, COMMON, SAME, STRING, VOID } from './result-type.ts'
import { commonOf } from './shared-type.ts'

/** `value` where the condition holds; go on with `.when(…)` and `.otherwise(…)`, without which the rest is null. */
export function when<const C extends Truth, const V extends Operand>(
  condition: C,
  value: V,
): Column<
  Made<'orNull', OperandType<V>>,
  string,
  UsesOf<C> | UsesOf<V>,
  NeedsOf<C> & NeedsOf<V> & Need<TypeOf<C>, boolean | null>
> {
  return new Column({ kind: 'case', branches: [{ when: condition.expr, value: operand(value) }] })
}

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
export const nullif = binary(
  'nullif',
  {
    duckdb: takesBeside((left, right) => `case when ${left} = ${right} then null else $1 end`),
    postgres: 'nullif($1, $2)',
  },
  SAME,
)
/** The first value, or the second where the first is not a number; a double, or a float of floats. */
export const nanvl = binary(
  'nanvl',
  {
    duckdb: ([one, two], types) => {
      const to: DataType = { kind: types.every((type) => type?.kind === 'float') ? 'float' : 'double' }
      const [a, b] = [one, two].map((of, i) => duckDbDialect.cast({ sql: of, type: types[i] }, to, false))
      return sql`case when isnan(${a ?? one}) then ${b ?? two} else ${a ?? one} end`
    },
    postgres: "case when $f1 = 'NaN' then $f2 else $f1 end",
  },
  { of: ([a, b]) => ({ kind: a?.kind === 'float' && b?.kind === 'float' ? 'float' : 'double' }) },
)

/** Negation: `not(col('paid'))`. */
export const not = Object.assign(
  <const C extends Truth>(
    condition: C,
  ): Column<boolean | null, string, UsesOf<C>, NeedsOf<C> & Need<TypeOf<C>, boolean | null>> =>
    new Column({ kind: 'call', fn: 'not', args: [condition.expr] }),
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
  ): Column<
    TypeOf<B> | TypeOf<C>,
    string,
    NamesOf<A> | NamesOf<B> | NamesOf<C>,
    NeedsOf<A> & NeedsOf<B> & NeedsOf<C>
  > => new Column({ kind: 'call', fn: 'nvl2', args: [named(value), named(then), named(otherwise)] }),
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
export const raiseError = unary('raise_error', onlyDuckDb("error('[USER_RAISED_EXCEPTION] ' || $1)"), VOID)

/** Null where a condition is true; where it is not the action fails with the message. */
export const assertTrue = Object.assign(
  <const C extends Truth>(
    condition: C,
    message?: string,
  ): Column<null, string, UsesOf<C>, NeedsOf<C> & Need<TypeOf<C>, boolean | null>> =>
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
      VOID,
    ),
  },
)

/** The same as `col`. */
export const column = col
type Sorted<A> = Column<TypeOf<A>, NameOf<A> & string, NamesOf<A>, NeedsOf<A>>
/** Ascending, nulls first: `orderBy(asc('day'))`. */
export const asc = <const A extends ColumnOrName>(name: A): Sorted<A> => asColumn(name).asc()
export const ascNullsFirst = <const A extends ColumnOrName>(name: A): Sorted<A> => asColumn(name).ascNullsFirst()
export const ascNullsLast = <const A extends ColumnOrName>(name: A): Sorted<A> => asColumn(name).ascNullsLast()
/** Descending, nulls last. */
export const desc = <const A extends ColumnOrName>(name: A): Sorted<A> => asColumn(name).desc()
export const descNullsFirst = <const A extends ColumnOrName>(name: A): Sorted<A> => asColumn(name).descNullsFirst()
export const descNullsLast = <const A extends ColumnOrName>(name: A): Sorted<A> => asColumn(name).descNullsLast()

/** A function by its name in Spark SQL: `callFunction('date_add', 'day', lit(1))`. */
export function callFunction(name: string, ...args: readonly ColumnOrName[]): Column {
  return new Column({ kind: 'call', fn: name.toLowerCase(), args: args.map(named) })
}

function asColumn(of: ColumnOrName): Column {
  return typeof of === 'string' ? col(of) : of
}
