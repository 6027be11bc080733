/**
 * What materializations written in Jinja call, under dbt's public names, and Jinja forms of tables and views. A run
 * builds them in TypeScript (see `materialize/`) unless a project has its own materialization, or its own form of a
 * macro that these reach.
 */
export const MATERIALIZATION_MACROS = `
{% macro run_hooks(hooks, inside_transaction=True) %}
    {% for hook in hooks %}
        {% set text = hook if hook is string else hook['sql'] %}
        {% set inside = true if hook is string else hook.get('transaction', true) %}
        {% if inside == inside_transaction %}
            {% set rendered = render(text) | trim %}
            {% if rendered %}{% call statement(auto_begin=inside_transaction) %}{{ rendered }}{% endcall %}{% endif %}
        {% endif %}
    {% endfor %}
{% endmacro %}

{% macro make_hook_config(sql, inside_transaction) %}{{ tojson({'sql': sql, 'transaction': inside_transaction}) }}{% endmacro %}
{% macro before_begin(sql) %}{{ make_hook_config(sql, inside_transaction=False) }}{% endmacro %}
{% macro in_transaction(sql) %}{{ make_hook_config(sql, inside_transaction=True) }}{% endmacro %}
{% macro after_commit(sql) %}{{ make_hook_config(sql, inside_transaction=False) }}{% endmacro %}

{% macro make_intermediate_relation(base_relation, suffix='__dbt_tmp') %}
    {{ return(adapter.dispatch('make_intermediate_relation', 'dbt')(base_relation, suffix)) }}
{% endmacro %}
{% macro default__make_intermediate_relation(base_relation, suffix) %}
    {{ return(default__make_temp_relation(base_relation, suffix)) }}
{% endmacro %}

{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') %}
    {{ return(adapter.dispatch('make_temp_relation', 'dbt')(base_relation, suffix)) }}
{% endmacro %}
{% macro default__make_temp_relation(base_relation, suffix) %}
    {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix})) }}
{% endmacro %}

{% macro make_backup_relation(base_relation, backup_relation_type, suffix='__dbt_backup') %}
    {{ return(adapter.dispatch('make_backup_relation', 'dbt')(base_relation, backup_relation_type, suffix)) }}
{% endmacro %}
{% macro default__make_backup_relation(base_relation, backup_relation_type, suffix) %}
    {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix}, type=backup_relation_type)) }}
{% endmacro %}

{% macro get_or_create_relation(database, schema, identifier, type) %}
    {{ return(adapter.dispatch('get_or_create_relation', 'dbt')(database, schema, identifier, type)) }}
{% endmacro %}
{% macro default__get_or_create_relation(database, schema, identifier, type) %}
    {% set found = adapter.get_relation(database=database, schema=schema, identifier=identifier) %}
    {% if found %}{{ return([true, found]) }}{% endif %}
    {{ return([false, api.Relation.create(database=database, schema=schema, identifier=identifier, type=type)]) }}
{% endmacro %}

{% macro drop_relation(relation) %}{{ return(adapter.dispatch('drop_relation', 'dbt')(relation)) }}{% endmacro %}
{% macro default__drop_relation(relation) %}
    {% call statement('drop_relation', auto_begin=False) %}{{ get_drop_sql(relation) }}{% endcall %}
{% endmacro %}
{% macro drop_relation_if_exists(relation) %}
    {% if relation is not none %}{{ adapter.drop_relation(relation) }}{% endif %}
{% endmacro %}
{% macro rename_relation(from_relation, to_relation) %}
    {{ return(adapter.dispatch('rename_relation', 'dbt')(from_relation, to_relation)) }}
{% endmacro %}
{% macro default__rename_relation(from_relation, to_relation) %}
    {% call statement('rename_relation') %}alter {{ (from_relation.type or 'table') | replace('_', ' ') }} {{ from_relation }} rename to {{ adapter.quote(to_relation.identifier) }}{% endcall %}
{% endmacro %}
{% macro truncate_relation(relation) %}{{ return(adapter.dispatch('truncate_relation', 'dbt')(relation)) }}{% endmacro %}
{% macro default__truncate_relation(relation) %}
    {% call statement('truncate_relation') %}truncate table {{ relation }}{% endcall %}
{% endmacro %}

{% macro get_create_table_as_sql(temporary, relation, sql) %}
    {{ adapter.dispatch('get_create_table_as_sql', 'dbt')(temporary, relation, sql) }}
{% endmacro %}
{% macro default__get_create_table_as_sql(temporary, relation, sql) %}{{ return(create_table_as(temporary, relation, sql)) }}{% endmacro %}
{# Forms of a project often take fewer arguments than the latest adapter has, so that only what was given is passed on. #}
{% macro create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) %}
    {% set more = {} %}
    {% if language != 'sql' %}{% do more.update({'language': language}) %}{% endif %}
    {% if partitioned_by is not none %}{% do more.update({'partitioned_by': partitioned_by}) %}{% endif %}
    {% if sorted_by is not none %}{% do more.update({'sorted_by': sorted_by}) %}{% endif %}
    {{ adapter.dispatch('create_table_as', 'dbt')(temporary, relation, compiled_code, **more) }}
{% endmacro %}
{% macro default__create_table_as(temporary, relation, sql) %}
    {{ config.get('sql_header') or '' }}
    {%- set contracted = (config.get('contract') or {}).get('enforced') and not temporary %}
    create {{ 'temporary ' if temporary }}table {{ relation.include(database=(not temporary), schema=(not temporary)) }}
    {%- if contracted %}
    {{ get_assert_columns_equivalent(sql) }}
    {{ get_table_columns_and_constraints() }}
    {%- endif %}
    as (
        {{ get_select_subquery(sql) if contracted else sql }}
    )
{% endmacro %}
{% macro get_create_view_as_sql(relation, sql) %}{{ adapter.dispatch('get_create_view_as_sql', 'dbt')(relation, sql) }}{% endmacro %}
{% macro default__get_create_view_as_sql(relation, sql) %}{{ return(create_view_as(relation, sql)) }}{% endmacro %}
{% macro create_view_as(relation, sql) %}{{ adapter.dispatch('create_view_as', 'dbt')(relation, sql) }}{% endmacro %}
{% macro default__create_view_as(relation, sql) %}
    {{ config.get('sql_header') or '' }}
    {%- if (config.get('contract') or {}).get('enforced') %}{{ get_assert_columns_equivalent(sql) }}{% endif %}
    create view {{ relation }} as (
        {{ sql }}
    )
{% endmacro %}

{% macro get_quoted_csv(column_names) %}
    {% set quoted = [] %}{% for name in column_names %}{% do quoted.append(adapter.quote(name)) %}{% endfor %}
    {{ return(quoted | join(', ')) }}
{% endmacro %}

{% macro get_columns_in_query(select_sql) %}{{ return(adapter.dispatch('get_columns_in_query', 'dbt')(select_sql)) }}{% endmacro %}
{% macro default__get_columns_in_query(select_sql) %}
    {{ return(run_query(get_empty_subquery_sql(select_sql)).columns | map(attribute='name') | list) }}
{% endmacro %}

{# The names that a build uses beside its own, freed of what a killed run left there. #}
{% macro _make_room(target_relation, existing_relation) %}
    {% set intermediate = make_intermediate_relation(target_relation) %}
    {% set backup = make_backup_relation(target_relation, target_relation.type if existing_relation is none else existing_relation.type) %}
    {% for left in [intermediate, backup] %}{{ drop_relation_if_exists(load_cached_relation(left)) }}{% endfor %}
    {{ return([intermediate, backup]) }}
{% endmacro %}

{# What follows the building of a relation, up to the commit. #}
{% macro _settle(target_relation, existing_relation, full_refresh_mode) %}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing_relation, full_refresh_mode)) %}
    {% do persist_docs(target_relation, model) %}
{% endmacro %}

{% materialization table, default %}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type='table') %}
    {% set intermediate, backup = _make_room(target_relation, existing_relation) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') %}{{ get_create_table_as_sql(False, intermediate, sql) }}{% endcall %}
    {% do create_indexes(intermediate) %}
    {% if existing_relation is not none %}
        {% set standing = load_cached_relation(existing_relation) %}
        {% if standing is not none %}{{ adapter.rename_relation(standing, backup) }}{% endif %}
    {% endif %}
    {{ adapter.rename_relation(intermediate, target_relation) }}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do _settle(target_relation, existing_relation, true) %}
    {{ adapter.commit() }}
    {{ drop_relation_if_exists(backup) }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization view, default %}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type='view') %}
    {% set intermediate, backup = _make_room(target_relation, existing_relation) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') %}{{ get_create_view_as_sql(intermediate, sql) }}{% endcall %}
    {% if existing_relation is not none %}
        {% set standing = load_cached_relation(existing_relation) %}
        {% if standing is not none %}{{ adapter.rename_relation(standing, backup) }}{% endif %}
    {% endif %}
    {{ adapter.rename_relation(intermediate, target_relation) }}
    {% do _settle(target_relation, existing_relation, true) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ drop_relation_if_exists(backup) }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro create_or_replace_view() %}
    {% set existing_relation = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) %}
    {% set target_relation = api.Relation.create(identifier=model['alias'], schema=schema, database=database, type='view') %}
    {{ run_hooks(pre_hooks) }}
    {% if existing_relation is not none and not existing_relation.is_view %}
        {{ handle_existing_table(should_full_refresh(), existing_relation) }}
    {% endif %}
    {% call statement('main') %}{{ get_create_view_as_sql(target_relation, sql) }}{% endcall %}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing_relation, true)) %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmacro %}
`
