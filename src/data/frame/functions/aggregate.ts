import { type DataType, sqlTypeName } from '../../../base/kernel/index.ts'
import { type Sql, sql, trusted } from '../../../base/sql/index.ts'
import { Column, type ColumnOrName, type NameOf, type NamesOf, named } from '../column.ts'
import { binary, define, leading, type More, unary, variadic } from './define.ts'
import { AVERAGE, BOOLEAN, COUNT, DOUBLE, LIST, SAME, SUM } from './result-type.ts'

const OF_GROUP: More = { kind: 'aggregate' }
const OF_NUMBERS: More = { kind: 'aggregate', numeric: true }

/** The sum of the values that are not null; null without any. */
export const sum = unary('sum', 'sum($1)', SUM, { ...OF_NUMBERS, finish: narrowed })

// A sum of whole numbers is 128 bits wide in DuckDB, which no file format holds; the cast fails on an overflow.
function narrowed(total: Sql, types: readonly (DataType | undefined)[]): Sql {
  const type = SUM.of(types)
  if (type?.kind !== 'long' && type?.kind !== 'decimal') return total
  return sql`cast(${total} as ${trusted(sqlTypeName(type, 'duckdb'))})`
}

/** The sum of the different values. */
export const sumDistinct = unary('sum_distinct', 'sum(distinct $1)', SUM, { ...OF_NUMBERS, finish: narrowed })
/** The mean of the values that are not null. */
export const avg = unary('avg', 'avg($1)', AVERAGE, OF_NUMBERS)
/** The same as `avg`. */
export const mean = unary('mean', 'avg($1)', AVERAGE, OF_NUMBERS)
export const min = unary('min', 'min($1)', SAME, OF_GROUP)
export const max = unary('max', 'max($1)', SAME, OF_GROUP)
export const median = unary('median', 'median($1)', DOUBLE, OF_NUMBERS)
/** The most frequent value. */
export const mode = unary('mode', 'mode($1)', SAME, OF_GROUP)
/** The sample standard deviation. */
export const stddev = unary('stddev', 'stddev_samp($1)', DOUBLE, OF_NUMBERS)
export const stddevPop = unary('stddev_pop', 'stddev_pop($1)', DOUBLE, OF_NUMBERS)
/** The sample variance. */
export const variance = unary('variance', 'var_samp($1)', DOUBLE, OF_NUMBERS)
export const varPop = unary('var_pop', 'var_pop($1)', DOUBLE, OF_NUMBERS)
export const skewness = unary('skewness', 'skewness($1)', DOUBLE, OF_NUMBERS)
export const kurtosis = unary('kurtosis', 'kurtosis_pop($1)', DOUBLE, OF_NUMBERS)
export const corr = binary('corr', 'corr($1, $2)', DOUBLE, OF_NUMBERS)
export const covarSamp = binary('covar_samp', 'covar_samp($1, $2)', DOUBLE, OF_NUMBERS)
export const covarPop = binary('covar_pop', 'covar_pop($1, $2)', DOUBLE, OF_NUMBERS)
/** The first value in no promised order, null or not. */
export const first = unary('first', 'first($1)', SAME, OF_GROUP)
/** The last value in no promised order, null or not. */
export const last = unary('last', 'last($1)', SAME, OF_GROUP)
export const anyValue = unary('any_value', 'any_value($1)', SAME, OF_GROUP)
/** The value of the first column where the second is greatest. */
export const maxBy = binary('max_by', 'max_by($1, $2)', SAME, OF_GROUP)
/** The value of the first column where the second is least. */
export const minBy = binary('min_by', 'min_by($1, $2)', SAME, OF_GROUP)
/** Whether all values are true. */
export const boolAnd = unary('bool_and', 'bool_and($1)', BOOLEAN, OF_GROUP)
/** Whether any value is true. */
export const boolOr = unary('bool_or', 'bool_or($1)', BOOLEAN, OF_GROUP)
/** How often the condition is true. */
export const countIf = unary('count_if', 'count_if($1)', COUNT, {
  ...OF_GROUP,
  finish: (total) => sql`cast(${total} as bigint)`,
})
/** All values that are not null, as an array; empty without any. */
export const collectList = unary('collect_list', 'list($1) filter (where $1 is not null)', LIST, {
  ...OF_GROUP,
  finish: (items) => sql`coalesce(${items}, [])`,
})
/** The different values that are not null, as an array in their order. */
export const collectSet = unary('collect_set', 'list(distinct $1) filter (where $1 is not null)', LIST, {
  ...OF_GROUP,
  finish: (items) => sql`coalesce(list_sort(${items}), [])`,
})
/** About how many different values there are (HyperLogLog). */
export const approxCountDistinct = unary('approx_count_distinct', 'approx_count_distinct($1)', COUNT, OF_GROUP)
/** The value below which a fraction of all values lies, interpolated. */
export const percentile = leading<[fraction: number]>()('percentile', 'quantile_cont($1, $2)', DOUBLE, OF_NUMBERS)
/** A value below which about a fraction of all values lies. */
export const percentileApprox = leading<[fraction: number]>()(
  'percentile_approx',
  'quantile_disc($1, $2)',
  SAME,
  OF_NUMBERS,
)
/** The number of different combinations in which no value is null. */
export const countDistinct = variadic(
  'count_distinct',
  (args) => {
    if (args.length === 1) return sql`count(distinct ${args[0]})`
    let tuple = args[0]
    let present = sql`${args[0]} is not null`
    for (const arg of args.slice(1)) {
      tuple = sql`${tuple}, ${arg}`
      present = sql`${present} and ${arg} is not null`
    }
    return sql`count(distinct row(${tuple})) filter (where ${present})`
  },
  COUNT,
  OF_GROUP,
)

/** The number of rows, or with a column the number of its values that are not null. */
function countBuilder(): Column<bigint, 'count(1)', never>
function countBuilder<const A extends ColumnOrName>(
  column: A,
): Column<bigint, `count(${NameOf<A> & string})`, A extends '*' ? never : NamesOf<A>>
function countBuilder(column?: ColumnOrName): Column {
  const args = column === undefined || column === '*' ? [] : [named(column)]
  return new Column({ kind: 'call', fn: 'count', args })
}
export const count = Object.assign(countBuilder, {
  definition: define('count', (args) => (args.length === 0 ? sql`count(*)` : sql`count(${args[0]})`), COUNT, OF_GROUP),
})
