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
    {% set where = "lower(schema_name) = '" ~ (schema | lower) ~ "'" %}
    {% if information_schema.database %}{% set where = where ~ " and lower(catalog_name) = '" ~ (information_schema.database | lower) ~ "'" %}{% endif %}
    {{ return(run_query('select count(*) from system.information_schema.schemata where ' ~ where)) }}
{%- endmacro %}

{# Other databases that are attached have no schemas, or only one. #}
{% macro duckdb__create_schema(relation) -%}
    {% set other = run_query("select type from duckdb_databases() where type != 'duckdb' and lower(database_name) = '" ~ ((relation.database or '') | lower) ~ "'") %}
    {% set kind = other[0][0] if other | length else 'duckdb' %}
    {% if kind == 'sqlite' and relation.schema != 'main' %}
        {{ exceptions.raise_compiler_error("Schema must be 'main' when writing to sqlite instead got " ~ relation.schema) }}
    {% elif kind not in ['sqlite', 'mysql'] %}
        {{ return(default__create_schema(relation)) }}
    {% endif %}
{%- endmacro %}

{# The header is run beside the query, which is described and cannot have a statement in front. #}
{% macro duckdb__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
    {%- if select_sql_header is not none -%}{%- do run_query(select_sql_header) -%}{%- endif -%}
    {{ default__get_empty_subquery_sql(select_sql) }}
{% endmacro %}

{% macro duckdb__apply_grants(relation, grant_config, should_revoke=True) %}
    {% if grant_config %}{{ adapter.warn_once('Grants for relations are not supported by DuckDB') }}{% endif %}
{% endmacro %}

{% macro duckdb_escape_comment(comment) -%}
    {%- if comment is not string -%}{%- do exceptions.raise_compiler_error('cannot escape a non-string: ' ~ comment) -%}{%- endif -%}
    '{{ comment | replace("'", "''") }}'
{%- endmacro %}
{% macro duckdb__alter_relation_comment(relation, comment) %}
    comment on {{ relation.type }} {{ relation }} is {{ duckdb_escape_comment(comment) }};
{% endmacro %}
{% macro duckdb__alter_column_comment(relation, column_dict) %}
    {% set held = adapter.get_columns_in_relation(relation) | map(attribute='name') | list %}
    {% for name in column_dict if name in held %}
    comment on column {{ relation }}.{{ adapter.quote(name) }} is {{ duckdb_escape_comment(column_dict[name]['description']) }};
    {% endfor %}
{% endmacro %}

{% macro flight_name(parsed_model) -%}{{ return(adapter.dispatch('flight_name', 'dbt')(parsed_model)) }}{%- endmacro %}
{% macro default__flight_name(parsed_model) -%}{{ return(duckdb__flight_name(parsed_model)) }}{%- endmacro %}
{% macro duckdb__flight_name(parsed_model) -%}
    {{ return(['dbt', parsed_model.get('package_name'), parsed_model.get('database'), parsed_model.get('schema'), parsed_model.get('alias') or parsed_model.get('name')] | select | join('-')) }}
{%- endmacro %}

{% macro duckdb__current_timestamp() -%}
    now()
{%- endmacro %}

{% macro duckdb__snapshot_string_as_time(timestamp) -%}
    {{ return("'" ~ timestamp ~ "'::timestamp") }}
{%- endmacro %}

{% macro duckdb__snapshot_get_time() -%}
    {{ current_timestamp() }}::timestamp
{%- endmacro %}

{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) -%}
    {%- set names = get_snapshot_table_column_names() -%}
    {%- set end = 'DBT_INTERNAL_TARGET.' ~ names.dbt_valid_to -%}
    {%- set open_end = config.get('dbt_valid_to_current') -%}
    update {{ target }} as DBT_INTERNAL_TARGET
    set {{ names.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ names.dbt_valid_to }}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.{{ names.dbt_scd_id }}::text = DBT_INTERNAL_TARGET.{{ names.dbt_scd_id }}::text
      and DBT_INTERNAL_SOURCE.dbt_change_type::text in ('update'::text, 'delete'::text)
      and ({{ end ~ ' = ' ~ open_end ~ ' or ' if open_end }}{{ end }} is null);

    insert into {{ target }} ({{ insert_cols | join(', ') }})
    select {% for column in insert_cols %}DBT_INTERNAL_SOURCE.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    from {{ source }} as DBT_INTERNAL_SOURCE
    where DBT_INTERNAL_SOURCE.dbt_change_type::text = 'insert'::text;
{%- endmacro %}

{% macro build_snapshot_staging_table(strategy, sql, target_relation) %}
    {% set place = duckdb__dispatch_temporary_relation(target_relation) %}
    {% call statement('build_snapshot_staging_relation') %}
        {{ create_table_as(place.temporary, place.relation, snapshot_staging_table(strategy, sql, target_relation)) }}
    {% endcall %}
    {% do return(place.relation) %}
{% endmacro %}
{% macro duckdb__post_snapshot(temporary_relation) %}{% do return(drop_relation(temporary_relation)) %}{% endmacro %}

{# The file is read by the database; with \`fast: false\` its rows come as values. #}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {% if not config.get('fast', true) %}{{ return(default__load_csv_rows(model, agate_table)) }}{% endif %}
    {% set text = "copy " ~ this.render() ~ " from '" ~ adapter.escape_sql_string(adapter.get_seed_file_path(model)) ~ "' (format csv, header true, delimiter '" ~ config.get('delimiter', ',') ~ "')" %}
    {% do adapter.add_query(text, abridge_sql_log=True) %}
    {{ return(text) }}
{% endmacro %}

{% macro duckdb__get_batch_size() %}{{ return(10000) }}{% endmacro %}
{% macro duckdb__get_binding_char() %}{{ return(adapter.get_binding_char()) }}{% endmacro %}

{% macro duckdb__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
    {% for column in add_columns or [] %}
        {% do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' add column ' ~ adapter.quote(column.name) ~ ' ' ~ column.data_type) %}
    {% endfor %}
    {% for column in remove_columns or [] %}
        {% do run_query('alter ' ~ relation.type ~ ' ' ~ relation ~ ' drop column ' ~ adapter.quote(column.name)) %}
    {% endfor %}
{% endmacro %}

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

`
