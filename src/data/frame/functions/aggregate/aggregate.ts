import { type DataType, sqlTypeName } from '../../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named } from '../../column.ts'
import type { ColumnOrName, NameOf, NamesOf, NeedsOf } from '../../column-types.ts'
import { ordersAlike } from '../../dialect/duckdb-order.ts'
import {
  binary,
  define,
  everywhere,
  type Forms,
  fillTemplate,
  type More,
  type Template,
  type TemplateArgs,
  unary,
  variadic,
} from '../define.ts'
import { averagedDecimals } from '../math/decimal.ts'
import { ONE_OF, TAKES, TOTAL } from '../math/held-decimal.ts'
import { AVERAGE, BOOLEAN, COUNT, DOUBLE, LIST, SAME, SUM } from '../result-type.ts'
import { fill, unwindowed } from '../unwindowed.ts'

const OF_GROUP: More = { kind: 'aggregate' }
const OF_NUMBERS: More = { kind: 'aggregate', numeric: true }
const AVERAGES: More = { ...OF_NUMBERS, held: TAKES }
const EXTREME: More = { ...OF_GROUP, held: ONE_OF }

// A numeric average cast to a double may be off by the last digit; doubles are added as they are.
const AVERAGED: Template = (args, types, call) =>
  fill(
    types[0]?.kind === 'float' || types[0]?.kind === 'double'
      ? 'avg($f1)'
      : 'cast(sum($1)$over as double precision) / nullif(count($1)$over, 0)',
    args,
    types,
    call,
  )
// Of decimals the exact sum is divided by the count, rounded half up.
const AVERAGED_EXACTLY: Template = (_args, [type], { type: to }) =>
  type?.kind === 'decimal' && to?.kind === 'decimal'
    ? averagedDecimals(type, to)
    : // Spark adds doubles, which hold no more than 53 bits.
      type?.kind === 'long'
      ? 'avg(cast($1 as double))'
      : 'avg($1)'

// Without variance there is no correlation: a division by zero in Spark, null in PostgreSQL.
const CORRELATION =
  'case when regr_count($f1, $f2)$over > 1 then coalesce(corr($f1, $f2)$over, 1 / (regr_count($f1, $f2)$over * 0)) end'

/** The sum of the values that are not null; null without any. */
export const sum = unary('sum', { duckdb: 'sum($1)', postgres: total('sum($1)') }, SUM, {
  ...OF_NUMBERS,
  finish: narrowed,
  held: TOTAL,
})

// A sum of whole numbers is 128 bits wide in DuckDB, which no file format holds; the cast fails on an overflow.
function narrowed(total: Sql, types: readonly (DataType | undefined)[]): Sql {
  const type = SUM.of(types)
  if (type?.kind !== 'long' && type?.kind !== 'decimal') return total
  return sql`cast(${total} as ${trusted(sqlTypeName(type, 'duckdb'))})`
}

/** The least or greatest value; of arrays and structs that whose key is. */
function least(name: 'min' | 'max'): Template {
  return (_args, [type]) => (ordersAlike(type) ? `${name}($1)` : `arg_${name}($1, $o1)`)
}

