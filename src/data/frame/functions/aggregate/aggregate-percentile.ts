import { type DataType, formatType, MillraceError } from '../../../../base/kernel/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { Argument, ColumnOrName, NameOf, NamesOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { ordersAlike } from '../../dialect/duckdb-order.ts'
import type { Expr } from '../../expr.ts'
import { weightedPercentiles } from '../../native/weighted-percentile.ts'
import type { Takes } from '../argument-kind.ts'
import { define, type Given, type GivenNeeds, type More, type Template } from '../define.ts'
import { nativeOf } from '../native.ts'
import { type ResultType, SAME } from '../result-type.ts'
import { unwindowed } from '../unwindowed.ts'

// Values by their place among the others: percentiles, and the one that is there most often.

const OF_GROUP: More = { kind: 'aggregate' }
const WEIGHTED = nativeOf('weighted_percentiles', { kind: 'string' }, weightedPercentiles)

type Fractions = number | readonly number[]
/** One value for a fraction, an array for many. */
type OfFractions<P, V> = P extends readonly unknown[] ? Exclude<V, null>[] | null : V

const isMany = (type: DataType | undefined) => type?.kind === 'array'
/** @throws MillraceError OPTION_INVALID for no fraction at all */
function fractionsOf(given: Fractions): Expr {
  if (typeof given === 'number') return operand(given)
  if (given.length > 0) return { kind: 'call', fn: 'array', args: given.map((one) => operand(one)) }
  throw new MillraceError('OPTION_INVALID', 'a percentile needs a fraction, and there is none', {
    hint: 'Such as percentile("amount", [0.25, 0.5, 0.75]).',
  })
}

/** The type for one fraction as an array of it for many. */
function perFraction(one: ResultType<unknown>): ResultType<unknown> {
  return {
    of: (types, args, names) => {
      const type = one.of(types, args, names)
      return type && isMany(types[1]) ? { kind: 'array', element: type, containsNull: false } : type
    },
  }
}

/** @throws MillraceError COLUMN_TYPE for what is no number, or time where that is allowed */
function checkNumbers(fn: string, type: DataType | undefined, times: readonly string[] = []): void {
  if (!type || NUMBERS.has(type.kind) || times.includes(type.kind)) return
  throw new MillraceError('COLUMN_TYPE', `${fn}() needs numbers, and got ${formatType(type)}`, {
    hint: "Convert it first, by col('…').cast('double').",
  })
}
const NUMBERS = new Set(['byte', 'short', 'integer', 'long', 'float', 'double', 'decimal', 'null'])

const percentiles: Template = ([, fractions, often], types, call) => {
  checkNumbers('percentile', types[0])
  if (often === undefined) return 'quantile_cont(cast($1 as double), $2)'
  const many = isMany(types[1])
  if (!many && constantOf(fractions) === undefined) return call.refuse('with a fraction that is no constant')
  const texts = many ? "array_to_string($2, ',')" : 'cast($2 as varchar)'
  const pair = "cast(cast($1 as double) as varchar) || ':' || cast(cast($3 as bigint) as varchar)"
  const found = `${WEIGHTED.scalar.name}(string_agg(${pair}, ',')$over, ${texts})`
  return many ? `cast(string_split(${found}, ',') as double[])` : `cast(${found} as double)`
}

const postgresPercentiles: Template = (args, types, call) =>
  args.length > 2 || isMany(types[1])
    ? call.refuse('with more than one fraction, or a frequency')
    : unwindowed('percentile_cont($f2) within group (order by $f1)')(args, types, call)

/**
 * The value below which a fraction of all values lies, interpolated; an array of such for many fractions. With a
 * `frequency` each value counts as often as it says.
 */
function percentileBuilder<const A extends ColumnOrName, const P extends Fractions>(
  column: A & Argument<Takes<'percentile'>>,
  fraction: P,
  frequency?: ColumnOrName | number,
): Column<OfFractions<P, number | null>, string, NamesOf<A>, GivenNeeds<A, 'percentile'>> {
  const more = frequency === undefined ? [] : [named(frequency)]
  return new Column({ kind: 'call', fn: 'percentile', args: [named(column), fractionsOf(fraction), ...more] })
}
export const percentile = Object.assign(percentileBuilder, {
  definition: define(
    'percentile',
    { duckdb: percentiles, postgres: postgresPercentiles },
    perFraction({ of: () => ({ kind: 'double' }) }),
    { ...OF_GROUP, natives: [WEIGHTED] },
  ),
})

function approximate(name: 'percentile_approx' | 'approx_percentile') {
  const build = <const A extends ColumnOrName, const P extends Fractions>(
    column: A & Argument<Takes<'percentile'>>,
    fraction: P,
    accuracy?: number,
  ): Column<OfFractions<P, Given<'same', A>>, string, NamesOf<A>, GivenNeeds<A, 'percentile'>> => {
    const more = accuracy === undefined ? [] : [operand(accuracy)]
    return new Column({ kind: 'call', fn: name, args: [named(column), fractionsOf(fraction), ...more] })
  }
  return Object.assign(build, {
    definition: define(
      name,
      {
        duckdb: (_args, [type]) => {
          checkNumbers(name, type, ['date', 'timestamp', 'timestamp_ntz'])
          return 'quantile_disc($1, $2)'
        },
        postgres: (args, types, call) =>
          isMany(types[1])
            ? call.refuse('with more than one fraction')
            : unwindowed('percentile_disc($f2) within group (order by $1)')(args, types, call),
      },
      perFraction(SAME),
      OF_GROUP,
    ),
  })
}

/** A value below which a fraction of all values lies; an array for many. It is exact here, whatever the accuracy. */
export const percentileApprox = approximate('percentile_approx')
/** The same as `percentileApprox`. */
export const approxPercentile = approximate('approx_percentile')

const LEAST_OF_MOST =
  'list_sort(list_transform(map_entries(histogram($1)$over), lambda e: struct_pack(n := -cast(e.value as bigint), k := e.key)))[1].k'

/** The most frequent value; of several the least when `deterministic`. */
function modeBuilder<const A extends ColumnOrName>(
  column: A,
  deterministic = false,
): Column<Given<'same', A>, `mode(${NameOf<A> & string})`, NamesOf<A>, GivenNeeds<A, 'mode'>> {
  return new Column({ kind: 'call', fn: 'mode', args: [named(column), ...(deterministic ? [operand(true)] : [])] })
}
export const mode = Object.assign(modeBuilder, {
  definition: define(
    'mode',
    {
      duckdb: ([, deterministic], [type], call) =>
        deterministic === undefined
          ? 'mode($1)'
          : ordersAlike(type)
            ? LEAST_OF_MOST
            : call.refuse('of that type, as deterministic'),
      postgres: unwindowed('mode() within group (order by $s1)'),
    },
    { of: ([type]) => type },
    { kind: 'aggregate' },
  ),
})
