import { sql } from '../../../../base/sql/index.ts'
import { binary, everywhere, type More } from '../define.ts'
import { averagedDecimals } from '../math/decimal.ts'
import { AVERAGE, COUNT, DOUBLE, type ResultType } from '../result-type.ts'

// Linear regression of the first column (y) on the second (x) over the pairs in which neither is null; names and
// meaning are SQL's (ISO 9075-2, "binary set function").

const OF_NUMBERS: More = { kind: 'aggregate', numeric: true }
const regression = (name: string) => binary(name, everywhere(`${name}($f1, $f2)`), DOUBLE, OF_NUMBERS)

/** What a line has, which there is not without variance of x. */
function sloped(name: string) {
  return binary(
    name,
    everywhere(`case when regr_sxx($f1, $f2)$over > 0 then ${name}($f1, $f2)$over end`),
    DOUBLE,
    OF_NUMBERS,
  )
}

/** The mean of one of the columns, of decimals a decimal. */
function averaged(name: 'regr_avgx' | 'regr_avgy', at: 0 | 1) {
  const plain = `${name}($f1, $f2)`
  return binary(
    name,
    {
      duckdb: (_args, types, call) => {
        const type = types[at]
        if (type?.kind !== 'decimal' || call.type?.kind !== 'decimal') return plain
        const paired = `case when $${2 - at} is not null then $${1 + at} end`
        return averagedDecimals(type, call.type).replaceAll('$1', () => paired)
      },
      postgres: (_args, types, call) =>
        types[at]?.kind === 'decimal' ? call.refuse('of decimals', 'Cast them to double.') : plain,
    },
    { of: (types) => AVERAGE.of([types[at]]) } satisfies ResultType<unknown>,
    OF_NUMBERS,
  )
}

/** The number of pairs. */
export const regrCount = binary('regr_count', everywhere('regr_count($f1, $f2)'), COUNT, {
  ...OF_NUMBERS,
  finish: (pairs) => sql`cast(${pairs} as bigint)`,
})
/** The mean of x. */
export const regrAvgx = averaged('regr_avgx', 1)
/** The mean of y. */
export const regrAvgy = averaged('regr_avgy', 0)
/** Where the line meets the axis of y. */
export const regrIntercept = sloped('regr_intercept')
/** The square of the correlation. */
export const regrR2 = regression('regr_r2')
/** How steep the line is. */
export const regrSlope = sloped('regr_slope')
/** The sum of the squared differences of x from its mean. */
export const regrSxx = regression('regr_sxx')
/** The sum of the products of the differences of x and y from their means. */
export const regrSxy = regression('regr_sxy')
/** The sum of the squared differences of y from its mean. */
export const regrSyy = regression('regr_syy')
