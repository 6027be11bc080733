import type { Wanted } from './math/math-argument.ts'

/**
 * What the arguments of functions have to be whose forms do not say so themselves: Spark converts what is of another
 * type (its reference, "ANSI Compliance", implicit casts) and refuses what cannot be converted. The last holds for all
 * that follow; functions that are not named take anything.
 */
const TEXT = `
string: upper lower ucase lcase initcap ascii
string: trim ltrim rtrim btrim levenshtein translate replace instr
string string: contains startswith endswith like ilike rlike regexp_replace
string string integer: substring_index regexp_extract
string integer: right repeat
string integer string: lpad rpad
string string: split
number number: regr_avgx regr_avgy
number: sum avg mean sum_distinct try_sum try_avg negative
double: stddev stddev_samp stddev_pop std variance var_samp var_pop skewness kurtosis median
double double: corr covar_samp covar_pop regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
double any: percentile
boolean: and or not bool_and bool_or every some count_if
whole: bit_and bit_or bit_xor
ordered: min max greatest least eq ne lt le gt ge eq_null_safe equal_null in nullif
any ordered: max_by min_by
`

const PARAMETERS: ReadonlyMap<string, readonly Wanted[]> = new Map(
  TEXT.trim()
    .split('\n')
    .flatMap((line) => {
      const [wanted = '', names = ''] = line.split(': ')
      return names.split(' ').map((name) => [name, wanted.split(' ') as Wanted[]] as const)
    }),
)

/** What the arguments of a function have to be; undefined when they may be anything. */
export function parametersOf(name: string): readonly Wanted[] | undefined {
  return PARAMETERS.get(name)
}
