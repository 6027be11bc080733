import { sql } from '../../../base/sql/index.ts'
import { binary, everywhere, type More } from './define.ts'
import { COUNT, DOUBLE } from './result-type.ts'

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

/** The number of pairs. */
export const regrCount = binary('regr_count', everywhere('regr_count($f1, $f2)'), COUNT, {
  ...OF_NUMBERS,
  finish: (pairs) => sql`cast(${pairs} as bigint)`,
})
/** The mean of x. */
export const regrAvgx = regression('regr_avgx')
/** The mean of y. */
export const regrAvgy = regression('regr_avgy')
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
