{% macro default__snapshot_hash_arguments(args) -%}
  concat_ws('#', {{ args | join('::varchar, ') }}::varchar)
{%- endmacro %}

{% macro snapshot_get_time() %}timestamp '2030-01-01 00:00:00'{% endmacro %}

{% macro default__build_snapshot_table(strategy, sql) %}
  select *, {{ strategy.scd_id }} as dbt_scd_id, {{ strategy.updated_at }} as dbt_updated_at,
    {{ strategy.updated_at }} as dbt_valid_from, nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}) as dbt_valid_to, 'first' as taken
    {% if strategy.hard_deletes == 'new_record' %}, 'False' as {{ config.get('snapshot_table_column_names').dbt_is_deleted }}{% endif %}
  from ({{ sql }})
{% endmacro %}

{% macro default__create_csv_table(model, agate_table) %}
  {% set names = [] %}
  {% for name in agate_table.column_names %}{% do names.append(name ~ ' ' ~ adapter.convert_type(agate_table, loop.index0)) %}{% endfor %}
  {% set text = 'create table ' ~ this.render() ~ ' (' ~ (names | join(', ')) ~ ", loaded varchar default 'by us')" %}
  {% call statement('_') %}{{ text }}{% endcall %}
  {{ return(text) }}
{% endmacro %}

{% macro duckdb__load_csv_rows(model, agate_table) %}
  {{ return(default__load_csv_rows(model, agate_table)) }}
{% endmacro %}

{% macro get_batch_size() %}{{ return(2) }}{% endmacro %}

{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
  select 7 * {{ fail_calc }} as failures, {{ fail_calc }} {{ warn_if }} as should_warn, {{ fail_calc }} {{ error_if }} as should_error
  from ({{ main_sql }}) dbt_internal_test
{%- endmacro %}
