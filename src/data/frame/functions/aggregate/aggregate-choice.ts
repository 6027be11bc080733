import { type DataType, sqlTypeName } from '../../../../base/kernel/index.ts'
import { sql, trusted } from '../../../../base/sql/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { define, everywhere, leading, type More, onlyDuckDb, unary } from '../define.ts'
import { AVERAGE, BOOLEAN, DOUBLE, LIST, type ResultType, SAME, SUM } from '../result-type.ts'

const OF_GROUP: More = { kind: 'aggregate' }
const OF_NUMBERS: More = { kind: 'aggregate', numeric: true }

/** All bits that are set in every value. */
export const bitAnd = unary('bit_and', everywhere('bit_and($1)'), SAME, OF_NUMBERS)
/** All bits that are set in any value. */
export const bitOr = unary('bit_or', everywhere('bit_or($1)'), SAME, OF_NUMBERS)
/** All bits that are set in an odd number of values. */
export const bitXor = unary('bit_xor', everywhere('bit_xor($1)'), SAME, OF_NUMBERS)
/** The product of the values, as a double. */
export const product = unary('product', onlyDuckDb('product(cast($1 as double))'), DOUBLE, OF_NUMBERS)
/** The same as `boolAnd`. */
export const every = unary('every', everywhere('bool_and($1)'), BOOLEAN, OF_GROUP)
/** The same as `boolOr`. */
export const some = unary('some', everywhere('bool_or($1)'), BOOLEAN, OF_GROUP)
/** All values that are not null, as an array; the same as `collectList`. */
export const arrayAgg = unary('array_agg', onlyDuckDb('list($1) filter (where $1 is not null)'), LIST, {
  ...OF_GROUP,
  finish: (items) => sql`coalesce(${items}, [])`,
})

/** The sum, null where it does not fit its type. */
export const trySum = unary('try_sum', onlyDuckDb('sum($1)'), SUM, {
  ...OF_NUMBERS,
  finish: (total, types) => {
    const type = SUM.of(types)
    return type?.kind === 'long' || type?.kind === 'decimal'
      ? sql`try_cast(${total} as ${trusted(sqlTypeName(type, 'duckdb'))})`
      : total
  },
})
/** The mean; sums that would not fit are null. */
export const tryAvg = unary(
  'try_avg',
  onlyDuckDb((_args, [type]) => (type?.kind === 'decimal' ? 'avg(cast($1 as double))' : 'avg($1)')),
  AVERAGE,
  {
    ...OF_NUMBERS,
    finish: (mean, types) => {
      const type = AVERAGE.of(types)
      return type?.kind === 'decimal' ? sql`try_cast(${mean} as ${trusted(sqlTypeName(type, 'duckdb'))})` : mean
    },
  },
)
/** The first value in no promised order; with `ignoreNulls` the first that is not null. */
export const firstValue = chosen('first_value', 'first')
/** The last value in no promised order; with `ignoreNulls` the last that is not null. */
export const lastValue = chosen('last_value', 'last')

function chosen(name: string, fn: 'first' | 'last') {
  const build = <const A extends ColumnOrName>(
    column: A,
    ignoreNulls = false,
    // biome-ignore lint/suspicious/noExplicitAny: the value of the column
  ): Column<any, string, NamesOf<A>, NeedsOf<A>> =>
    new Column({ kind: 'call', fn: name, args: [named(column), ...(ignoreNulls ? [operand(true)] : [])] })
  return Object.assign(build, {
    definition: define(
      name,
      onlyDuckDb((args) => (args.length > 1 ? `${fn}($1) filter (where $1 is not null)` : `${fn}($1)`)),
      SAME,
      OF_GROUP,
    ),
  })
}

const TEXT: ResultType<string | null> = { of: ([type]) => (type?.kind === 'binary' ? type : { kind: 'string' }) }
const listed = (name: string, distinct: string) =>
  leading<[delimiter?: string]>()(
    name,
    {
      duckdb: (args, [type]) => `string_agg(${distinct}${textOf(type)}, ${args.length > 1 ? '$2' : "''"})`,
      postgres: { refused: 'for the order of its texts' },
    },
    TEXT,
    OF_GROUP,
  )
const textOf = (type: DataType | undefined): string => (type?.kind === 'string' ? '$1' : '$t1')

/** The texts that are not null in one, with a delimiter between them (none when left out). */
export const listagg = listed('listagg', '')
/** `listagg` of the different texts. */
export const listaggDistinct = listed('listagg_distinct', 'distinct ')
/** The same as `listagg`. */
export const stringAgg = listed('string_agg', '')
/** The same as `listaggDistinct`. */
export const stringAggDistinct = listed('string_agg_distinct', 'distinct ')
