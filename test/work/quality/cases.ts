import type { Json } from '../../../src/base/kernel/index.ts'
import { sql } from '../../../src/base/sql/index.ts'

/** Five orders with what checks stumble over: nulls, NaN, a repeated key. */
export const ORDERS = sql`(values
  (1, 'a@x.de', 'paid',    cast(10.50 as double precision), date '2024-01-01', 'DE', 'DE', 60, 40),
  (2, 'b@x.de', 'paid',    -3.00, date '2024-01-02', 'DE', 'FR', 50, 50),
  (3, null,     'shipped', cast('nan' as double precision), date '2024-01-03', 'FR', 'FR', 70, 40),
  (4, 'oops',   'PAID',    99.00, null,              'US', null, null, 100),
  (4, 'a@x.de', null,      12.00, date '2024-02-01', null, null, null, null)
) as orders (id, email, status, amount, day, country, bill_country, part_a, part_b)`

/** An expectation, whether it is met on ORDERS, and some of what is seen. */
export type Case = readonly [
  type: string,
  kwargs: Record<string, Json>,
  success: boolean,
  seen: Record<string, unknown>,
]
/** Every kind of expectation at least once. */
export const CASES: readonly Case[] = [
  ['expect_table_row_count_to_be_between', { min_value: 5, max_value: 5 }, true, { observed_value: 5 }],
  ['expect_table_row_count_to_be_between', { min_value: 5, strict_min: true }, false, { observed_value: 5 }],
  ['expect_table_row_count_to_equal', { value: 4 }, false, { observed_value: 5 }],
  ['expect_table_column_count_to_equal', { value: 9 }, true, { observed_value: 9 }],
  ['expect_table_column_count_to_be_between', { max_value: 8 }, false, { observed_value: 9 }],
  ['expect_table_columns_to_match_set', { column_set: ['id', 'email'], exact_match: false }, true, {}],
  ['expect_column_to_exist', { column: 'status', column_index: 2 }, true, {}],
  ['expect_column_to_exist', { column: 'status', column_index: 1 }, false, {}],
  [
    'expect_column_values_to_not_be_null',
    { column: 'email', mostly: 0.8 },
    true,
    { element_count: 5, unexpected_count: 1, unexpected_percent: 20, partial_unexpected_list: [null] },
  ],
  ['expect_column_values_to_be_null', { column: 'bill_country', mostly: 0.5 }, false, { unexpected_count: 3 }],
  [
    'expect_column_proportion_of_non_null_values_to_be_between',
    { column: 'email', min_value: 0.9 },
    false,
    { observed_value: 0.8 },
  ],
  [
    'expect_column_values_to_be_unique',
    { column: 'id' },
    false,
    { unexpected_count: 2, partial_unexpected_list: [4, 4], missing_count: 0 },
  ],
  ['expect_column_values_to_be_unique', { column: 'bill_country' }, false, { unexpected_count: 2, missing_count: 2 }],
  ['expect_compound_columns_to_be_unique', { column_list: ['id', 'email'] }, true, { unexpected_count: 0 }],
  [
    'expect_compound_columns_to_be_unique',
    { column_list: ['part_a', 'status'], ignore_row_if: 'never' },
    true,
    { unexpected_count: 0 },
  ],
  [
    'expect_select_column_values_to_be_unique_within_record',
    { column_list: ['part_a', 'part_b'] },
    false,
    { unexpected_count: 1, missing_count: 1, partial_unexpected_list: [{ part_a: 50, part_b: 50 }] },
  ],
  [
    'expect_column_unique_value_count_to_be_between',
    { column: 'status', min_value: 3, max_value: 3 },
    true,
    { observed_value: 3 },
  ],
  [
    'expect_column_proportion_of_unique_values_to_be_between',
    { column: 'status', min_value: 0.8 },
    false,
    { observed_value: 0.75 },
  ],
  [
    'expect_column_values_to_be_between',
    { column: 'amount', min_value: 0, max_value: 50 },
    false,
    { unexpected_count: 2, missing_count: 1, unexpected_percent: 50, partial_unexpected_list: [-3, 99] },
  ],
  [
    'expect_column_values_to_be_between',
    { column: 'amount', min_value: -3, strict_min: true },
    false,
    { unexpected_count: 1 },
  ],
  [
    'expect_column_values_to_be_between',
    { column: 'day', min_value: '2024-01-02', max_value: '2024-01-31T23:59:59' },
    false,
    { unexpected_count: 2, partial_unexpected_list: ['2024-01-01', '2024-02-01'] },
  ],
  [
    'expect_column_values_to_be_in_set',
    { column: 'status', value_set: ['paid', 'shipped', 7] },
    false,
    { unexpected_count: 1, partial_unexpected_list: ['PAID'] },
  ],
  ['expect_column_values_to_be_in_set', { column: 'id', value_set: [1, 2, 3, 4.0] }, true, { unexpected_count: 0 }],
  ['expect_column_values_to_be_in_set', { column: 'status', value_set: [] }, false, { unexpected_count: 4 }],
  [
    'expect_column_values_to_not_be_in_set',
    { column: 'day', value_set: ['2024-01-03'] },
    false,
    { unexpected_count: 1 },
  ],
  [
    'expect_column_distinct_values_to_be_in_set',
    { column: 'status', value_set: ['paid', 'shipped'] },
    false,
    { unexpected_count: 1, partial_unexpected_list: ['PAID'] },
  ],
  [
    'expect_column_distinct_values_to_contain_set',
    { column: 'country', value_set: ['DE', 'IT'] },
    false,
    { missing_count: 1, partial_missing_list: ['IT'] },
  ],
  [
    'expect_column_distinct_values_to_equal_set',
    { column: 'country', value_set: ['DE', 'FR', 'US'] },
    true,
    { unexpected_count: 0, missing_count: 0 },
  ],
  [
    'expect_column_most_common_value_to_be_in_set',
    { column: 'status', value_set: ['paid'] },
    true,
    { observed_value: ['paid'] },
  ],
  [
    'expect_column_values_to_match_regex',
    { column: 'email', regex: '@' },
    false,
    { unexpected_count: 1, partial_unexpected_list: ['oops'] },
  ],
  ['expect_column_values_to_not_match_regex', { column: 'email', regex: "^a'?" }, false, { unexpected_count: 2 }],
  [
    'expect_column_values_to_match_regex_list',
    { column: 'email', regex_list: ['^a', '@x'], match_on: 'all' },
    false,
    { unexpected_count: 2 },
  ],
  [
    'expect_column_values_to_not_match_regex_list',
    { column: 'email', regex_list: ['^z', '^q'] },
    true,
    { unexpected_count: 0 },
  ],
  [
    'expect_column_values_to_match_like_pattern',
    { column: 'email', like_pattern: '%@x.%' },
    false,
    { unexpected_count: 1 },
  ],
  [
    'expect_column_values_to_not_match_like_pattern_list',
    { column: 'email', like_pattern_list: ['z%'] },
    true,
    { unexpected_count: 0 },
  ],
  ['expect_column_value_lengths_to_be_between', { column: 'email', min_value: 5 }, false, { unexpected_count: 1 }],
  [
    'expect_column_value_lengths_to_equal',
    { column: 'country', value: 2 },
    true,
    { unexpected_count: 0, missing_count: 1 },
  ],
  ['expect_column_values_to_be_of_type', { column: 'id', type_: 'IntegerType' }, true, { observed_value: 'int32' }],
  [
    'expect_column_values_to_be_in_type_list',
    { column: 'amount', type_list: ['int64', 'float64'] },
    true,
    { observed_value: 'float64' },
  ],
  [
    'expect_column_mean_to_be_between',
    { column: 'part_b', min_value: 57.5, max_value: 57.5 },
    true,
    { observed_value: 57.5 },
  ],
  [
    'expect_column_median_to_be_between',
    { column: 'amount', min_value: 11, max_value: 11.5 },
    true,
    { observed_value: 11.25 },
  ],
  ['expect_column_sum_to_be_between', { column: 'amount', max_value: 100 }, false, { observed_value: 118.5 }],
  [
    'expect_column_stdev_to_be_between',
    { column: 'part_a', min_value: 10, max_value: 10 },
    true,
    { observed_value: 10 },
  ],
  [
    'expect_column_min_to_be_between',
    { column: 'day', min_value: '2024-01-01' },
    true,
    { observed_value: '2024-01-01' },
  ],
  ['expect_column_max_to_be_between', { column: 'amount', max_value: 98 }, false, { observed_value: 99 }],
  ['expect_column_max_to_be_between', { column: 'status', max_value: 'paid' }, false, { observed_value: 'shipped' }],
  [
    'expect_column_pair_values_to_be_equal',
    { column_A: 'country', column_B: 'bill_country' },
    false,
    {
      unexpected_count: 2,
      missing_count: 1,
      partial_unexpected_list: [
        ['DE', 'FR'],
        ['US', null],
      ],
    },
  ],
  [
    'expect_column_pair_values_to_be_equal',
    { column_A: 'country', column_B: 'bill_country', ignore_row_if: 'either_value_is_missing' },
    false,
    { unexpected_count: 1, missing_count: 2 },
  ],
  [
    'expect_column_pair_values_a_to_be_greater_than_b',
    { column_A: 'part_a', column_B: 'part_b', or_equal: true, ignore_row_if: 'either_value_is_missing' },
    true,
    { unexpected_count: 0 },
  ],
  [
    'expect_column_pair_values_to_be_in_set',
    {
      column_A: 'country',
      column_B: 'bill_country',
      value_pairs_set: [
        ['DE', 'DE'],
        ['FR', 'FR'],
      ],
    },
    false,
    { unexpected_count: 2 },
  ],
  [
    'expect_multicolumn_sum_to_equal',
    { column_list: ['part_a', 'part_b'], sum_total: 100 },
    false,
    {
      unexpected_count: 2,
      missing_count: 1,
      partial_unexpected_list: [
        { part_a: 70, part_b: 40 },
        { part_a: null, part_b: 100 },
      ],
    },
  ],
  [
    'unexpected_rows_expectation',
    { unexpected_rows_query: 'select * from {batch} where amount < 0;' },
    false,
    { observed_value: 1 },
  ],
  [
    'expect_column_value_z_scores_to_be_less_than',
    { column: 'part_b', threshold: 1, double_sided: true },
    false,
    { unexpected_count: 1, partial_unexpected_list: [100] },
  ],
  [
    'expect_column_values_to_not_be_outliers',
    { column: 'part_b' },
    false,
    { unexpected_count: 1, partial_unexpected_list: [100] },
  ],
  [
    'expect_column_values_to_not_be_outliers',
    { column: 'part_b', method: 'std', multiplier: 2 },
    true,
    { unexpected_count: 0 },
  ],
  [
    'expect_column_quantile_values_to_be_between',
    {
      column: 'part_b',
      quantile_ranges: {
        quantiles: [0, 0.5],
        value_ranges: [
          [null, 40],
          [45, 50],
        ],
      },
    },
    true,
    { observed_value: { quantiles: [0, 0.5], values: [40, 50] }, details: { success_details: [true, true] } },
  ],
  [
    'expect_column_kl_divergence_to_be_less_than',
    {
      column: 'status',
      partition_object: { values: ['paid', 'shipped', 'PAID'], weights: [0.25, 0.5, 0.25] },
      threshold: 0.1,
    },
    false,
    { observed_value: 0.25 * Math.log(2) },
  ],
  [
    'expect_column_kl_divergence_to_be_less_than',
    { column: 'part_b', partition_object: { bins: [40, 50, 100], weights: [0.5, 0.5] }, threshold: 0 },
    true,
    { observed_value: 0, details: { observed_partition: { weights: [0.5, 0.5], tail_weights: [0, 0] } } },
  ],
  [
    'expect_column_values_to_be_json_parseable',
    { column: 'email', mostly: 0.1 },
    false,
    { unexpected_count: 4, missing_count: 1 },
  ],
  [
    'expect_column_values_to_be_dateutil_parseable',
    { column: 'country' },
    false,
    { unexpected_count: 4, missing_count: 1 },
  ],
  [
    'expect_column_values_to_match_strftime_format',
    { column: 'status', strftime_format: 'p%pd' },
    false,
    { unexpected_count: 4 },
  ],
  [
    'expect_multicolumn_values_to_be_equal',
    { column_list: ['country', 'bill_country'] },
    false,
    { unexpected_count: 2, missing_count: 1 },
  ],
  [
    'expect_query_results_to_match_comparison',
    {
      base_query: 'select id from {batch}',
      comparison_data_source_name: 'own',
      comparison_query: 'select distinct id from {batch};',
      mostly: 0.9,
    },
    false,
    { unexpected_count: 1 },
  ],
  [
    'expect_table_row_count_to_equal_other_table',
    { other_table_name: 'information_schema.tables' },
    false,
    { observed_value: { self: 5 } },
  ],
]
