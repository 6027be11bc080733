import type { Json } from '../../../../../src/base/kernel/index.ts'
import { pythonJson } from '../../../../../src/work/quality/python-json.ts'
import type { RandomSource } from '../../../../data/frame/spark/random-source.ts'
import type { Kind, RandomColumn, RandomTable } from './random-table.ts'

type Kwargs = Record<string, Json>
/** Undefined where the table has no column for it. */
type Maker = (table: RandomTable, source: RandomSource) => Kwargs | undefined

const REGEXES = [
  '^a',
  'a|b',
  '\\d+',
  '^\\w+$',
  '[^@]+@[^@]+\\.\\w+',
  "'",
  '.',
  '^$',
  '(?i)paid',
  'ö',
  '\\s',
  '^.{2}$',
  '^x*$',
]
const LIKES = ['a%', '%a%', '_', '__', '%', '', 'paid', '%@%.%', '50\\%', "%'%"]
const FORMATS = ['%Y-%m-%d', '%d.%m.%Y', '%H:%M', '%b %d %Y', '%Y%m%d', '%Y-%m-%dT%H:%M']
const TYPES = ['int64', 'float64', 'object', 'str', 'int', 'bool', 'datetime64[us]', 'float', 'bytes']
const SCHEMAS: readonly Json[] = [
  { type: 'object', required: ['a'] },
  { type: ['array', 'number'] },
  { type: 'object', properties: { a: { type: 'integer' } } },
  { enum: [null, 12, 'text'] },
]

