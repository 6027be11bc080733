// What Spark 4.2 calls a column that a function makes, where it is not the function's name and its arguments in
// parentheses (the `prettyName`, `sql` and `toString` of its expressions).

const CAPITAL = new Set([
  'acos', 'acosh', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'cbrt', 'cos', 'cosh', 'cot', 'csc', 'degrees', 'e', 'exp', 'expm1',
  'dense_rank', 'hypot', 'log10', 'log1p', 'log2', 'percent_rank', 'pi', 'power', 'radians', 'rank', 'sec', 'signum', 'sin', 'sinh', 'sqrt', 'tan', 'tanh',
]) // biome-ignore format: a table

const RENAMED: Readonly<Record<string, string>> = {
  curdate: 'current_date',
  current_database: 'current_schema',
  dateadd: 'date_add',
  spark_partition_id: 'SPARK_PARTITION_ID',
  random: 'rand',
  timestamp_add: 'timestampadd',
  timestamp_diff: 'timestampdiff',
}

/** What stands in the name for arguments that were left out. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  lag: ['', '1', 'NULL'],
  lead: ['', '1', 'NULL'],
  position: ['', '', '1'],
  overlay: ['', '', '', '-1'],
  mask: ['', 'X', 'x', 'n', 'NULL'],
  regexp_instr: ['', '', '0'],
  regexp_replace: ['', '', '', '1'],
  aes_encrypt: ['', '', 'GCM', 'DEFAULT', '', ''],
  aes_decrypt: ['', '', 'GCM', 'DEFAULT', ''],
  try_aes_decrypt: ['', '', 'GCM', 'DEFAULT', ''],
  split: ['', '', '-1'],
  sentences: ['', '', ''],
  substr: ['', '', '2147483647'],
  make_interval: ['0', '0', '0', '0', '0', '0', '0.000000'],
  try_make_interval: ['0', '0', '0', '0', '0', '0', '0.000000'],
  make_dt_interval: ['0', '0', '0', '0.000000'],
  make_ym_interval: ['0', '0'],
}

/** The comparison that array_sort has by itself. */
const ORDER = ((v: string) =>
  `lambdafunction((IF(((${v} IS NULL) AND (${v} IS NULL)), 0, (IF((${v} IS NULL), 1, (IF((${v} IS NULL), -1, (IF((${v} < ${v}), -1, (IF((${v} > ${v}), 1, 0)))))))))), ${v}, ${v})`)(
  'namedlambdavariable()',
)

/** The name of a call of a mathematical or time function; undefined where it is the plain one. */
export function printedCall(fn: string, args: readonly string[]): string | undefined {
  if (CAPITAL.has(fn)) return `${fn.toUpperCase()}(${args.join(', ')})`
  const renamed = RENAMED[fn]
  if (renamed !== undefined) return `${renamed}(${args.join(', ')})`
  const parts = PARTS[fn]
  if (parts) return `${fn}(${[...args, ...parts.slice(args.length)].join(', ')})`
  switch (fn) {
    case 'input_file_name':
      return `${fn}()`
    case 'from_json':
      return args[1]?.startsWith('map<') ? 'entries' : `from_json(${args[0]})`
    case 'from_csv':
    case 'to_csv':
    case 'schema_of_csv':
      return `${fn}(${args[0]})`
    case 'count_distinct':
      return `count(DISTINCT ${args.join(', ')})`
    case 'sum_distinct':
      return `sum(DISTINCT ${args.join(', ')})`
    case 'percentile_approx':
    case 'approx_percentile':
      return args.length === 2 ? `${fn}(${args.join(', ')}, 10000)` : undefined
    case 'percentile':
      return args.length === 2 ? `percentile(${args.join(', ')}, 1)` : undefined
    case 'trim':
    case 'ltrim':
    case 'rtrim': {
      const side = { trim: 'BOTH', ltrim: 'LEADING', rtrim: 'TRAILING' }[fn]
      return args.length === 2 ? `TRIM(${side} ${args[1]} FROM ${args[0]})` : undefined
    }
    case 'mode':
      return args[1] === 'true' ? `mode() WITHIN GROUP (ORDER BY ${args[0]} DESC)` : `mode(${args[0]})`
    case 'like':
      return `${args[0]} ${fn.toUpperCase()} ${args[1]}`
    case 'rlike':
    case 'regexp':
    case 'regexp_like':
      return `${fn.toUpperCase()}(${args.join(', ')})`
    case 'array_agg':
      return `collect_list(${args.join(', ')})`
    case 'first_value':
    case 'last_value':
      return `${fn}(${args[0]})`
    case 'sort_array':
      return args.length === 1 ? `sort_array(${args[0]}, true)` : undefined
    case 'array_sort':
      return args.length === 1 ? `array_sort(${args[0]}, ${ORDER})` : undefined
    case 'aggregate':
    case 'reduce':
      return args.length === 3
        ? `${fn}(${args.join(', ')}, lambdafunction(namedlambdavariable(), namedlambdavariable()))`
        : undefined
    case 'str_to_map':
      return `str_to_map(${[...args, ...[',', ':'].slice(args.length - 1)].join(', ')})`
    case 'with_field':
      return `update_fields(${args[0]}, WithField(${args[2]}))`
    case 'drop_fields':
      return `update_fields(${[args[0], ...args.slice(1).map(() => 'dropfield()')].join(', ')})`
    case 'listagg':
    case 'string_agg':
      return args.length === 1 ? `${fn}(${args[0]}, NULL)` : undefined
    case 'listagg_distinct':
    case 'string_agg_distinct':
      return `${fn.replace('_distinct', '')}(DISTINCT ${args[0]}, ${args[1] ?? 'NULL'})`
    case 'raise_error':
      return `raise_error(USER_RAISED_EXCEPTION, map(errorMessage, ${args[0]}))`
    case 'log':
      return `LOG(${args.length === 1 ? 'E(), ' : ''}${args.join(', ')})`
    case 'ceil':
    case 'floor':
      return args.length === 1 ? `${fn.toUpperCase()}(${args[0]})` : undefined
    case 'bitwise_not':
      return `~${args[0]}`
    case 'positive':
      return `(+ ${args[0]})`
    case 'extract':
    case 'datepart':
      return `${fn}(${args[0]} FROM ${args[1]})`
    case 'window':
    case 'session_window':
      return fn
    case 'time_bucket':
      return args.length === 2 ? `time_bucket(${args.join(', ')}, TIMESTAMP '1970-01-01 00:00:00')` : undefined
    default:
      return undefined
  }
}
