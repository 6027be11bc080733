import { expect, test } from 'vitest'
import { dbtFolder } from './dbt-folder.ts'

test("dbt's cross-database macros have DuckDB's form", async () => {
  const folder = await dbtFolder({
    'models/dates.sql': `
with d as (select timestamp '2024-01-31 10:20:30' as a, timestamp '2025-03-01 08:09:10' as b)
select
  {{ dbt.dateadd('day', 3, 'a') }}::varchar as plus_days,
  {{ dateadd('quarter', 1, 'a') }}::varchar as plus_quarter,
  {{ dbt.dateadd('week', -1, 'a') }}::varchar as less_week,
  {{ dbt.datediff('a', 'b', 'month') }} as months,
  {{ dbt.datediff('a', 'b', 'week') }} as weeks,
  {{ dbt.date_trunc('month', 'a') }}::varchar as trunced,
  {{ dbt.last_day('a', 'month') }}::varchar as last_of_month,
  {{ dbt.last_day('a', 'quarter') }}::varchar as last_of_quarter,
  {{ dbt.date(2024, 2, 29) }}::varchar as made,
  {{ dbt.current_timestamp() }} > timestamptz '2020-01-01' as later
from d`,
    'models/texts.sql': `
select
  {{ dbt.concat(["'a'", "'b'"]) }} as joined,
  {{ dbt.hash("'x'") }} as hashed,
  {{ dbt.split_part("'a-b-c'", "'-'", 2) }} as second,
  {{ dbt.split_part("'a-b-c'", "'-'", -1) }} as last,
  {{ dbt.length("'abc'") }} as len,
  {{ dbt.position("'b'", "'abc'") }} as pos,
  {{ dbt.replace("'abc'", "'b'", "'x'") }} as replaced,
  {{ dbt.right("'abc'", 2) }} as ending,
  {{ dbt.safe_cast("'12'", dbt.type_int()) }} as casted,
  {{ dbt.cast_bool_to_text('true') }} as truth,
  typeof(cast(1.5 as {{ dbt.type_numeric() }})) as exact,
  typeof(cast('x' as {{ type_string() }})) as text,
  '{{ dbt.escape_single_quotes("it's") }}' as escaped,
  {{ dbt.array_concat(dbt.array_construct([1]), dbt.array_construct([2])) }}::varchar as catted`,
    'models/groups.sql': `
select {{ dbt.any_value('v') }} as one, {{ dbt.bool_or('id > 1') }} as any_big,
  {{ dbt.listagg('v', "','", 'order by id desc') }} as names, {{ dbt.listagg('v', "'|'", 'order by id', 1) }} as first_one
from (values (1, 'p'), (2, 'p')) t(id, v)`,
    'models/spine.sql': `{{ dbt.date_spine('day', "date '2024-02-28'", "date '2024-03-01'") }}`,
    'models/same.sql': `select 1 as id {{ dbt.intersect() }} select 1 {{ dbt.except() }} select 2`,
  })
  const run = await folder.dbt('run')
  expect(run.results.map(({ error }) => error)).toEqual(Array(5).fill(undefined))
  expect(await folder.rows('select * from dates')).toEqual([
    [
      '2024-02-03 10:20:30',
      '2024-04-30 10:20:30',
      '2024-01-24 10:20:30',
      '14',
      '56',
      '2024-01-01 00:00:00',
      '2024-01-31',
      '2024-03-31',
      '2024-02-29',
      'true',
    ],
  ])
  expect(await folder.rows('select * from texts')).toEqual([
    [
      'ab',
      '9dd4e461268c8034f5c8564e155c67a6',
      'b',
      'c',
      '3',
      '2',
      'axc',
      'bc',
      '12',
      'true',
      'DECIMAL(28,6)',
      'VARCHAR',
      "it's",
      '[1, 2]',
    ],
  ])
  expect(await folder.rows('select * from groups')).toEqual([['p', 'true', 'p,p', 'p']])
  expect(await folder.rows('select count(*), max(date_day)::date::varchar from spine')).toEqual([['2', '2024-02-29']])
  expect(await folder.rows('select * from same')).toEqual([['1']])
})

test('a project overrides a cross-database macro by dispatch, under its own adapter only', async () => {
  const folder = await dbtFolder({
    'macros/own.sql':
      "{% macro duckdb__hash(field) %}'duck'{% endmacro %}{% macro postgres__hash(field) %}'elephant'{% endmacro %}",
    'models/a.sql': "select {{ dbt.hash('1') }} as h",
  })
  await folder.dbt('run')
  expect(await folder.rows('select h from a')).toEqual([['duck']])
})
