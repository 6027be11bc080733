/** DuckDB's tables, views and incremental models in Jinja: `duckdb__create_table_as` and what is made of it. */
export const DUCKDB_TABLE_MACROS = `
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
    {%- if language != 'sql' -%}{{ return(py_write_table(temporary, relation, compiled_code, partitioned_by, sorted_by)) }}{%- endif -%}
    {%- set contracted = (config.get('contract') or {}).get('enforced') -%}
    {%- if contracted -%}{{ get_assert_columns_equivalent(compiled_code) }}{%- endif -%}
    {{ config.get('sql_header') or '' }}
    {%- set name = relation.include(database=(not temporary), schema=(not temporary)) %}
    {%- set placed = partitioned_by or sorted_by %}
    {%- if contracted and not temporary %}
    create table {{ name }} {{ get_table_columns_and_constraints() }};
    {%- elif placed %}
    create table {{ name }} as (select * from (
        {{ compiled_code }}
    ) as model_subq limit 0);
    {%- endif %}
    {%- if partitioned_by %}{{ duckdb__alter_table_set_partitioned_by(relation, partitioned_by) }}{% endif %}
    {%- if sorted_by %}{{ duckdb__alter_table_set_sorted_by(relation, sorted_by) }}{% endif %}
    {%- if contracted and not temporary %}
    insert into {{ relation }} {{ get_column_names() }} (
        {{ get_select_subquery(compiled_code) }}
    );
    {%- elif placed %}
    insert into {{ relation }} select * from (
        {{ compiled_code }}
    ) as model_subq;
    {%- else %}
    create {{ 'temporary ' if temporary }}table {{ name }} as (
        {{ compiled_code }}
    );
    {%- endif %}
{%- endmacro %}

{% macro get_column_names() %}
    {%- set columns = model['columns'] -%}
    (
    {% for name in columns %}{{ adapter.quote(columns[name]['name']) if columns[name].get('quote') else columns[name]['name'] }}{{ ', ' if not loop.last }}{% endfor %}
    )
{% endmacro %}

{% macro duckdb__create_view_as(relation, sql) -%}
    {%- if (config.get('contract') or {}).get('enforced') -%}{{ get_assert_columns_equivalent(sql) }}{%- endif -%}
    {{ config.get('sql_header') or '' }}
    create or replace view {{ relation }} as (
        {{ sql }}
    );
{%- endmacro %}

{% macro duckdb__make_temp_relation(base_relation, suffix) %}
    {% set name = base_relation.identifier ~ suffix ~ py_current_timestring() %}
    {{ return(base_relation.incorporate(path={'identifier': name, 'schema': none, 'database': none})) }}
{% endmacro %}
{% macro duckdb__dispatch_temporary_relation(target_relation, batch_id='') %}
    {{ return({'relation': make_temp_relation(target_relation), 'temporary': true}) }}
{% endmacro %}

{% macro normalize_string_or_list(raw, field_name) -%}
    {%- set found = [] if raw is none else [raw] if raw is string else raw | list if raw is sequence and raw is not mapping else none -%}
    {%- if found is none -%}{{ exceptions.raise_compiler_error(field_name ~ ' must be a list of strings or a string') }}{%- endif -%}
    {%- for one in found if one is not string -%}{% do exceptions.raise_compiler_error(field_name ~ ' list values must be non-empty strings') %}{%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
{% macro normalize_incremental_predicates(incremental_predicates) -%}
    {{ return(normalize_string_or_list(incremental_predicates, 'incremental_predicates')) }}
{%- endmacro %}

{# Partitions and sorting are a lake's: of other tables they are no more than a warning. #}
{% macro _duckdb_placement(relation, temporary, names) -%}
    {%- set raw = config.get(names[0]) or config.get(names[1]) -%}
    {%- if temporary or raw is none or raw == '' -%}{{ return(none) }}{%- endif -%}
    {%- set label = names | join('/') -%}
    {%- set parts = normalize_string_or_list(raw, label) -%}
    {%- if not parts -%}{% do exceptions.raise_compiler_error(label ~ ' must contain at least one column') %}{%- endif -%}
    {%- if not adapter.is_ducklake(relation) -%}
        {% do adapter.warn_once(label ~ ' is only supported for DuckLake relations; ignoring for ' ~ relation) %}
        {{ return(none) }}
    {%- endif -%}
    {{ return(parts) }}
{%- endmacro %}
{% macro duckdb__get_partitioned_by(relation, temporary) -%}
    {%- set parts = _duckdb_placement(relation, temporary, ['partitioned_by', 'partition_by']) -%}
    {{ return(parts | join(', ') if parts else none) }}
{%- endmacro %}
{% macro duckdb__get_sorted_by(relation, temporary) -%}
    {%- set parts = _duckdb_placement(relation, temporary, ['sorted_by', 'sort_by']) -%}
    {{ return(get_quoted_csv(parts) if parts else none) }}
{%- endmacro %}
{% macro duckdb__alter_table_set_partitioned_by(relation, partitioned_by) -%}
    alter table {{ relation }} set partitioned by ({{ partitioned_by }});
{%- endmacro %}
{% macro duckdb__alter_table_set_sorted_by(relation, sorted_by) -%}
    alter table {{ relation }} set sorted by ({{ sorted_by }});
{%- endmacro %}

{% macro _duckdb_create(temporary, relation, sql) -%}
    {%- set place = {} if temporary else {'partitioned_by': duckdb__get_partitioned_by(relation, false), 'sorted_by': duckdb__get_sorted_by(relation, false)} -%}
    {{ return(create_table_as(temporary, relation, sql, 'sql', **place)) }}
{%- endmacro %}

{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type='table') %}
    {% set intermediate, backup = _make_room(target_relation, existing_relation) %}
    {% set in_place = has_foreign_key_constraints(existing_relation) %}
    {% set dependents = [] %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if in_place %}
        {% if existing_relation is not none %}{% set dependents = drop_relation_for_rebuild(existing_relation) %}{% endif %}
        {% call statement('main') %}{{ _duckdb_create(False, target_relation, sql) }}{% endcall %}
    {% else %}
        {% call statement('main') %}{{ _duckdb_create(False, intermediate, sql) }}{% endcall %}
        {% if existing_relation is not none %}
            {% do drop_indexes_on_relation(existing_relation) %}
            {% if existing_relation.is_table and may_be_foreign_key_target(existing_relation) %}
                {% set dependents = drop_foreign_key_dependents(existing_relation) %}
            {% endif %}
            {{ adapter.rename_relation(existing_relation, backup) }}
        {% endif %}
        {{ adapter.rename_relation(intermediate, target_relation) }}
    {% endif %}
    {% do restore_foreign_key_dependents(dependents) %}
    {% do create_indexes(target_relation) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do _settle(target_relation, existing_relation, true) %}
    {{ adapter.commit() }}
    {{ drop_relation_if_exists(backup) }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type='table') %}
    {% set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change', 'ignore'), default='ignore') %}
    {% set rebuilt = existing_relation is none or existing_relation.is_view or should_full_refresh() %}
    {% set intermediate, backup = _make_room(target_relation, existing_relation) %}
    {% set place = duckdb__dispatch_temporary_relation(target_relation, adapter.batch_id_for_model(model)) %}
    {% set temp_relation = place.relation %}
    {% set in_place = existing_relation is none or (rebuilt and has_foreign_key_constraints(existing_relation)) %}
    {% set dependents = [] %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if rebuilt %}
        {% if in_place and existing_relation is not none %}{% set dependents = drop_relation_for_rebuild(existing_relation) %}{% endif %}
        {% set build_sql = _duckdb_create(False, target_relation if in_place else intermediate, sql) %}
    {% else %}
        {% do run_query(_duckdb_create(place.temporary, temp_relation, sql)) %}
        {% do adapter.expand_target_column_types(from_relation=temp_relation, to_relation=target_relation) %}
        {% set dest_columns = process_schema_changes(on_schema_change, temp_relation, existing_relation) or adapter.get_columns_in_relation(existing_relation) %}
        {% set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') %}
        {% set build_sql = strategy(_strategy_arguments(target_relation, temp_relation, dest_columns)) %}
    {% endif %}
    {% call statement('main') %}{{ build_sql }}{% endcall %}
    {% if rebuilt and not in_place %}
        {% do drop_indexes_on_relation(target_relation) %}
        {% if existing_relation.is_table and may_be_foreign_key_target(target_relation) %}{% set dependents = drop_foreign_key_dependents(target_relation) %}{% endif %}
        {{ adapter.rename_relation(existing_relation, backup) }}
        {{ adapter.rename_relation(intermediate, target_relation) }}
    {% endif %}
    {% do restore_foreign_key_dependents(dependents) %}
    {% if rebuilt %}{% do create_indexes(target_relation) %}{% endif %}
    {% do _settle(target_relation, existing_relation, rebuilt) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {% if rebuilt %}{{ drop_relation_if_exists(backup) }}{% else %}{% do run_query('drop table if exists ' ~ temp_relation) %}{% endif %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{# A view with parameters. \`create or replace\` keeps the old one until the new one stands. #}
{% materialization table_function, adapter='duckdb' %}
    {% set target_relation = api.Relation.create(database=database, schema=schema, identifier=model['alias'], type='view') %}
    {% set parameters = config.get('parameters') or '' %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') -%}
        create or replace function {{ target_relation.render() }}({{ parameters if parameters is string or parameters is number else parameters | join(', ') }}) as table (
            {{ sql }}
        );
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
`
