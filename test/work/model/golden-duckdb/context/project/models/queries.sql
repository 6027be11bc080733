-- depends_on: {{ ref('things') }}
{% if execute %}
{% set t = run_query('select * from ' ~ ref('things') ~ ' order by id') %}
{% call statement('named', fetch_result=true) %}select count(*) as n, sum(price) as total, avg(price) as middle, max(day) as last from {{ ref('things') }}{% endcall %}
{% set named = load_result('named') %}
/*
{{ t.column_names }} {{ t.rows | length }} {{ t.rows[0].values() }} {{ t.columns[1].values() }} {{ t.columns['price'].values() }} {{ t.rows[1]['at'] }} {{ t.rows[0].day }} {{ t.rows[0]['day'].strftime('%d.%m.') }} {{ t.rows[2].values() }} {{ t.rows[0].keys() }}
{% for row in t %}{{ row['id'] }}{{ row.name }}{% endfor %} {% for row in t.rows %}{{ row[0] }},{% endfor %} {{ t.columns | map(attribute='name') | list }} {{ t.select(['name']).rows[0].values() }} {{ t.exclude(['name']).column_names }} {{ t.limit(1).rows | length }} {{ t.columns.keys() }} {{ t.rows[0].dict()['name'] }}
{{ named.data }} {{ named['data'][0][0] }} {{ named.table.rows[0][1] * 2 }} {{ named.table.columns[0].values()[0] + 1 }} {{ named.response }} {{ named.table.rows[0]['middle'] | round(2) }}
{{ run_query("select [1, 2] as l, {'a': 1, 'b': [2]} as s, 1.0::double as f, 12345678901234567890::hugeint as h, true as b, null as z, 'é' as u, time '10:00:00' as tm, timestamptz '2024-01-01 00:00:00+00' as tz, uuid '00000000-0000-0000-0000-000000000001' as id").rows[0].values() }}
{{ run_query('select 1 as a where false').rows | length }} {{ run_query('select 1 as a where false').columns[0].values() }} {{ dbt_utils_like(t) if dbt_utils_like is defined else 'no' }}
{{ adapter.get_relation(database=this.database, schema=this.schema, identifier='things') }} {{ adapter.get_relation(this.database, this.schema, 'nope') is none }} {{ load_relation(ref('things')).type }} {{ adapter.get_columns_in_relation(ref('things')) | map(attribute='dtype') | list }} {{ adapter.get_columns_in_relation(ref('things')) | map(attribute='data_type') | list }} {{ adapter.check_schema_exists(database=target.database, schema='main') }} {{ get_columns_in_query('select 1 as a, 2 as b') }}
{{ adapter.get_missing_columns(ref('things'), this) | length }} {{ load_result('nothing') is none }} {{ run_query('select 1 as a').columns[0].values() | first }}
*/
{% endif %}
select 1 as x