/** The sum of the different values. */
export const sumDistinct = unary(
  'sum_distinct',
  { duckdb: 'sum(distinct $1)', postgres: unwindowed(total('sum(distinct $1)')) },
  SUM,
  { ...OF_NUMBERS, finish: narrowed, held: TOTAL },
)
/** The mean of the values that are not null. */
export const avg = unary('avg', { duckdb: AVERAGED_EXACTLY, postgres: AVERAGED }, AVERAGE, AVERAGES)
/** The same as `avg`. */
export const mean = unary('mean', { duckdb: AVERAGED_EXACTLY, postgres: AVERAGED }, AVERAGE, AVERAGES)
export const min = unary('min', { duckdb: least('min'), postgres: extreme('min') }, SAME, EXTREME)
export const max = unary('max', { duckdb: least('max'), postgres: extreme('max') }, SAME, EXTREME)
export const median = unary(
  'median',
  { duckdb: 'median(cast($1 as double))', postgres: unwindowed('percentile_cont(0.5) within group (order by $f1)') },
  DOUBLE,
  OF_NUMBERS,
)
/** How far two columns go together, from -1 to 1; of one without variance the action fails, as a division by zero. */
export const corr = binary(
  'corr',
  {
    duckdb:
      "case when regr_count($1, $2)$over > 1 then case when regr_sxx($1, $2)$over = 0 or regr_syy($1, $2)$over = 0 then error('[DIVIDE_BY_ZERO] Division by zero') else corr($1, $2)$over end end",
    postgres: CORRELATION,
  },
  DOUBLE,
  OF_NUMBERS,
)
export const covarSamp = binary('covar_samp', everywhere('covar_samp($f1, $f2)'), DOUBLE, OF_NUMBERS)
export const covarPop = binary('covar_pop', everywhere('covar_pop($f1, $f2)'), DOUBLE, OF_NUMBERS)
/** The first value in no promised order, null or not. */
export const first = unary('first', { duckdb: 'first($1)', postgres: oneOf('(array_agg($1)$over)[1]') }, SAME, OF_GROUP)
/** The last value in no promised order, null or not. */
export const last = unary(
  'last',
  { duckdb: 'last($1)', postgres: oneOf('(array_agg($1)$over)[count(*)$over]') },
  SAME,
  OF_GROUP,
)
/** Any value, null or not. */
export const anyValue = unary(
  'any_value',
  {
    duckdb: 'first($1)',
    postgres: oneOf('(array_agg($1)$over)[1]'),
  },
  SAME,
  OF_GROUP,
)
/** The value of the first column where the second is greatest. */
export const maxBy = binary('max_by', { duckdb: 'arg_max_null($1, $o2)', postgres: by('desc') }, SAME, OF_GROUP)
/** The value of the first column where the second is least. */
export const minBy = binary('min_by', { duckdb: 'arg_min_null($1, $o2)', postgres: by('asc') }, SAME, OF_GROUP)
/** Whether all values are true. */
export const boolAnd = unary('bool_and', everywhere('bool_and($1)'), BOOLEAN, OF_GROUP)
/** Whether any value is true. */
export const boolOr = unary('bool_or', everywhere('bool_or($1)'), BOOLEAN, OF_GROUP)
/** How often the condition is true. */
export const countIf = unary(
  'count_if',
  { duckdb: 'count_if($1)', postgres: 'count(*) filter (where $1)$over' },
  COUNT,
  {
    ...OF_GROUP,
    // Of no rows DuckDB gives null.
    finish: (total) => sql`coalesce(cast(${total} as bigint), 0)`,
  },
)
/** All values that are not null, as an array; empty without any. */
export const collectList = unary(
  'collect_list',
  {
    duckdb: 'list($1) filter (where $1 is not null)',
    postgres: oneOf("coalesce(array_agg($1) filter (where $1 is not null)$over, '{}')"),
  },
  LIST,
  {
    ...OF_GROUP,
    finish: (items) => sql`coalesce(${items}, [])`,
  },
)
/** The different values that are not null, as an array in their order. */
export const collectSet = unary(
  'collect_set',
  {
    duckdb: 'list(distinct $1) filter (where $1 is not null)',
    postgres: unwindowed(oneOf("coalesce(array_agg(distinct $s1 order by $s1) filter (where $1 is not null), '{}')")),
  },
  LIST,
  {
    ...OF_GROUP,
    finish: (items) => sql`coalesce(list_sort(${items}), [])`,
  },
)
/** About how many different values there are (HyperLogLog in DuckDB, exact in PostgreSQL). */
export const approxCountDistinct = unary(
  'approx_count_distinct',
  { duckdb: 'approx_count_distinct($1)', postgres: unwindowed('count(distinct $1)') },
  COUNT,
  OF_GROUP,
)
/** The number of different combinations in which no value is null. */
export const countDistinct = variadic(
  'count_distinct',
  countDistinctForms((args) => {
    if (args.length === 1) return sql`count(distinct ${args[0]})`
    let tuple = args[0]
    let present = sql`${args[0]} is not null`
    for (const arg of args.slice(1)) {
      tuple = sql`${tuple}, ${arg}`
      present = sql`${present} and ${arg} is not null`
    }
    return sql`count(distinct row(${tuple})) filter (where ${present})`
  }),
  COUNT,
  OF_GROUP,
)

/** The number of rows, or with a column the number of its values that are not null. */
function countBuilder(): Column<bigint, 'count(1)', never>
function countBuilder<const A extends ColumnOrName>(
  column: A,
): Column<bigint, `count(${NameOf<A> & string})`, A extends '*' ? never : NamesOf<A>, NeedsOf<A>>
function countBuilder(column?: ColumnOrName): Column {
  const args = column === undefined || column === '*' ? [] : [named(column)]
  return new Column({ kind: 'call', fn: 'count', args })
}
export const count = Object.assign(countBuilder, {
  definition: define(
    'count',
    { duckdb: counted, postgres: (args, _types, { over }) => sql`${counted(args)}${over}` },
    COUNT,
    OF_GROUP,
  ),
})

const TYPE = new Map([
  ['long', 'bigint'],
  ['double', 'double precision'],
])

/** A sum as the type it is said to have: PostgreSQL widens bigint to numeric. */
function total(template: string): Template {
  return (args, types, call) => {
    const of = types[0]?.kind === 'boolean' ? [sql`cast(${args[0]} as integer)`] : args
    const sum = fillTemplate(template, of, call.over, (_letter, arg) => arg)
    const wider = TYPE.get(call.type?.kind ?? '')
    return wider === undefined ? sum : sql`cast(${sum} as ${trusted(wider)})`
  }
}

/** What PostgreSQL takes from an array of all values; arrays of arrays it has not. */
function oneOf(template: string): Template {
  return (args, types, call) =>
    types[0]?.kind === 'array' ? call.refuse('of arrays') : fill(template, args, types, call)
}

function extreme(name: 'min' | 'max'): Template {
  return (args, types, call) => {
    const kind = types[0]?.kind
    if (kind === 'boolean') return fill(name === 'min' ? 'bool_and($1)' : 'bool_or($1)', args, types, call)
    if (kind === 'uuid' || kind === 'binary' || kind === 'json') return call.refuse(`of ${kind}`, 'Cast it to string.')
    return fill(`${name}($s1)`, args, types, call)
  }
}

function by(direction: 'asc' | 'desc'): Template {
  return unwindowed(oneOf(`(array_agg($1 order by $s2 ${direction}) filter (where $2 is not null))[1]`))
}

function counted(args: TemplateArgs): Sql {
  return args.length === 0 ? sql`count(*)` : sql`count(${args[0]})`
}

function countDistinctForms(template: Exclude<Template, string>): Forms {
  return { duckdb: template, postgres: unwindowed(template) }
}