/** Arguments for each kind of expectation; some do not fit the column. */
export const KWARGS: Readonly<Record<string, Maker>> = {
  ...Object.fromEntries(
    ['mean', 'median', 'sum', 'stdev'].map((name) => [
      `expect_column_${name}_to_be_between`,
      (table: RandomTable, source: RandomSource) => ({ ...column(table, source, NUMBERS), ...numbers(source) }),
    ]),
  ),
  ...Object.fromEntries(
    ['min', 'max'].map((name) => [
      `expect_column_${name}_to_be_between`,
      (table: RandomTable, source: RandomSource) => {
        const on = pick(table, source, ['long', 'double', 'date', 'timestamp', 'decimal'])
        return { column: on.name, ...like(on, source) }
      },
    ]),
  ),
  expect_column_values_to_be_between: (table, source) => {
    const on = pick(table, source, ['long', 'double', 'date', 'timestamp', 'decimal'])
    return { column: on.name, ...mostly(source), ...like(on, source) }
  },
  expect_column_proportion_of_non_null_values_to_be_between: (table, source) => ({
    ...column(table, source),
    ...shares(source),
  }),
  expect_column_proportion_of_unique_values_to_be_between: (table, source) => ({
    ...column(table, source),
    ...shares(source),
  }),
  expect_column_unique_value_count_to_be_between: (table, source) => ({ ...column(table, source), ...counts(source) }),
  expect_column_value_lengths_to_be_between: (table, source) => ({
    ...column(table, source, TEXT),
    ...mostly(source),
    ...counts(source),
  }),
  expect_column_value_lengths_to_equal: (table, source) => ({
    ...column(table, source, TEXT),
    ...mostly(source),
    value: source.whole(0, 6),
  }),
  expect_column_values_to_be_null: each(),
  expect_column_values_to_not_be_null: each(),
  expect_column_values_to_be_unique: each(),
  expect_column_values_to_be_increasing: order,
  expect_column_values_to_be_decreasing: order,
  expect_column_values_to_be_in_set: inSet,
  expect_column_values_to_not_be_in_set: inSet,
  expect_column_distinct_values_to_be_in_set: set,
  expect_column_distinct_values_to_contain_set: set,
  expect_column_distinct_values_to_equal_set: set,
  expect_column_most_common_value_to_be_in_set: (table, source) => ({
    ...set(table, source),
    ...(source.chance(0.5) ? { ties_okay: source.chance(0.7) } : {}),
  }),
  expect_column_values_to_match_regex: (table, source) => ({
    ...column(table, source, TEXT),
    ...mostly(source),
    regex: source.pick(REGEXES),
  }),
  expect_column_values_to_not_match_regex: (table, source) => ({
    ...column(table, source, TEXT),
    ...mostly(source),
    regex: source.pick(REGEXES),
  }),
  expect_column_values_to_match_regex_list: (table, source) => ({
    ...column(table, source, TEXT),
    ...mostly(source),
    regex_list: source.some(REGEXES, 1, 3),
    ...(source.chance(0.5) ? { match_on: source.pick(['any', 'all']) } : {}),
  }),
  expect_column_values_to_not_match_regex_list: (table, source) => ({
    ...column(table, source, TEXT),
    ...mostly(source),
    regex_list: source.some(REGEXES, 1, 3),
  }),
  expect_column_values_to_match_like_pattern: (table, source) => ({
    ...column(table, source, ['string']),
    ...mostly(source),
    like_pattern: source.pick(LIKES),
  }),
  expect_column_values_to_not_match_like_pattern: (table, source) => ({
    ...column(table, source, ['string']),
    ...mostly(source),
    like_pattern: source.pick(LIKES),
  }),
  expect_column_values_to_match_like_pattern_list: (table, source) => ({
    ...column(table, source, ['string']),
    ...mostly(source),
    like_pattern_list: source.some(LIKES, 1, 2),
    match_on: source.pick(['any', 'all']),
  }),
  expect_column_values_to_not_match_like_pattern_list: (table, source) => ({
    ...column(table, source, ['string']),
    ...mostly(source),
    like_pattern_list: source.some(LIKES, 1, 2),
  }),
  expect_column_values_to_match_strftime_format: (table, source) => ({
    ...column(table, source, ['string']),
    ...mostly(source),
    strftime_format: source.pick(FORMATS),
  }),
  expect_column_values_to_be_dateutil_parseable: each(['string']),
  expect_column_values_to_be_json_parseable: each(['string']),
  expect_column_values_to_match_json_schema: (table, source) => {
    // Great Expectations on pandas ends at a text that is no JSON; here such a text is unexpected.
    const fitting = table.columns.find(({ kind, values }) => kind === 'string' && values.every(isJson))
    return fitting && { column: fitting.name, ...mostly(source), json_schema: source.pick(SCHEMAS) }
  },
  expect_column_values_to_be_of_type: (table, source) => ({
    ...column(table, source),
    ...mostly(source),
    type_: source.pick(TYPES),
  }),
  expect_column_values_to_be_in_type_list: (table, source) => ({
    ...column(table, source),
    ...mostly(source),
    type_list: source.some(TYPES, 1, 3),
  }),
  expect_column_value_z_scores_to_be_less_than: (table, source) => ({
    ...column(table, source, NUMBERS),
    ...mostly(source),
    threshold: source.pick([0.5, 1, 1.5, 2, 3]),
    double_sided: source.chance(0.5),
  }),
  expect_column_values_to_not_be_outliers: (table, source) => ({
    ...column(table, source, ['long', 'double']),
    ...mostly(source),
    ...(source.chance(0.6) ? { method: source.pick(['iqr', 'std']) } : {}),
    ...(source.chance(0.5) ? { multiplier: source.pick([0, 0.5, 1, 2.5]) } : {}),
  }),
  expect_column_quantile_values_to_be_between: (table, source) => {
    const quantiles = source.some([0, 0.1, 0.25, 0.5, 0.75, 0.9, 1], 1, 4)
    const value_ranges = quantiles.map(
      (): Json => [source.chance(0.2) ? null : source.whole(-2, 3), source.chance(0.2) ? null : source.whole(3, 12)],
    )
    return {
      ...column(table, source, ['long', 'double']),
      quantile_ranges: { quantiles, value_ranges },
      ...(source.chance(0.4)
        ? { allow_relative_error: source.pick(['lower', 'higher', 'midpoint', 'nearest', 'linear']) }
        : {}),
    }
  },
  expect_column_kl_divergence_to_be_less_than: divergence,
  expect_column_pair_values_a_to_be_greater_than_b: (table, source) => ({
    ...pair(table, source),
    ...(source.chance(0.5) ? { or_equal: source.chance(0.7) } : {}),
  }),
  expect_column_pair_values_to_be_equal: pair,
  expect_column_pair_values_to_be_in_set: (table, source) => {
    // Beside numbers Great Expectations cannot write its own answer.
    const [a, b] = source.some(
      table.columns.filter(({ kind }) => kind === 'string'),
      2,
      2,
    )
    if (!a || !b) return undefined
    const pairs = Array.from({ length: source.whole(1, 4) }, (): Json => [member(a, source), member(b, source)])
    return { column_A: a.name, column_B: b.name, ...mostly(source), ...ignorePair(source), value_pairs_set: pairs }
  },
  expect_multicolumn_sum_to_equal: (table, source) => ({
    column_list: some(table, source, ['long', 'double']),
    ...mostly(source),
    ...ignoreRecord(source),
    sum_total: source.whole(0, 8),
  }),
  expect_multicolumn_values_to_be_equal: records,
  expect_compound_columns_to_be_unique: records,
  expect_select_column_values_to_be_unique_within_record: records,
  expect_column_to_exist: (table, source) => ({
    column: source.chance(0.3) ? 'nowhere' : source.pick(table.columns).name,
    ...(source.chance(0.4) ? { column_index: source.whole(0, 3) } : {}),
  }),
  expect_table_column_count_to_be_between: (_, source) => counts(source),
  expect_table_column_count_to_equal: (_, source) => ({ value: source.whole(3, 6) }),
  expect_table_columns_to_match_ordered_list: (table, source) => ({ column_list: names(table, source) }),
  expect_table_columns_to_match_set: (table, source) => ({
    column_set: names(table, source),
    ...(source.chance(0.5) ? { exact_match: source.chance(0.5) } : {}),
  }),
  expect_table_row_count_to_be_between: (_, source) => counts(source),
  expect_column_type_to_be: (table, source) => ({ ...column(table, source), type_: source.pick(TYPES) }),
  unexpected_rows_expectation: (_, source) => ({
    unexpected_rows_query: `select * from {batch} where ${source.pick(['l0 > 3', 'l0 is null', 'l0 < 0 or l0 > 2', 'false'])}`,
  }),
  expect_table_row_count_to_equal: (_, source) => ({ value: source.whole(0, 12) }),
}

