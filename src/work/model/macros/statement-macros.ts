/** dbt's macros that run statements: everything a template asks the database goes through them. */
export const STATEMENT_MACROS = `
{% macro statement(name=none, fetch_result=False, auto_begin=True, language='sql') -%}
    {#- Called while reading too, for what its text refers to. -#}
    {%- set compiled_code = caller() -%}
    {%- if execute -%}
        {%- if language != 'sql' -%}
            {%- do exceptions.raise_not_implemented('statements in ' ~ language ~ ' cannot be run') -%}
        {%- endif -%}
        {%- if name == 'main' -%}{%- do write(compiled_code) -%}{%- endif -%}
        {%- set response, table = adapter.execute(compiled_code, auto_begin=auto_begin, fetch=fetch_result) -%}
        {%- if name is not none -%}
            {%- do store_result(name, response=response, agate_table=table) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) -%}
    {%- set compiled_code = caller() -%}
    {%- if name == 'main' -%}
        {%- do write(compiled_code) -%}
    {%- endif -%}
    {%- if name is not none -%}
        {%- do store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) -%}
    {%- endif -%}
{%- endmacro %}

{% macro run_query(sql) %}
    {% call statement('run_query_statement', fetch_result=true, auto_begin=false) %}
        {{ sql }}
    {% endcall %}
    {% set found = load_result('run_query_statement') %}
    {% do return(found.table if found is not none else none) %}
{% endmacro %}

{% macro is_incremental() %}
    {% if not execute %}
        {% do return(False) %}
    {% endif %}
    {% set existing = load_cached_relation(this) %}
    {% do return(existing is not none and existing.type == 'table'
        and model.config.materialized == 'incremental' and not should_full_refresh()) %}
{% endmacro %}

{% macro should_full_refresh() %}
    {% set own = config.get('full_refresh') %}
    {% do return(own if own is not none else flags.FULL_REFRESH) %}
{% endmacro %}

{% macro should_store_failures() %}
    {% set own = config.get('store_failures') %}
    {% do return(own if own is not none else flags.STORE_FAILURES) %}
{% endmacro %}

{% macro set_sql_header(config) -%}
    {%- do config.set('sql_header', caller()) -%}
{%- endmacro %}

{% macro convert_datetime(date_str, date_fmt) %}
    {% do return(modules.datetime.datetime.strptime(date_str | string, date_fmt)) %}
{% endmacro %}

{% macro dates_in_range(start_date_str, end_date_str=none, in_fmt='%Y%m%d', out_fmt='%Y%m%d') %}
    {% set start = convert_datetime(start_date_str, in_fmt) %}
    {% set end = convert_datetime(end_date_str if end_date_str is not none else start_date_str, in_fmt) %}
    {% set days = (end - start).days %}
    {% if days < 0 %}
        {% do exceptions.raise_compiler_error('Partition start date is after the end date: ' ~ start ~ ', ' ~ end) %}
    {% endif %}
    {% set found = [] %}
    {% for day in range(days + 1) %}
        {% do found.append((start + modules.datetime.timedelta(days=day)).strftime(out_fmt)) %}
    {% endfor %}
    {% do return(found) %}
{% endmacro %}

{% macro partition_range(raw_partition_date, date_fmt='%Y%m%d') %}
    {% set parts = (raw_partition_date | string).split(',') %}
    {% if parts | length > 2 %}
        {% do exceptions.raise_compiler_error('Invalid partition time. Expected format: {Start Date}[,{End Date}]. Got: ' ~ raw_partition_date) %}
    {% endif %}
    {% do return(dates_in_range(parts[0], parts[1] if parts | length == 2 else none, in_fmt=date_fmt)) %}
{% endmacro %}

{% macro py_current_timestring() %}
    {% do return(modules.datetime.datetime.now().strftime('%Y%m%d%H%M%S%f')) %}
{% endmacro %}

{% macro get_empty_subquery_sql(select_sql, select_sql_header=none) -%}
    {{ return(adapter.dispatch('get_empty_subquery_sql', 'dbt')(select_sql, select_sql_header)) }}
{%- endmacro %}

{% macro default__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
    {%- if select_sql_header is not none -%}
    {{ select_sql_header }}
    {%- endif -%}
    select * from (
        {{ select_sql }}
    ) as __dbt_sbq
    where false
    limit 0
{% endmacro %}

{% macro get_limit_subquery_sql(sql, limit) %}
    {{ adapter.dispatch('get_limit_sql', 'dbt')(sql, limit) }}
{% endmacro %}

{% macro get_limit_sql(sql, limit) %}
    {{ adapter.dispatch('get_limit_sql', 'dbt')(sql, limit) }}
{% endmacro %}

{% macro default__get_limit_sql(sql, limit) %}
  {{ sql }}
  {% if limit is not none %}
  limit {{ limit }}
  {%- endif -%}
{% endmacro %}

{% macro get_show_sql(compiled_code, sql_header, limit) -%}
  {%- if sql_header is not none -%}
  {{ sql_header }}
  {%- endif %}
  {{ get_limit_subquery_sql(compiled_code, limit) }}
{%- endmacro %}

{% macro validate_sql(sql) -%}
    {{ return(adapter.dispatch('validate_sql', 'dbt')(sql)) }}
{%- endmacro %}

{% macro default__validate_sql(sql) -%}
    {% call statement('validate_sql') -%}
        explain {{ sql }}
    {% endcall %}
    {{ return(load_result('validate_sql')) }}
{%- endmacro %}
`
