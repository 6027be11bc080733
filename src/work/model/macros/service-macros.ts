/** dbt's macros for grants, freshness, snapshots and clones, under its public names. */
export const SERVICE_MACROS = `
{% macro default__copy_grants() %}{{ return(True) }}{% endmacro %}
{% macro copy_grants() %}{{ return(adapter.dispatch('copy_grants', 'dbt')()) }}{% endmacro %}

{% macro support_multiple_grantees_per_dcl_statement() %}
    {{ return(adapter.dispatch('support_multiple_grantees_per_dcl_statement', 'dbt')()) }}
{% endmacro %}
{% macro default__support_multiple_grantees_per_dcl_statement() %}{{ return(True) }}{% endmacro %}

{% macro should_revoke(existing_relation, full_refresh_mode=True) %}
    {% if not existing_relation %}{{ return(False) }}{% endif %}
    {{ return(copy_grants() if full_refresh_mode else True) }}
{% endmacro %}

{% macro get_show_grant_sql(relation) %}{{ return(adapter.dispatch('get_show_grant_sql', 'dbt')(relation)) }}{% endmacro %}
{% macro default__get_show_grant_sql(relation) %}
    show grants on {{ relation.render() }}
{% endmacro %}

{% macro get_dcl_statement_list(relation, grant_config, get_dcl_macro) %}
    {{ return(adapter.dispatch('get_dcl_statement_list', 'dbt')(relation, grant_config, get_dcl_macro)) }}
{% endmacro %}
{% macro default__get_dcl_statement_list(relation, grant_config, get_dcl_macro) %}
    {%- set statements = [] -%}
    {%- for privilege, grantees in grant_config.items() if grantees -%}
        {%- if support_multiple_grantees_per_dcl_statement() -%}
            {%- do statements.append(get_dcl_macro(relation, privilege, grantees)) -%}
        {%- else -%}
            {%- for grantee in grantees -%}{%- do statements.append(get_dcl_macro(relation, privilege, [grantee])) -%}{%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(statements) }}
{% endmacro %}

{% macro call_dcl_statements(dcl_statement_list) %}
    {{ return(adapter.dispatch('call_dcl_statements', 'dbt')(dcl_statement_list)) }}
{% endmacro %}
{% macro default__call_dcl_statements(dcl_statement_list) %}
    {% call statement('grants') %}
        {% for dcl_statement in dcl_statement_list %}
            {{ dcl_statement }};
        {% endfor %}
    {% endcall %}
{% endmacro %}

{% macro get_grant_sql(relation, privilege, grantees) %}{{ return(adapter.dispatch('get_grant_sql', 'dbt')(relation, privilege, grantees)) }}{% endmacro %}
{% macro default__get_grant_sql(relation, privilege, grantees) %}grant {{ privilege }} on {{ relation }} to {{ grantees | join(', ') }}{% endmacro %}
{% macro get_revoke_sql(relation, privilege, grantees) %}{{ return(adapter.dispatch('get_revoke_sql', 'dbt')(relation, privilege, grantees)) }}{% endmacro %}
{% macro default__get_revoke_sql(relation, privilege, grantees) %}revoke {{ privilege }} on {{ relation }} from {{ grantees | join(', ') }}{% endmacro %}

{% macro apply_grants(relation, grant_config, should_revoke=True) %}{{ return(adapter.dispatch('apply_grants', 'dbt')(relation, grant_config, should_revoke)) }}{% endmacro %}
{% macro default__apply_grants(relation, grant_config, should_revoke=True) %}
    {% if grant_config %}
        {% set granting = grant_config %}
        {% set revoking = {} %}
        {% if should_revoke %}
            {% set current = adapter.standardize_grants_dict(run_query(get_show_grant_sql(relation))) %}
            {% set granting = diff_of_two_dicts(grant_config, current) %}
            {% set revoking = diff_of_two_dicts(current, grant_config) %}
        {% endif %}
        {% set statements = get_dcl_statement_list(relation, revoking, get_revoke_sql) + get_dcl_statement_list(relation, granting, get_grant_sql) %}
        {% if statements %}{{ call_dcl_statements(statements) }}{% endif %}
    {% endif %}
{% endmacro %}

{% macro collect_freshness(source, loaded_at_field, filter) %}
    {{ return(adapter.dispatch('collect_freshness', 'dbt')(source, loaded_at_field, filter)) }}
{% endmacro %}
{% macro default__collect_freshness(source, loaded_at_field, filter) %}
    {% call statement('collect_freshness', fetch_result=True, auto_begin=False) -%}
        select
            max({{ loaded_at_field }}) as max_loaded_at,
            {{ current_timestamp() }} as snapshotted_at
        from {{ source }}
        {% if filter %}where {{ filter }}{% endif %}
    {% endcall %}
    {{ return(load_result('collect_freshness')) }}
{% endmacro %}

{% macro collect_freshness_custom_sql(source, loaded_at_query) %}
    {{ return(adapter.dispatch('collect_freshness_custom_sql', 'dbt')(source, loaded_at_query)) }}
{% endmacro %}
{% macro default__collect_freshness_custom_sql(source, loaded_at_query) %}
    {% call statement('collect_freshness_custom_sql', fetch_result=True, auto_begin=False) -%}
        with source_query as (
            {{ loaded_at_query }}
        )
        select
            (select * from source_query) as max_loaded_at,
            {{ current_timestamp() }} as snapshotted_at
    {% endcall %}
    {{ return(load_result('collect_freshness_custom_sql')) }}
{% endmacro %}

{% macro get_true_sql() %}{{ adapter.dispatch('get_true_sql', 'dbt')() }}{% endmacro %}
{% macro default__get_true_sql() %}{{ return('TRUE') }}{% endmacro %}

{% macro can_clone_table() %}{{ return(adapter.dispatch('can_clone_table', 'dbt')()) }}{% endmacro %}
{% macro default__can_clone_table() %}{{ return(False) }}{% endmacro %}
{% macro create_or_replace_clone(this_relation, defer_relation) %}
    {{ return(adapter.dispatch('create_or_replace_clone', 'dbt')(this_relation, defer_relation)) }}
{% endmacro %}
{% macro default__create_or_replace_clone(this_relation, defer_relation) %}
    create or replace table {{ this_relation.render() }} clone {{ defer_relation.render() }}
{% endmacro %}

{% materialization clone, default %}
    {% if not defer_relation %}
        {{ log('No relation found in state manifest for ' ~ model.unique_id, info=True) }}
        {{ return({'relations': []}) }}
    {% endif %}
    {% set existing_relation = load_cached_relation(this) %}
    {% if existing_relation and not flags.FULL_REFRESH %}
        {{ log('Relation ' ~ existing_relation ~ ' already exists', info=True) }}
        {{ return({'relations': []}) }}
    {% endif %}
    {% set cloned = load_cached_relation(defer_relation) %}
    {% if cloned and cloned.type == 'table' and can_clone_table() %}
        {% set target_relation = this.incorporate(type='table') %}
        {% if existing_relation is not none and not existing_relation.is_table %}{{ drop_relation_if_exists(existing_relation) }}{% endif %}
        {% if target_relation.render() != defer_relation.render() %}
            {% call statement('main') %}{{ create_or_replace_clone(target_relation, defer_relation) }}{% endcall %}
        {% endif %}
        {% do _settle(target_relation, existing_relation, true) %}
        {{ return({'relations': [target_relation]}) }}
    {% endif %}
    {% set view = context.get('materialization_view_' ~ adapter.type()) or materialization_view_default %}
    {{ return(view()) }}
{% endmaterialization %}

{% macro strategy_dispatch(name) -%}
    {% set original = name %}
    {% if '.' in name %}
        {% set package, name = name.split('.', 1) %}
        {% set names = context.get(package) or {} %}
    {% else %}
        {% set names = context %}
    {% endif %}
    {% set macro = names.get('snapshot_' ~ name ~ '_strategy') %}
    {% if macro is none or macro is not defined %}
        {% do exceptions.raise_compiler_error("Could not find strategy '" ~ original ~ "'") %}
    {% endif %}
    {{ return(macro) }}
{%- endmacro %}

{% macro snapshot_merge_sql(target, source, insert_cols) -%}
    {{ adapter.dispatch('snapshot_merge_sql', 'dbt')(target, source, insert_cols) }}
{%- endmacro %}
{% macro default__snapshot_merge_sql(target, source, insert_cols) -%}
    {%- set names = get_snapshot_table_column_names() -%}
    {%- set columns = insert_cols | join(', ') -%}
    merge into {{ target.render() }} as DBT_INTERNAL_DEST
    using {{ source }} as DBT_INTERNAL_SOURCE
    on DBT_INTERNAL_SOURCE.{{ names.dbt_scd_id }} = DBT_INTERNAL_DEST.{{ names.dbt_scd_id }}
    when matched
     and DBT_INTERNAL_DEST.{{ names.dbt_valid_to }} is null
     and DBT_INTERNAL_SOURCE.dbt_change_type in ('update', 'delete')
        then update
        set {{ names.dbt_valid_to }} = DBT_INTERNAL_SOURCE.{{ names.dbt_valid_to }}
    when not matched
     and DBT_INTERNAL_SOURCE.dbt_change_type = 'insert'
        then insert ({{ columns }})
        values ({{ columns }})
{%- endmacro %}

{% macro post_snapshot(staging_relation) %}{{ adapter.dispatch('post_snapshot', 'dbt')(staging_relation) }}{% endmacro %}
{% macro default__post_snapshot(staging_relation) %}{% endmacro %}

{% macro unique_key_fields(unique_key) %}
    {% if unique_key is string or unique_key is not iterable %}
        {{ unique_key }} as dbt_unique_key
    {% else %}
        {% for key in unique_key %}
            {{ key }} as dbt_unique_key_{{ loop.index }}{{ ',' if not loop.last }}
        {% endfor %}
    {% endif %}
{% endmacro %}

{% macro unique_key_join_on(unique_key, identifier, from_identifier) %}
    {% if unique_key is string or unique_key is not iterable %}
        {{ identifier }}.dbt_unique_key = {{ from_identifier }}.dbt_unique_key
    {% else %}
        {% for key in unique_key %}
            {{ identifier }}.dbt_unique_key_{{ loop.index }} = {{ from_identifier }}.dbt_unique_key_{{ loop.index }}{{ ' and' if not loop.last }}
        {% endfor %}
    {% endif %}
{% endmacro %}

{% macro unique_key_is_null(unique_key, identifier) %}
    {{ identifier }}.dbt_unique_key{{ '_1' if unique_key is not string and unique_key is iterable }} is null
{% endmacro %}
{% macro unique_key_is_not_null(unique_key, identifier) %}
    {{ identifier }}.dbt_unique_key{{ '_1' if unique_key is not string and unique_key is iterable }} is not null
{% endmacro %}

{% macro get_dbt_valid_to_current(strategy, columns) %}
    {% set current = config.get('dbt_valid_to_current') or 'null' %}
    coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ current }}) as {{ columns.dbt_valid_to }}
{% endmacro %}

{% macro default__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {% if limit_num -%}
    array_to_string(
        array_slice(
            array_agg({{ measure }}){% if order_by_clause %} within group ({{ order_by_clause }}){% endif %}
            ,0
            ,{{ limit_num }}
        ),
        {{ delimiter_text }}
        )
    {%- else %}
    listagg(
        {{ measure }},
        {{ delimiter_text }}
        )
        {% if order_by_clause -%}
        within group ({{ order_by_clause }})
        {%- endif %}
    {%- endif %}
{%- endmacro %}

{% macro default__generate_alias_name(custom_alias_name=none, node=none) -%}
    {%- if custom_alias_name -%}
        {{ custom_alias_name | trim }}
    {%- elif node.version -%}
        {{ return(node.name ~ '_v' ~ (node.version | replace('.', '_'))) }}
    {%- else -%}
        {{ node.name }}
    {%- endif -%}
{%- endmacro %}

{% macro default__generate_database_name(custom_database_name=none, node=none) -%}
    {%- if custom_database_name is none -%}
        {{ target.database }}
    {%- else -%}
        {{ custom_database_name | trim }}
    {%- endif -%}
{%- endmacro %}

{% macro generate_latest_version_pointer_alias(node) %}
    {{ return(adapter.dispatch('generate_latest_version_pointer_alias', 'dbt')(node)) }}
{% endmacro %}
{% macro default__generate_latest_version_pointer_alias(node) %}{{ return(node.name) }}{% endmacro %}

{% macro get_select_subquery(sql) %}{{ return(adapter.dispatch('get_select_subquery', 'dbt')(sql)) }}{% endmacro %}
{% macro default__get_select_subquery(sql) %}
    select {{ adapter.dispatch('get_column_names', 'dbt')() }}
    from (
        {{ sql }}
    ) as model_subq
{% endmacro %}
{% macro default__get_column_names() %}
    {%- set columns = model['columns'] -%}
    {% for name in columns %}{{ adapter.quote(columns[name]['name']) if columns[name]['quote'] else columns[name]['name'] }}{{ ', ' if not loop.last }}{% endfor %}
{% endmacro %}

{% macro create_columns(relation, columns) %}{{ adapter.dispatch('create_columns', 'dbt')(relation, columns) }}{% endmacro %}
{% macro default__create_columns(relation, columns) %}
    {% for column in columns %}
        {% call statement() %}alter table {{ relation.render() }} add column {{ adapter.quote(column.name) }} {{ column.expanded_data_type }}{% endcall %}
    {% endfor %}
{% endmacro %}

{% macro is_core_v2() %}{{ return(False) }}{% endmacro %}
`
