/** dbt's macros about columns, comments and indexes, under its public names. */
export const COLUMN_MACROS = `
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

{% macro persist_docs(relation, model, for_relation=true, for_columns=true) %}
    {{ return(adapter.dispatch('persist_docs', 'dbt')(relation, model, for_relation, for_columns)) }}
{% endmacro %}
{% macro default__persist_docs(relation, model, for_relation, for_columns) %}
    {% set statements = [] %}
    {% if for_relation and config.persist_relation_docs() and model.description %}
        {% do statements.append(alter_relation_comment(relation, model.description)) %}
    {% endif %}
    {% if for_columns and config.persist_column_docs() and model.columns %}
        {% set held = adapter.get_columns_in_relation(relation) | map(attribute='name') | list %}
        {% do statements.append(alter_column_comment(relation, validate_doc_columns(relation, model.columns, held))) %}
    {% endif %}
    {% for text in statements if text and text | trim %}{% do run_query(text) %}{% endfor %}
{% endmacro %}

{# The described columns that there are; of the others it warns. #}
{% macro validate_doc_columns(relation, column_dict, existing_column_names) %}
    {% set folded = existing_column_names | map('lower') | list %}
    {% set present, missing = {}, [] %}
    {% for name, column in column_dict.items() %}
        {% if name in existing_column_names or (not column['quote'] and name | lower in folded) %}
            {% do present.update({name: column}) %}
        {% else %}
            {% do missing.append(name) %}
        {% endif %}
    {% endfor %}
    {% if missing %}
        {{ exceptions.warn('In relation ' ~ relation.render() ~ ': The following columns are specified in the schema but are not present in the database: ' ~ (missing | join(', '))) }}
    {% endif %}
    {{ return(present) }}
{% endmacro %}

{% macro create_indexes(relation) %}{{ return(adapter.dispatch('create_indexes', 'dbt')(relation)) }}{% endmacro %}
{% macro default__create_indexes(relation) %}
    {% for index in config.get('indexes') or [] %}
        {% set text = get_create_index_sql(relation, index) %}
        {% if text %}{% do run_query(text) %}{% endif %}
    {% endfor %}
{% endmacro %}

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
