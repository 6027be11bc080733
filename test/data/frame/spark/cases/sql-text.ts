import { createDataFrame, expr } from '../../../../../src/data/frame/index.ts'
import type { SparkCase } from '../spark-case.ts'

const rows = createDataFrame(
  [
    [1, 'Ada', 10, '2024-02-29', '2024-03-10T01:30:00Z', [1, 2, 3], '12.50', { p: 1, q: 'x' }],
    [2, ' bob ', null, '2023-12-31', '1970-01-01T00:00:00Z', [], '-0.05', { p: null, q: 'y' }],
    [3, null, -3, null, null, null, null, null],
    [4, '', 7, '1999-01-01', '2024-12-31T23:59:59.999999Z', [null, 5], '99999999.99', { p: 4, q: null }],
  ],
  'i int, name string, n int, d date, ts timestamp, xs array<int>, m decimal(10,2), s struct<p:int,q:string>',
)

/** Names, with or without "as". */
const NAMED = [
  'n + 1 as more', 'n + 1 more', 'n `odd name`', 'upper(name) AS u', 'n', 'i as `as`', 'explode(xs) x', 'explode(xs) as x', 'posexplode(xs) as (at, x)', 'upper(name)', 'n + 1', 'n div 2', "trim(both 'A' from name)", "trim(leading ' ' from name)",
] // biome-ignore format: a list

const TEXTS = [
  // Functions of elements.
  'transform(xs, x -> x + 1)', 'transform(xs, (x, i) -> x * i + n)', 'filter(xs, x -> x > 1)', 'exists(xs, x -> x is null)', 'forall(xs, X -> x > 0)',
  'aggregate(xs, 0, (acc, x) -> acc + coalesce(x, 0))', 'aggregate(xs, 0, (acc, x) -> acc + coalesce(x, 0), acc -> acc * 10)', 'zip_with(xs, xs, (a, b) -> a + b)',
  'transform(array(s), t -> t.p)', 'transform(xs, x -> transform(xs, y -> x + y))', 'array_sort(xs, (l, r) -> r - l)', 'map_filter(map(i, name), (k, v) -> v is not null)',
  // Intervals.
  'd + interval 1 day', 'd - interval 2 weeks', "d + interval '3' month", 'ts + interval 1 hour', "ts + interval '1 day 2 hours'", 'ts - interval 1 year', 'd + interval 1 year 2 months',
  "ts + interval '1-2' year to month", "ts + interval '1 10:20:30.5' day to second", 'ts + interval 90 minutes 30 seconds', 'ts + interval -5 days', "ts + interval '1.5' second", 'interval 1 day + ts',
  // Words between arguments.
  'extract(year from d)', 'extract(MONTH FROM ts)', 'extract(dow from d)', 'position(\'a\' in name)', 'substring(name from 2)', 'substring(name from 1 for 2)', 'substr(name, 2, 1)',
  "trim(name)", "btrim(name, 'A')", "trim(both 'A' from name)", "trim(leading ' ' from name)", "trim(trailing from name)", "trim('da' from lower(name))",
  // Predicates.
  "name like '%d%'", "name not like 'A_a'", "name ilike 'ADA'", "name rlike '^A'", 'n between 1 and 10', 'n not between 1 and 8', 'n in (7, 10)', 'n not in (7)', 'n is null', 'n is not null', 'n <=> null', '(n > 1) is true', '(n > 1) is not true', 'n is distinct from 7',
  // Operators.
  'n % 4', 'n div 2', 'm div 3', '-n', '~n', 'n & 3', 'n | 8', 'n ^ 5', "name || '!'", 'not n > 3 and i < 3 or i = 4', '!(n > 3)', '1 + 2 * 3 - 4 / 2', 'n / 4', 'm * 2', 'm + 0.005', '1.5e3', '10L', "2.5BD", "date '2024-01-31'", "timestamp '2024-01-31 10:00:00'", 'cast(m as int)', 'cast(name as binary)', "try_cast(name as int)", 'n::string', "'it''s'", "'tab\\tx'",
  // Conditions.
  "case when n > 5 then 'many' when n is null then 'none' else 'few' end", "case n when 10 then 'ten' when 7 then 'seven' end", "if(n > 5, 'a', 'b')", 'nullif(n, 7)', 'nvl(n, 0)', 'coalesce(n, i)', 's.p', 's.p + 1', 'xs[0]', 'size(xs)', 'map(1, name)[1]', "named_struct('a', n, 'b', name)", "struct(n, name as who)",
] // biome-ignore format: a list

const AGGREGATES = [
  'count(*)', 'count(n)', 'count(distinct n)', 'sum(n) filter (where n > 0)', 'count(*) filter (where name is not null)', 'max(n) - min(n)', 'sum(n) / count(n)', 'collect_list(n)', 'avg(m)', 'count(if(n > 5, 1, null))',
] // biome-ignore format: a list

const WINDOWS = [
  'row_number() over (order by i)', 'sum(n) over (order by i)', 'sum(n) over (order by i rows between 1 preceding and current row)', 'sum(n) over (order by i rows between unbounded preceding and 1 preceding)', 'sum(n) over (order by i rows 1 preceding)', 'count(*) over (order by i range between 1 preceding and 1 following)', 'lag(n, 1, 0) over (order by i desc)', 'sum(n) over (partition by n > 5 order by i desc nulls last)', 'max(n) over ()',
] // biome-ignore format: a list

export const cases: readonly SparkCase[] = [
  ...NAMED.map((text) => ({ name: `named ${text}`, frame: rows.select('i', expr(text)) })),
  ...TEXTS.map((text) => ({ name: text, frame: rows.select('i', expr(text).as('r')) })),
  ...AGGREGATES.map((text) => ({ name: text, frame: rows.agg(expr(text).as('r')) })),
  ...WINDOWS.map((text) => ({ name: text, frame: rows.select('i', expr(text).as('r')) })),
  ...['n > 5 and name is not null', "d >= date '2024-01-01'", 'exists(xs, x -> x = 5)', 'ts < timestamp \'2000-01-01 00:00:00\' + interval 30 years'].map((text) => ({ name: `where ${text}`, frame: rows.filter(text).select('i') })), // biome-ignore format: one line
]
