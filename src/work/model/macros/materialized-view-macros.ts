/** dbt's materialized views: the general form, which an adapter without them refuses by its macros. */
export const MATERIALIZED_VIEW_MACROS = `
{% materialization materialized_view, default %}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type=this.MaterializedView) %}
    {% set intermediate = make_intermediate_relation(target_relation) %}
    {% set backup = make_backup_relation(target_relation, this.MaterializedView if existing_relation is none else existing_relation.type) %}
    {{ materialized_view_setup(backup, intermediate, pre_hooks) }}
    {% set build_sql = materialized_view_get_build_sql(existing_relation, target_relation, backup, intermediate) %}
    {% if build_sql == '' %}
        {{ materialized_view_execute_no_op(target_relation) }}
    {% else %}
        {{ materialized_view_execute_build_sql(build_sql, existing_relation, target_relation, post_hooks) }}
    {% endif %}
    {{ materialized_view_teardown(backup, intermediate, post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro materialized_view_setup(backup_relation, intermediate_relation, pre_hooks) %}
    {% for left in [backup_relation, intermediate_relation] %}{{ drop_relation_if_exists(load_cached_relation(left)) }}{% endfor %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
{% endmacro %}

{% macro materialized_view_teardown(backup_relation, intermediate_relation, post_hooks) %}
    {% for left in [backup_relation, intermediate_relation] %}{{ drop_relation_if_exists(left) }}{% endfor %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
{% endmacro %}

{# Creates it, replaces what stands there, alters it as \`on_configuration_change\` allows, or refreshes its rows. #}
{% macro materialized_view_get_build_sql(existing_relation, target_relation, backup_relation, intermediate_relation) %}
    {% if existing_relation is none %}
        {{ return(get_create_materialized_view_as_sql(target_relation, sql)) }}
    {% elif should_full_refresh() or not existing_relation.is_materialized_view %}
        {{ return(get_replace_sql(existing_relation, target_relation, sql)) }}
    {% endif %}
    {% set changes = get_materialized_view_configuration_changes(existing_relation, config) %}
    {% set reaction = config.get('on_configuration_change') or 'apply' %}
    {% set found = 'Configuration changes were identified and \`on_configuration_change\` was set to \`' ~ reaction ~ '\` for \`' ~ target_relation.render() ~ '\`' %}
    {% if changes is none %}
        {{ return(refresh_materialized_view(target_relation)) }}
    {% elif reaction == 'apply' %}
        {{ return(get_alter_materialized_view_as_sql(target_relation, changes, sql, existing_relation, backup_relation, intermediate_relation)) }}
    {% elif reaction == 'continue' %}
        {{ exceptions.warn(found) }}
        {{ return('') }}
    {% elif reaction == 'fail' %}
        {{ exceptions.raise_fail_fast_error(found) }}
    {% else %}
        {{ exceptions.raise_compiler_error('on_configuration_change is one of apply, continue and fail, not ' ~ reaction) }}
    {% endif %}
{% endmacro %}

{% macro materialized_view_execute_no_op(target_relation) %}
    {% do store_raw_result(name='main', message='skip ' ~ target_relation, code='skip', rows_affected='-1') %}
{% endmacro %}

{% macro materialized_view_execute_build_sql(build_sql, existing_relation, target_relation, post_hooks) %}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement(name='main') %}{{ build_sql }}{% endcall %}
    {% do _settle(target_relation, existing_relation, true) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
{% endmacro %}

{% macro get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) %}
    {{- adapter.dispatch('get_alter_materialized_view_as_sql', 'dbt')(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) -}}
{% endmacro %}
{% macro default__get_alter_materialized_view_as_sql(relation, configuration_changes, sql, existing_relation, backup_relation, intermediate_relation) %}
    {{ exceptions.raise_compiler_error('Materialized views have not been implemented for this adapter.') }}
{% endmacro %}

{% macro get_materialized_view_configuration_changes(existing_relation, new_config) %}
    {%- do return(adapter.dispatch('get_materialized_view_configuration_changes', 'dbt')(existing_relation, new_config)) -%}
{% endmacro %}
{% macro default__get_materialized_view_configuration_changes(existing_relation, new_config) %}
    {{ exceptions.raise_compiler_error('Materialized views have not been implemented for this adapter.') }}
{% endmacro %}
`
