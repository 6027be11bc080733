import type { Kinds } from '../argument-types.ts'
import type { Make } from '../row-types.ts'

/**
 * What the columns of functions have to be for TypeScript, by the functions' Spark SQL names; functions that are not
 * named take anything. Where Spark reads text as a number and numbers as text by itself, as in `sqrt` and `lpad`, both
 * may be given; text where numbers are added up, or a number where letters are looked at, is most likely a mistake and
 * does not compile: a cast says that it is meant.
 */
export const ARGUMENT_KINDS = {
  number: [
    'sum', 'sum_distinct', 'avg', 'mean', 'try_sum', 'try_avg', 'product', 'stddev', 'stddev_pop', 'stddev_samp',
    'std', 'variance', 'var_pop', 'var_samp', 'skewness', 'kurtosis', 'corr', 'covar_samp', 'covar_pop', 'regr_count',
    'regr_avgx', 'regr_avgy', 'regr_intercept', 'regr_r2', 'regr_slope', 'regr_sxx', 'regr_sxy', 'regr_syy',
    'percentile', 'percentile_approx', 'approx_percentile', 'bit_and', 'bit_or', 'bit_xor', 'bitwise_not',
    'timestamp_micros', 'timestamp_millis', 'timestamp_seconds',
  ],
  computable: [
    'abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'bin', 'bround', 'cbrt', 'ceil', 'ceiling', 'cos',
    'cosh', 'cot', 'csc', 'degrees', 'exp', 'expm1', 'factorial', 'floor', 'hypot', 'ln', 'log', 'log10', 'log1p',
    'log2', 'negative', 'positive', 'pmod', 'pow', 'power', 'radians', 'rint', 'round', 'sec', 'sign', 'signum', 'sin',
    'sinh', 'sqrt', 'tan', 'tanh', 'try_add', 'try_divide', 'try_mod', 'try_multiply', 'try_subtract', 'width_bucket',
    'conv', 'char', 'shiftleft', 'shiftright', 'shiftrightunsigned', 'from_unixtime', 'date_from_unix_date',
    'format_number', 'nanvl', 'nullifzero', 'zeroifnull',
  ],
  text: [
    'upper', 'lower', 'ucase', 'lcase', 'initcap', 'trim', 'ltrim', 'rtrim', 'btrim', 'ascii', 'split', 'split_part',
    'regexp_replace', 'regexp_extract', 'regexp_extract_all', 'regexp_count', 'regexp_substr', 'regexp_instr', 'regexp',
    'regexp_like', 'translate', 'replace', 'substring_index', 'instr', 'levenshtein', 'str_to_map', 'mask', 'soundex',
    'json_array_length', 'json_object_keys', 'get_json_object', 'from_json', 'from_csv', 'parse_url', 'try_parse_url', 'url_encode', 'url_decode',
    'try_url_decode', 'unbase64', 'like', 'ilike', 'rlike',
  ],
  scalar: [
    'length', 'char_length', 'character_length', 'octet_length', 'bit_length', 'lpad', 'rpad', 'left', 'right',
    'substring', 'repeat', 'md5', 'sha1', 'sha2', 'base64', 'hex', 'overlay', 'locate', 'position', 'find_in_set',
    'encode', 'decode', 'isnan',
  ],
  time: [
    'year', 'quarter', 'month', 'day', 'dayofmonth', 'dayofweek', 'dayofyear', 'hour', 'minute', 'second', 'weekday',
    'weekofyear', 'dayname', 'monthname', 'date_add', 'date_sub', 'datediff', 'date_diff', 'dateadd', 'add_months',
    'months_between', 'last_day', 'next_day', 'trunc', 'date_trunc', 'date_format', 'unix_date', 'unix_seconds',
    'unix_millis', 'unix_micros', 'from_utc_timestamp', 'to_utc_timestamp', 'to_date', 'window', 'session_window',
  ],
  truth: ['bool_and', 'bool_or', 'every', 'some', 'count_if', 'not'],
  array: [
    'array_append', 'array_compact', 'array_prepend', 'array_remove', 'array_size', 'shuffle', 'array_insert', 'get',
    'array_except', 'array_intersect', 'array_union', 'arrays_overlap', 'array_contains', 'array_distinct', 'array_join',
    'array_max', 'array_min', 'array_position', 'flatten', 'slice', 'sort_array', 'array_sort', 'transform', 'filter',
    'exists', 'forall', 'aggregate', 'reduce', 'zip_with', 'inline', 'inline_outer', 'map_from_entries',
  ],
  map: [
    'map_keys', 'map_values', 'map_entries', 'map_contains_key', 'map_filter', 'transform_keys', 'transform_values',
    'map_concat',
  ],
  collection: ['element_at', 'try_element_at', 'explode', 'explode_outer', 'posexplode', 'posexplode_outer'],
} as const satisfies { readonly [K in keyof Kinds]?: readonly string[] } // biome-ignore format: a table

type KindOf<F> = {
  [K in keyof typeof ARGUMENT_KINDS]: F extends (typeof ARGUMENT_KINDS)[K][number] ? K : never
}[keyof typeof ARGUMENT_KINDS]
/** The types of values that the function `F` takes. */
export type Takes<F extends string> = string extends F
  ? unknown
  : [KindOf<F>] extends [never]
    ? unknown
    : Kinds[KindOf<F>]

/** The types of values that the function `F` of two columns takes as its second. */
export type TakesSecond<F extends string> = KindOf<F> extends 'time' | 'map' ? unknown : Takes<F>

/** How the type of a function's result is made of that of its first argument, where `ResultType` does not say it. */
interface NamedResults {
  lag: 'orNull'
  lead: 'orNull'
  nth_value: 'orNull'
  nullif: 'orNull'
  nullifzero: 'orNull'
  try_sum: 'sumOrNull'
  array: 'array'
  array_agg: 'list'
  explode: 'element'
  explode_outer: 'elementOrNull'
  array_max: 'elementOrNull'
  array_min: 'elementOrNull'
  element_at: 'elementOrNull'
  try_element_at: 'elementOrNull'
  get: 'elementOrNull'
  flatten: 'arrays'
  map_keys: 'keys'
  map_values: 'values'
  map_entries: 'entries'
  array_append: 'same'
  array_compact: 'compact'
  array_prepend: 'same'
  array_remove: 'same'
  array_insert: 'same'
  array_repeat: 'array'
  array_except: 'same'
  array_intersect: 'same'
  array_distinct: 'same'
  array_sort: 'same'
  sort_array: 'same'
  slice: 'same'
  shuffle: 'same'
  map_filter: 'same'
  abs: 'same'
  positive: 'same'
  negative: 'same'
  try_avg: 'average'
}

/** The type of the function `F` of an argument of type `T`, when it is told here. */
export type NamedResult<F extends string, T> = F extends keyof NamedResults ? Make<NamedResults[F], T> : never
/** Whether the type of the function `F` is told here. */
export type IsNamed<F extends string> = string extends F ? false : F extends keyof NamedResults ? true : false
