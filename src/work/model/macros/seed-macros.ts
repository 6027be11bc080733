/** dbt's macros of seeds. Seeds are loaded in TypeScript (see `materialize/seed.ts`) unless a project has its own form of one. */
export const SEED_MACROS = `
{% macro create_csv_table(model, agate_table) -%}
    {{ adapter.dispatch('create_csv_table', 'dbt')(model, agate_table) }}
{%- endmacro %}
{% macro default__create_csv_table(model, agate_table) %}
    {% set types = model['config'].get('column_types') or {} %}
    {% set columns = [] %}
    {% for name in agate_table.column_names %}
        {% set type = types.get(name) or adapter.convert_type(agate_table, loop.index0) %}
        {% do columns.append(adapter.quote_seed_column(name | string, model['config'].get('quote_columns')) ~ ' ' ~ type) %}
    {% endfor %}
    {% set text = 'create table ' ~ this.render() ~ ' (' ~ (columns | join(', ')) ~ ')' %}
    {% call statement('_') %}{{ text }}{% endcall %}
    {{ return(text) }}
{% endmacro %}

{% macro reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
    {{ adapter.dispatch('reset_csv_table', 'dbt')(model, full_refresh, old_relation, agate_table) }}
{%- endmacro %}
{% macro default__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {% if full_refresh %}
        {{ adapter.drop_relation(old_relation) }}
        {{ return(create_csv_table(model, agate_table)) }}
    {% endif %}
    {{ adapter.truncate_relation(old_relation) }}
    {{ return('truncate table ' ~ old_relation.render()) }}
{% endmacro %}

{% macro load_csv_rows(model, agate_table) -%}
    {{ adapter.dispatch('load_csv_rows', 'dbt')(model, agate_table) }}
{%- endmacro %}
{% macro default__load_csv_rows(model, agate_table) %}
    {% set columns = get_seed_column_quoted_csv(model, agate_table.column_names) %}
    {% set holes = [] %}
    {% for name in agate_table.column_names %}{% do holes.append(get_binding_char() | trim) %}{% endfor %}
    {% set row = '(' ~ (holes | join(', ')) ~ ')' %}
    {% set statements = [] %}
    {% for rows in agate_table.rows | batch(get_batch_size() | int) %}
        {% set bindings, lines = [], [] %}
        {% for one in rows %}{% do bindings.extend(one) %}{% do lines.append(row) %}{% endfor %}
        {% set text = 'insert into ' ~ this.render() ~ ' (' ~ columns ~ ') values ' ~ (lines | join(', ')) %}
        {% do adapter.add_query(text, bindings=bindings, abridge_sql_log=True) %}
        {% do statements.append(text) %}
    {% endfor %}
    {{ return(statements[0]) }}
{% endmacro %}

{% macro get_csv_sql(create_or_truncate_sql, insert_sql) %}
    {{ adapter.dispatch('get_csv_sql', 'dbt')(create_or_truncate_sql, insert_sql) }}
{% endmacro %}
{% macro default__get_csv_sql(create_or_truncate_sql, insert_sql) %}
    {{ create_or_truncate_sql }};
    -- dbt seed --
    {{ insert_sql }}
{% endmacro %}

{% macro get_batch_size() -%}
    {{ return(adapter.dispatch('get_batch_size', 'dbt')()) }}
{%- endmacro %}
{% macro default__get_batch_size() %}{{ return(10000) }}{% endmacro %}
{% macro get_binding_char() -%}
    {{ adapter.dispatch('get_binding_char', 'dbt')() }}
{%- endmacro %}
{% macro default__get_binding_char() %}{{ return('%s') }}{% endmacro %}

{% macro get_seed_column_quoted_csv(model, column_names) %}
    {%- set quote = model['config'].get('quote_columns', none) -%}
    {%- set names = [] -%}
    {%- for name in column_names -%}{%- do names.append(adapter.quote_seed_column(name, quote)) -%}{%- endfor -%}
    {{ return(names | join(', ')) }}
{% endmacro %}

{% materialization seed, default %}
    {% set full_refresh_mode = should_full_refresh() %}
    {% set old_relation = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) %}
    {% if old_relation is not none and old_relation.is_view %}
        {{ exceptions.raise_compiler_error("Cannot seed to '" ~ old_relation.render() ~ "', it is a view") }}
    {% endif %}
    {% set agate_table = load_agate_table() %}
    {% do store_result('agate_table', response='OK', agate_table=agate_table) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if old_relation is none %}
        {% set made = create_csv_table(model, agate_table) %}
    {% else %}
        {% set made = reset_csv_table(model, full_refresh_mode, old_relation, agate_table) %}
    {% endif %}
    {% set code, rows = 'CREATE' if full_refresh_mode else 'INSERT', agate_table.rows | length %}
    {% set loaded = load_csv_rows(model, agate_table) if rows else '' %}
    {% call noop_statement('main', code ~ ' ' ~ rows, code, rows) %}{{ get_csv_sql(made, loaded) }};{% endcall %}
    {% set target_relation = this.incorporate(type='table') %}
    {% do _settle(target_relation, old_relation, full_refresh_mode) %}
    {% if full_refresh_mode or old_relation is none %}{% do create_indexes(target_relation) %}{% endif %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
`
