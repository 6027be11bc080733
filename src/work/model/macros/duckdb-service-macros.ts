/** Built-in macros about relations in the form DuckDB needs, found by dispatch as `duckdb__…`. */
export const DUCKDB_SERVICE_MACROS = `
{% macro duckdb__get_columns_in_relation(relation) -%}
    {{ return(adapter.get_columns_in_relation(relation)) }}
{%- endmacro %}

{% macro duckdb__list_relations_without_caching(schema_relation) %}
    {% set sql %}
        select
            '{{ schema_relation.database }}' as database,
            table_name as name,
            table_schema as schema,
            case table_type
                when 'BASE TABLE' then 'table'
                when 'VIEW' then 'view'
                when 'LOCAL TEMPORARY' then 'table'
            end as type
        from system.information_schema.tables
        where lower(table_schema) = '{{ schema_relation.schema | lower }}'
            and lower(table_catalog) = '{{ schema_relation.database | lower }}'
    {% endset %}
    {{ return(run_query(sql)) }}
{% endmacro %}

{% macro duckdb__list_schemas(database) -%}
    {{ return(run_query("select schema_name from system.information_schema.schemata where lower(catalog_name) = '" ~ (database | lower | replace('"', '')) ~ "'")) }}
{%- endmacro %}

{% macro duckdb__check_schema_exists(information_schema, schema) -%}
    {{ return(run_query("select count(*) from system.information_schema.schemata where lower(schema_name) = '" ~ (schema | lower) ~ "'")) }}
{%- endmacro %}

{% macro duckdb__current_timestamp() -%}
    now()
{%- endmacro %}

{% macro duckdb__snapshot_string_as_time(timestamp) -%}
    {{ return("'" ~ timestamp ~ "'::timestamp") }}
{%- endmacro %}

{% macro duckdb__get_batch_size() %}{{ return(10000) }}{% endmacro %}
{% macro duckdb__get_binding_char() %}{{ return(adapter.get_binding_char()) }}{% endmacro %}

{% macro duckdb__get_incremental_default_sql(arg_dict) %}
    {% do return(get_incremental_delete_insert_sql(arg_dict) if arg_dict['unique_key'] else get_incremental_append_sql(arg_dict)) %}
{% endmacro %}

{% macro duckdb__get_empty_subquery_sql(select_sql, select_sql_header=none) %}{{ return(default__get_empty_subquery_sql(select_sql, select_sql_header)) }}{% endmacro %}

{% macro duckdb__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
    {% for column in add_columns or [] %}
        {% do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' add column ' ~ adapter.quote(column.name) ~ ' ' ~ column.data_type) %}
    {% endfor %}
    {% for column in remove_columns or [] %}
        {% do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' drop column ' ~ adapter.quote(column.name)) %}
    {% endfor %}
{% endmacro %}

{% macro duckdb__make_temp_relation(base_relation, suffix) %}
    {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix, 'schema': none, 'database': none})) }}
{% endmacro %}

{% macro get_column_names() %}
    {%- set columns = model['columns'] -%}
    (
    {% for name in columns %}{{ columns[name]['name'] }}{{ ',' if not loop.last }}{% endfor %}
    )
{% endmacro %}

{% macro location_exists(location) -%}
    {% do return(adapter.location_exists(location)) %}
{%- endmacro %}

{% macro external_location(relation, config) -%}
    {%- set root = adapter.external_root() -%}
    {%- if config.get('options', {}).get('partition_by') is none -%}
        {{- root }}/{{ relation.identifier }}.{{ config.get('format', 'parquet') -}}
    {%- else -%}
        {{- root }}/{{ relation.identifier -}}
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__create_schema(relation) %}{{ return(default__create_schema(relation)) }}{% endmacro %}

{% macro duckdb__drop_schema(relation) %}{{ return(default__drop_schema(relation)) }}{% endmacro %}

{% macro duckdb__drop_relation(relation) -%}
    {% call statement('drop_relation', auto_begin=False) -%}
        drop {{ relation.type or 'table' }} if exists {{ relation }} cascade
    {%- endcall %}
{%- endmacro %}

{% macro duckdb__rename_relation(from_relation, to_relation) -%}
    {% call statement('rename_relation') -%}
        alter {{ to_relation.type or from_relation.type or 'table' }} {{ from_relation }} rename to {{ adapter.quote(to_relation.identifier) }}
    {%- endcall %}
{%- endmacro %}

{% macro duckdb__create_view_as(relation, sql) -%}
    {{ config.get('sql_header') or '' }}
    create or replace view {{ relation }} as (
        {{ sql }}
    )
{%- endmacro %}

{# A key may be an expression, and several keys are compared one by one. #}
{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
    {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
    {%- if unique_key and unique_key is sequence and unique_key is not string %}
    delete from {{ target }} as dbt_incremental_target
    using {{ source }} as dbt_source
    where (
        {% for key in unique_key %}dbt_source.{{ key }} = dbt_incremental_target.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
        {% for predicate in incremental_predicates or [] %} and {{ predicate }}{% endfor %}
    );
    {%- elif unique_key %}
    delete from {{ target }}
    where ({{ unique_key }}) in (select ({{ unique_key }}) from {{ source }})
    {%- for predicate in incremental_predicates or [] %} and {{ predicate }}{% endfor %};
    {%- endif %}
    insert into {{ target }} ({{ columns }}) (select {{ columns }} from {{ source }})
{%- endmacro %}

{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) -%}
    {%- set names = get_snapshot_table_column_names() -%}
    {%- set columns = insert_cols | join(', ') -%}
    update {{ target }} as DBT_INTERNAL_TARGET
    set {{ names.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ names.dbt_valid_to }}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.{{ names.dbt_scd_id }}::text = DBT_INTERNAL_TARGET.{{ names.dbt_scd_id }}::text
      and DBT_INTERNAL_SOURCE.dbt_change_type::text in ('update'::text, 'delete'::text)
      and DBT_INTERNAL_TARGET.{{ names.dbt_valid_to }} is null;

    insert into {{ target }} ({{ columns }})
    select {% for column in insert_cols %}DBT_INTERNAL_SOURCE.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.dbt_change_type::text = 'insert'::text
{%- endmacro %}

{% macro normalize_incremental_predicates(incremental_predicates) %}
    {{ return([] if incremental_predicates is none else [incremental_predicates] if incremental_predicates is string else incremental_predicates) }}
{% endmacro %}
`
