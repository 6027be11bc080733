import type { DataType } from '../../../../base/kernel/index.ts'
import { type Forms, type More, onlyDuckDb, type Template, unary } from '../define.ts'
import { DOUBLE } from '../result-type.ts'

// Variances and higher moments. DuckDB refuses NaN, infinities and what has too great a square, where Spark answers
// NaN. A single value makes no sample.

const OF_NUMBERS: More = { kind: 'aggregate', numeric: true }

const isFloating = (type: DataType | undefined): boolean => type?.kind === 'double' || type?.kind === 'float'
/** Values whose squares are numbers. */
const MODERATE = 'case when $1 between -1e150 and 1e150 then cast($1 as double) end'
const ALL_MODERATE = 'bool_and($1 between -1e150 and 1e150)$over'

function spreadOf(name: string, least: 1 | 2): Template {
  return (_args, [type]) =>
    isFloating(type)
      ? `case when ${ALL_MODERATE} then ${name}(${MODERATE})$over when count($1)$over >= ${least} then cast('NaN' as double) end`
      : `${name}(cast($1 as double))`
}

function spread(name: string, least: 1 | 2): Forms {
  return { duckdb: spreadOf(name, least), postgres: `${name}($f1)` }
}

/** The sample standard deviation. */
export const stddev = unary('stddev', spread('stddev_samp', 2), DOUBLE, OF_NUMBERS)
/** The same as `stddev`. */
export const stddevSamp = unary('stddev_samp', spread('stddev_samp', 2), DOUBLE, OF_NUMBERS)
/** The same as `stddev`. */
export const std = unary('std', spread('stddev_samp', 2), DOUBLE, OF_NUMBERS)
/** The standard deviation of all there is. */
export const stddevPop = unary('stddev_pop', spread('stddev_pop', 1), DOUBLE, OF_NUMBERS)
/** The sample variance. */
export const variance = unary('variance', spread('var_samp', 2), DOUBLE, OF_NUMBERS)
/** The same as `variance`. */
export const varSamp = unary('var_samp', spread('var_samp', 2), DOUBLE, OF_NUMBERS)
/** The variance of all there is. */
export const varPop = unary('var_pop', spread('var_pop', 1), DOUBLE, OF_NUMBERS)

/** A higher moment; without variance there is none. */
function moment(of: string): Template {
  return (_args, [type]) => {
    const value = isFloating(type) ? MODERATE : 'cast($1 as double)'
    const made = `case when var_pop(${value})$over > 0 then ${of.replaceAll('VALUE', value)} end`
    return isFloating(type)
      ? `case when ${ALL_MODERATE} then ${made} when count($1)$over > 0 then cast('NaN' as double) end`
      : made
  }
}

// Of two values DuckDB has no moments, which are always these. Its skewness is that of a sample.
const SKEWNESS =
  'case when count($1)$over = 2 then 0.0 else skewness(VALUE)$over * (count($1)$over - 2) / sqrt(count($1)$over * (count($1)$over - 1)) end'

/** How far the values lean to one side. */
export const skewness = unary('skewness', onlyDuckDb(moment(SKEWNESS)), DOUBLE, OF_NUMBERS)
/** How heavy the ends of the values are, against a normal distribution's. */
export const kurtosis = unary('kurtosis', onlyDuckDb(moment('kurtosis_pop(VALUE)$over')), DOUBLE, OF_NUMBERS)