const NUMBERS: readonly Kind[] = ['long', 'double', 'decimal', 'boolean']
const TEXT: readonly Kind[] = ['string', 'string', 'string', 'long']

function isJson(value: unknown): boolean {
  return value === null || (typeof value === 'string' && pythonJson(value) !== undefined)
}

function first(table: RandomTable): RandomColumn {
  const [found] = table.columns
  if (!found) throw new Error('a table without columns')
  return found
}

function pick(table: RandomTable, source: RandomSource, kinds?: readonly Kind[]): RandomColumn {
  const kind = kinds && source.pick(kinds)
  const fitting = table.columns.filter((one) => kind === undefined || one.kind === kind)
  return fitting.length > 0 ? source.pick(fitting) : first(table)
}

function column(table: RandomTable, source: RandomSource, kinds?: readonly Kind[]): { column: string } {
  return { column: source.chance(0.02) ? 'nowhere' : pick(table, source, kinds).name }
}

function each(kinds?: readonly Kind[]): Maker {
  return (table, source) => ({ ...column(table, source, kinds), ...mostly(source) })
}

function mostly(source: RandomSource): Kwargs {
  return source.chance(0.4) ? { mostly: source.pick([0, 0.25, 0.5, 0.75, 0.9, 1]) } : {}
}

function bounded(source: RandomSource, least: Json, most: Json): Kwargs {
  const given: Kwargs = {}
  if (source.chance(0.85)) given.min_value = least
  if (source.chance(0.85) || given.min_value === undefined) given.max_value = most
  if (source.chance(0.2) && given.min_value !== undefined) given.strict_min = source.chance(0.8)
  if (source.chance(0.2) && given.max_value !== undefined) given.strict_max = source.chance(0.8)
  return given
}

function numbers(source: RandomSource): Kwargs {
  return bounded(source, source.whole(-4, 3) / 2, source.whole(4, 24) / 2)
}

function counts(source: RandomSource): Kwargs {
  return bounded(source, source.whole(0, 4), source.whole(4, 8))
}

function shares(source: RandomSource): Kwargs {
  return bounded(source, source.pick([0, 0.25, 0.5]), source.pick([0.5, 0.75, 1]))
}

/** Bounds that can be compared with the column. */
function like(on: RandomColumn, source: RandomSource): Kwargs {
  if (on.kind !== 'date' && on.kind !== 'timestamp') return numbers(source)
  const clock = on.kind === 'timestamp' ? 'T00:00:00' : ''
  return bounded(source, `2024-01-${source.whole(28, 31)}${clock}`, `2024-02-0${source.whole(1, 9)}${clock}`)
}

