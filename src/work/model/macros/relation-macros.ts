/**
 * dbt's macros about relations and schemas, under its public names: what creates, replaces, drops, renames and lists
 * them, and what describes their columns.
 */
export const RELATION_MACROS = `
{%- macro get_create_sql(relation, sql) -%}
    {{- adapter.dispatch('get_create_sql', 'dbt')(relation, sql) -}}
{%- endmacro -%}

{%- macro default__get_create_sql(relation, sql) -%}
    {%- if relation.is_view -%}
        {{ get_create_view_as_sql(relation, sql) }}
    {%- elif relation.is_table -%}
        {{ get_create_table_as_sql(False, relation, sql) }}
    {%- elif relation.is_materialized_view -%}
        {{ get_create_materialized_view_as_sql(relation, sql) }}
    {%- else -%}
        {{- exceptions.raise_compiler_error('\`get_create_sql\` has not been implemented for: ' ~ relation.type) -}}
    {%- endif -%}
{%- endmacro -%}

{%- macro get_create_intermediate_sql(relation, sql) -%}
    {{- adapter.dispatch('get_create_intermediate_sql', 'dbt')(relation, sql) -}}
{%- endmacro -%}

{%- macro default__get_create_intermediate_sql(relation, sql) -%}
    {%- set intermediate = make_intermediate_relation(relation) -%}
    {{ get_drop_sql(intermediate) }};
    {{ get_create_sql(intermediate, sql) }}
{%- endmacro -%}

{%- macro get_create_backup_sql(relation) -%}
    {{- adapter.dispatch('get_create_backup_sql', 'dbt')(relation) -}}
{%- endmacro -%}

{%- macro default__get_create_backup_sql(relation) -%}
    {%- set backup = make_backup_relation(relation, relation.type) -%}
    {{ get_drop_sql(backup) }};
    {{ get_rename_sql(relation, backup.identifier) }}
{%- endmacro -%}

{%- macro get_drop_backup_sql(relation) -%}
    {{- adapter.dispatch('get_drop_backup_sql', 'dbt')(relation) -}}
{%- endmacro -%}

{%- macro default__get_drop_backup_sql(relation) -%}
    {{ get_drop_sql(make_backup_relation(relation, relation.type)) }}
{%- endmacro -%}

{%- macro get_rename_intermediate_sql(relation) -%}
    {{- adapter.dispatch('get_rename_intermediate_sql', 'dbt')(relation) -}}
{%- endmacro -%}

{%- macro default__get_rename_intermediate_sql(relation) -%}
    {{ get_rename_sql(make_intermediate_relation(relation), relation.identifier) }}
{%- endmacro -%}

{%- macro get_drop_sql(relation) -%}
    {{- adapter.dispatch('get_drop_sql', 'dbt')(relation) -}}
{%- endmacro -%}

{%- macro default__get_drop_sql(relation) -%}
    {%- if relation.is_view -%}
        {{ drop_view(relation) }}
    {%- elif relation.is_table -%}
        {{ drop_table(relation) }}
    {%- elif relation.is_materialized_view -%}
        {{ drop_materialized_view(relation) }}
    {%- else -%}
        drop {{ relation.type or 'table' }} if exists {{ relation.render() }} cascade
    {%- endif -%}
{%- endmacro -%}

{%- macro get_rename_sql(relation, new_name) -%}
    {{- adapter.dispatch('get_rename_sql', 'dbt')(relation, new_name) -}}
{%- endmacro -%}

{%- macro default__get_rename_sql(relation, new_name) -%}
    {%- if relation.is_view -%}
        {{ get_rename_view_sql(relation, new_name) }}
    {%- elif relation.is_table -%}
        {{ get_rename_table_sql(relation, new_name) }}
    {%- elif relation.is_materialized_view -%}
        {{ get_rename_materialized_view_sql(relation, new_name) }}
    {%- else -%}
        {{- exceptions.raise_compiler_error('\`get_rename_sql\` has not been implemented for: ' ~ relation.type) -}}
    {%- endif -%}
{%- endmacro -%}

{% macro get_rename_table_sql(relation, new_name) %}
    {{- adapter.dispatch('get_rename_table_sql', 'dbt')(relation, new_name) -}}
{% endmacro %}
{% macro default__get_rename_table_sql(relation, new_name) -%}
    alter table {{ relation }} rename to {{ adapter.quote(new_name) }}
{%- endmacro %}

{% macro get_rename_view_sql(relation, new_name) %}
    {{- adapter.dispatch('get_rename_view_sql', 'dbt')(relation, new_name) -}}
{% endmacro %}
{% macro default__get_rename_view_sql(relation, new_name) -%}
    alter view {{ relation }} rename to {{ adapter.quote(new_name) }}
{%- endmacro %}

{% macro get_rename_materialized_view_sql(relation, new_name) %}
    {{- adapter.dispatch('get_rename_materialized_view_sql', 'dbt')(relation, new_name) -}}
{% endmacro %}
{% macro default__get_rename_materialized_view_sql(relation, new_name) -%}
    alter materialized view {{ relation }} rename to {{ adapter.quote(new_name) }}
{%- endmacro %}

{% macro get_replace_sql(existing_relation, target_relation, sql) %}
    {{- adapter.dispatch('get_replace_sql', 'dbt')(existing_relation, target_relation, sql) -}}
{% endmacro %}

{% macro default__get_replace_sql(existing_relation, target_relation, sql) %}
    {%- set replaceable = existing_relation.type == target_relation.type and existing_relation.can_be_replaced -%}
    {%- if replaceable and existing_relation.is_view -%}
        {{ get_replace_view_sql(target_relation, sql) }}
    {%- elif replaceable and existing_relation.is_table -%}
        {{ get_replace_table_sql(target_relation, sql) }}
    {%- elif target_relation.can_be_renamed and existing_relation.can_be_renamed -%}
        {{ get_create_intermediate_sql(target_relation, sql) }};
        {{ get_create_backup_sql(existing_relation) }};
        {{ get_rename_intermediate_sql(target_relation) }};
        {{ get_drop_backup_sql(existing_relation) }}
    {%- elif target_relation.can_be_renamed -%}
        {{ get_create_intermediate_sql(target_relation, sql) }};
        {{ get_drop_sql(existing_relation) }};
        {{ get_rename_intermediate_sql(target_relation) }}
    {%- elif existing_relation.can_be_renamed -%}
        {{ get_create_backup_sql(existing_relation) }};
        {{ get_create_sql(target_relation, sql) }};
        {{ get_drop_backup_sql(existing_relation) }}
    {%- else -%}
        {{ get_drop_sql(existing_relation) }};
        {{ get_create_sql(target_relation, sql) }}
    {%- endif -%}
{% endmacro %}

{% macro get_replace_table_sql(relation, sql) %}
    {{- adapter.dispatch('get_replace_table_sql', 'dbt')(relation, sql) -}}
{% endmacro %}
{% macro default__get_replace_table_sql(relation, sql) -%}
    create or replace table {{ relation }} as (
        {{ sql }}
    )
{%- endmacro %}

{% macro get_replace_view_sql(relation, sql) %}
    {{- adapter.dispatch('get_replace_view_sql', 'dbt')(relation, sql) -}}
{% endmacro %}
{% macro default__get_replace_view_sql(relation, sql) -%}
    create or replace view {{ relation }} as (
        {{ sql }}
    )
{%- endmacro %}

{% macro drop_table(relation) -%}
    {{- adapter.dispatch('drop_table', 'dbt')(relation) -}}
{%- endmacro %}
{% macro default__drop_table(relation) -%}
    drop table if exists {{ relation.render() }} cascade
{%- endmacro %}

{% macro drop_view(relation) -%}
    {{- adapter.dispatch('drop_view', 'dbt')(relation) -}}
{%- endmacro %}
{% macro default__drop_view(relation) -%}
    drop view if exists {{ relation.render() }} cascade
{%- endmacro %}

{% macro drop_materialized_view(relation) -%}
    {{- adapter.dispatch('drop_materialized_view', 'dbt')(relation) -}}
{%- endmacro %}
{% macro default__drop_materialized_view(relation) -%}
    drop materialized view if exists {{ relation.render() }} cascade
{%- endmacro %}

{% macro get_create_materialized_view_as_sql(relation, sql) -%}
    {{- adapter.dispatch('get_create_materialized_view_as_sql', 'dbt')(relation, sql) -}}
{%- endmacro %}
{% macro default__get_create_materialized_view_as_sql(relation, sql) -%}
    {{ exceptions.raise_compiler_error('\`get_create_materialized_view_as_sql\` has not been implemented for this adapter.') }}
{%- endmacro %}

{% macro get_replace_materialized_view_sql(relation, sql) %}
    {{- adapter.dispatch('get_replace_materialized_view_sql', 'dbt')(relation, sql) -}}
{% endmacro %}
{% macro default__get_replace_materialized_view_sql(relation, sql) %}
    {{ exceptions.raise_compiler_error('\`get_replace_materialized_view_sql\` has not been implemented for this adapter.') }}
{% endmacro %}

{% macro refresh_materialized_view(relation) %}
    {{- adapter.dispatch('refresh_materialized_view', 'dbt')(relation) -}}
{% endmacro %}
{% macro default__refresh_materialized_view(relation) %}
    {{ exceptions.raise_compiler_error('\`refresh_materialized_view\` has not been implemented for this adapter.') }}
{% endmacro %}

{% macro handle_existing_table(full_refresh, old_relation) %}
    {{ adapter.dispatch('handle_existing_table', 'dbt')(full_refresh, old_relation) }}
{% endmacro %}
{% macro default__handle_existing_table(full_refresh, old_relation) %}
    {{ log('Dropping relation ' ~ old_relation.render() ~ ' because it is of type ' ~ old_relation.type) }}
    {{ adapter.drop_relation(old_relation) }}
{% endmacro %}

{% macro create_schema(relation) -%}
    {{ adapter.dispatch('create_schema', 'dbt')(relation) }}
{%- endmacro %}
{% macro default__create_schema(relation) -%}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation.without_identifier() }}
    {%- endcall -%}
{%- endmacro %}

{% macro drop_schema(relation) -%}
    {{ adapter.dispatch('drop_schema', 'dbt')(relation) }}
{%- endmacro %}
{% macro default__drop_schema(relation) -%}
    {%- call statement('drop_schema') -%}
        drop schema if exists {{ relation.without_identifier() }} cascade
    {%- endcall -%}
{%- endmacro %}

{% macro drop_schema_named(schema_name) %}
    {{ return(adapter.dispatch('drop_schema_named', 'dbt')(schema_name)) }}
{% endmacro %}
{% macro default__drop_schema_named(schema_name) %}
    {{ adapter.drop_schema(api.Relation.create(database=target.database, schema=schema_name)) }}
{% endmacro %}

{% macro information_schema_name(database) %}
    {{ return(adapter.dispatch('information_schema_name', 'dbt')(database)) }}
{% endmacro %}
{% macro default__information_schema_name(database) -%}
    {%- if database -%}
        {{ database }}.INFORMATION_SCHEMA
    {%- else -%}
        INFORMATION_SCHEMA
    {%- endif -%}
{%- endmacro %}

{% macro list_schemas(database) -%}
    {{ return(adapter.dispatch('list_schemas', 'dbt')(database)) }}
{%- endmacro %}
{% macro default__list_schemas(database) -%}
    {% set sql %}
        select distinct schema_name
        from {{ information_schema_name(database) }}.SCHEMATA
        where catalog_name ilike '{{ database }}'
    {% endset %}
    {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro check_schema_exists(information_schema, schema) -%}
    {{ return(adapter.dispatch('check_schema_exists', 'dbt')(information_schema, schema)) }}
{%- endmacro %}
{% macro default__check_schema_exists(information_schema, schema) -%}
    {% set sql -%}
        select count(*)
        from information_schema.schemata
        where schema_name = '{{ schema }}'
    {%- endset %}
    {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro list_relations_without_caching(schema_relation) %}
    {{ return(adapter.dispatch('list_relations_without_caching', 'dbt')(schema_relation)) }}
{% endmacro %}
{% macro default__list_relations_without_caching(schema_relation) %}
    {% set sql %}
        select
            table_catalog as database,
            table_name as name,
            table_schema as schema,
            case table_type
                when 'BASE TABLE' then 'table'
                when 'VIEW' then 'view'
                when 'LOCAL TEMPORARY' then 'table'
            end as type
        from information_schema.tables
        where table_schema = '{{ schema_relation.schema }}'
        {%- if schema_relation.database %}
            and table_catalog = '{{ schema_relation.database }}'
        {%- endif %}
    {% endset %}
    {{ return(run_query(sql)) }}
{% endmacro %}

{% macro get_relations() %}
    {{ return(adapter.dispatch('get_relations', 'dbt')()) }}
{% endmacro %}
{% macro default__get_relations() %}
    {{ exceptions.raise_not_implemented('get_relations macro not implemented for adapter ' ~ adapter.type()) }}
{% endmacro %}

{% macro get_catalog_relations(information_schema, relations) -%}
    {{ return(adapter.dispatch('get_catalog_relations', 'dbt')(information_schema, relations)) }}
{%- endmacro %}
{% macro default__get_catalog_relations(information_schema, relations) -%}
    {{ return(get_catalog(information_schema, relations | map(attribute='schema') | unique | list)) }}
{%- endmacro %}

{% macro get_catalog(information_schema, schemas) -%}
    {{ return(adapter.dispatch('get_catalog', 'dbt')(information_schema, schemas)) }}
{%- endmacro %}
{% macro default__get_catalog(information_schema, schemas) -%}
    {% set sql %}
        select
            t.table_catalog as table_database,
            t.table_schema,
            t.table_name,
            t.table_type,
            null as table_comment,
            c.column_name,
            c.ordinal_position as column_index,
            c.data_type as column_type,
            null as column_comment,
            null as table_owner
        from information_schema.tables t
        join information_schema.columns c using (table_catalog, table_schema, table_name)
        where lower(t.table_schema) in ({% for schema in schemas %}lower('{{ schema }}'){{ ', ' if not loop.last }}{% endfor %})
        order by t.table_schema, t.table_name, c.ordinal_position
    {% endset %}
    {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro get_relation_last_modified(information_schema, relations) %}
    {{ return(adapter.dispatch('get_relation_last_modified', 'dbt')(information_schema, relations)) }}
{% endmacro %}
{% macro default__get_relation_last_modified(information_schema, relations) %}
    {{ exceptions.raise_not_implemented('get_relation_last_modified macro not implemented for adapter ' ~ adapter.type()) }}
{% endmacro %}

{% macro get_columns_in_relation(relation) -%}
    {{ return(adapter.dispatch('get_columns_in_relation', 'dbt')(relation)) }}
{%- endmacro %}
{% macro default__get_columns_in_relation(relation) -%}
    {{ return(adapter.get_columns_in_relation(relation)) }}
{%- endmacro %}

{% macro sql_convert_columns_in_relation(table) -%}
    {% set columns = [] %}
    {% for row in table %}
        {% do columns.append(api.Column.create(row[0], row[1])) %}
    {% endfor %}
    {{ return(columns) }}
{%- endmacro %}

{% macro get_list_of_column_names(columns) -%}
    {{ return(columns | map(attribute='name') | list) }}
{%- endmacro %}

{% macro get_column_schema_from_query(select_sql, select_sql_header=none) -%}
    {{ return(adapter.get_column_schema_from_query(get_empty_subquery_sql(select_sql, select_sql_header))) }}
{%- endmacro %}

{% macro get_empty_schema_sql(columns) -%}
    {{ return(adapter.dispatch('get_empty_schema_sql', 'dbt')(columns)) }}
{%- endmacro %}
{% macro default__get_empty_schema_sql(columns) %}
    {%- set untyped = [] -%}
    select
    {% for name in columns %}
        {%- set column = columns[name] -%}
        {%- if not column['data_type'] -%}{%- do untyped.append(column['name']) -%}{%- endif -%}
        {{ cast('null', column['data_type']) | trim }} as {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ', ' if not loop.last }}
    {%- endfor -%}
    {%- if untyped -%}{{ exceptions.column_type_missing(column_names=untyped) }}{%- endif -%}
{% endmacro %}

{%- macro get_table_columns_and_constraints() -%}
    {{ adapter.dispatch('get_table_columns_and_constraints', 'dbt')() }}
{%- endmacro -%}
{% macro default__get_table_columns_and_constraints() -%}
    {{ return(table_columns_and_constraints()) }}
{%- endmacro %}
{% macro table_columns_and_constraints() %}
    {%- set columns = adapter.render_raw_columns_constraints(raw_columns=model['columns']) -%}
    {%- set constraints = adapter.render_raw_model_constraints(raw_constraints=model['constraints'] or []) -%}
    (
    {% for line in columns + constraints -%}
        {{ line }}{{ ',' if not loop.last }}
    {% endfor -%}
    )
{% endmacro %}

{%- macro get_assert_columns_equivalent(sql) -%}
    {{ adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) }}
{%- endmacro -%}
{% macro default__get_assert_columns_equivalent(sql) -%}
    {{ return(assert_columns_equivalent(sql)) }}
{%- endmacro %}
{% macro assert_columns_equivalent(sql) %}
    {%- set declared = model['columns'] -%}
    {%- if not declared -%}{{ exceptions.raise_contract_error([], []) }}{%- endif -%}
    {%- set found = format_columns(get_column_schema_from_query(sql, config.get('sql_header', none))) -%}
    {%- set wanted = format_columns(get_column_schema_from_query(get_empty_schema_sql(declared))) -%}
    {%- if found | map(attribute='formatted') | sort != wanted | map(attribute='formatted') | sort -%}
        {%- do exceptions.raise_contract_error(wanted, found) -%}
    {%- endif -%}
{% endmacro %}

{% macro format_columns(columns) %}
    {% set formatted = [] %}
    {% for column in columns %}
        {%- do formatted.append(adapter.dispatch('format_column', 'dbt')(column)) -%}
    {% endfor %}
    {{ return(formatted) }}
{% endmacro %}
{% macro default__format_column(column) -%}
    {{ return({'name': column.name, 'data_type': column.dtype, 'formatted': column.column.lower() ~ ' ' ~ column.dtype}) }}
{%- endmacro %}

{% macro alter_column_type(relation, column_name, new_column_type) -%}
    {{ return(adapter.dispatch('alter_column_type', 'dbt')(relation, column_name, new_column_type)) }}
{%- endmacro %}
{% macro default__alter_column_type(relation, column_name, new_column_type) -%}
    {%- set added = adapter.quote(column_name ~ '__dbt_alter') -%}
    {%- set replaced = adapter.quote(column_name) -%}
    {% call statement('alter_column_type') %}
        alter table {{ relation.render() }} add column {{ added }} {{ new_column_type }};
        update {{ relation.render() }} set {{ added }} = {{ replaced }};
        alter table {{ relation.render() }} drop column {{ replaced }} cascade;
        alter table {{ relation.render() }} rename column {{ added }} to {{ replaced }}
    {% endcall %}
{%- endmacro %}

{% macro alter_relation_add_remove_columns(relation, add_columns=none, remove_columns=none) -%}
    {{ return(adapter.dispatch('alter_relation_add_remove_columns', 'dbt')(relation, add_columns, remove_columns)) }}
{%- endmacro %}
{% macro default__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
    {% set changes = [] %}
    {% for column in add_columns or [] %}{% do changes.append('add column ' ~ column.quoted ~ ' ' ~ column.expanded_data_type) %}{% endfor %}
    {% for column in remove_columns or [] %}{% do changes.append('drop column ' ~ column.quoted) %}{% endfor %}
    {% if changes %}
        {% do run_query('alter ' ~ relation.type ~ ' ' ~ relation.render() ~ ' ' ~ (changes | join(', '))) %}
    {% endif %}
{% endmacro %}

{% macro get_create_index_sql(relation, index_dict) -%}
    {{ return(adapter.dispatch('get_create_index_sql', 'dbt')(relation, index_dict)) }}
{%- endmacro %}
{% macro default__get_create_index_sql(relation, index_dict) -%}
    {% do return(none) %}
{%- endmacro %}

{% macro get_drop_index_sql(relation, index_name) -%}
    {{ adapter.dispatch('get_drop_index_sql', 'dbt')(relation, index_name) }}
{%- endmacro %}
{% macro default__get_drop_index_sql(relation, index_name) -%}
    {{ exceptions.raise_compiler_error('\`get_drop_index_sql has not been implemented for this adapter.') }}
{%- endmacro %}

{% macro get_show_indexes_sql(relation) -%}
    {{ adapter.dispatch('get_show_indexes_sql', 'dbt')(relation) }}
{%- endmacro %}
{% macro default__get_show_indexes_sql(relation) -%}
    {{ exceptions.raise_compiler_error('\`get_show_indexes_sql has not been implemented for this adapter.') }}
{%- endmacro %}

{% macro alter_column_comment(relation, column_dict) -%}
    {{ return(adapter.dispatch('alter_column_comment', 'dbt')(relation, column_dict)) }}
{%- endmacro %}
{% macro default__alter_column_comment(relation, column_dict) -%}
    {% for name in column_dict if column_dict[name]['description'] %}
    comment on column {{ relation }}.{{ adapter.quote(name) if column_dict[name]['quote'] else name }} is '{{ column_dict[name]['description'] | replace("'", "''") }}';
    {% endfor %}
{%- endmacro %}

{% macro alter_relation_comment(relation, relation_comment) -%}
    {{ return(adapter.dispatch('alter_relation_comment', 'dbt')(relation, relation_comment)) }}
{%- endmacro %}
{% macro default__alter_relation_comment(relation, relation_comment) -%}
    comment on {{ relation.type }} {{ relation }} is '{{ relation_comment | replace("'", "''") }}';
{%- endmacro %}

{% macro resolve_model_name(input_model_name) %}
    {{ return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) }}
{% endmacro %}
{% macro default__resolve_model_name(input_model_name) -%}
    {{ input_model_name | string | replace('"', '\\\\"') }}
{%- endmacro %}
`