/** A value that may occur in the column. */
function member(on: RandomColumn, source: RandomSource): Json {
  const known = on.values.filter((value) => value !== null && !/NaN|Inf/.test(String(value)))
  if (known.length > 0 && source.chance(0.8))
    return on.kind === 'decimal' ? Number(source.pick(known)) : source.pick(known)
  return /long|double|decimal/.test(on.kind) ? source.whole(0, 9) : source.pick(['a', 'zz', 'paid'])
}

function comparableColumns(table: RandomTable): readonly RandomColumn[] {
  return table.columns.filter(({ kind }) => kind === 'long' || kind === 'double' || kind === 'string')
}

function set(table: RandomTable, source: RandomSource): Kwargs {
  const on = source.pick(table.columns.filter(({ kind }) => /long|double|string|boolean/.test(kind)))
  return { column: on.name, value_set: Array.from({ length: source.whole(1, 6) }, () => member(on, source)) }
}

function inSet(table: RandomTable, source: RandomSource): Kwargs {
  return { ...set(table, source), ...mostly(source) }
}

function order(table: RandomTable, source: RandomSource): Kwargs {
  return {
    ...column(table, source, ['long', 'double', 'date', 'timestamp']),
    ...mostly(source),
    ...(source.chance(0.4) ? { strictly: source.chance(0.7) } : {}),
  }
}

function divergence(table: RandomTable, source: RandomSource): Kwargs {
  const on = pick(table, source, ['long', 'string', 'double'])
  const weights = source.pick([
    [0.5, 0.5],
    [0.25, 0.25, 0.5],
    [0.1, 0.2, 0.3, 0.4],
  ])
  const bins = on.kind === 'double' || (on.kind === 'long' && source.chance(0.3))
  const tails = bins && source.chance(0.2)
  const partition_object: Json = bins
    ? {
        bins: [0, ...weights.map((_, i) => (i + 1) * 3)],
        weights: tails ? weights.map((weight) => weight * 0.8) : weights,
        ...(tails ? { tail_weights: [0.1, 0.1] } : {}),
      }
    : {
        values: [...new Set([...on.values.filter((value) => value !== null), 'a', 'b', 'c', 'd'])].slice(
          0,
          weights.length,
        ),
        weights,
      }
  return {
    column: on.name,
    partition_object,
    ...(source.chance(0.8) ? { threshold: source.pick([0.1, 0.5, 2]) } : {}),
    ...(!tails && source.chance(0.3) ? { tail_weight_holdout: 0.01 } : {}),
    ...(bins && source.chance(0.2) ? { internal_weight_holdout: 0.01 } : {}),
  }
}

function pair(table: RandomTable, source: RandomSource): Kwargs {
  const columns = comparableColumns(table)
  // Great Expectations on pandas has pairs of pairs where both columns are the same one.
  const a = source.pick(
    columns.filter(({ kind }) => kind !== 'string' || columns.filter((one) => one.kind === 'string').length > 1),
  )
  const others = columns.filter((one) => one !== a && (one.kind === 'string') === (a.kind === 'string'))
  return {
    column_A: a.name,
    column_B: (others.length > 0 ? source.pick(others) : a).name,
    ...mostly(source),
    ...ignorePair(source),
  }
}

function ignorePair(source: RandomSource): Kwargs {
  return source.chance(0.5)
    ? { ignore_row_if: source.pick(['both_values_are_missing', 'either_value_is_missing', 'neither']) }
    : {}
}

function ignoreRecord(source: RandomSource): Kwargs {
  return source.chance(0.5)
    ? { ignore_row_if: source.pick(['all_values_are_missing', 'any_value_is_missing', 'never']) }
    : {}
}

function some(table: RandomTable, source: RandomSource, kinds: readonly Kind[]): string[] {
  return source
    .some(
      table.columns.filter(({ kind }) => kinds.includes(kind)),
      2,
      3,
    )
    .map(({ name }) => name)
}

function records(table: RandomTable, source: RandomSource): Kwargs {
  return { column_list: some(table, source, ['long', 'double']), ...mostly(source), ...ignoreRecord(source) }
}

function names(table: RandomTable, source: RandomSource): string[] {
  const all = table.columns.map(({ name }) => name)
  return source.chance(0.4) ? all : source.some([...all, 'nowhere'], 1, all.length + 1)
}
