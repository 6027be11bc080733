/** The Jinja form of incremental models, for projects with their own form of a macro that they reach. */
export const INCREMENTAL_MATERIALIZATION = `
{% materialization incremental, default %}
    {{ return(_incremental(get_create_table_as_sql)) }}
{% endmaterialization %}

{# What a strategy's macro is given. #}
{% macro _strategy_arguments(target_relation, temp_relation, dest_columns) %}
    {{ return({
        'target_relation': target_relation,
        'temp_relation': temp_relation,
        'unique_key': config.get('unique_key'),
        'dest_columns': dest_columns,
        'incremental_predicates': config.get('predicates') or config.get('incremental_predicates')
    }) }}
{% endmacro %}

{# \`create\` writes the statement that makes a table: (temporary, relation, sql). #}
{% macro _incremental(create) %}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type='table') %}
    {% set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change', 'ignore'), default='ignore') %}
    {% set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') %}
    {% set rebuilt = existing_relation is none or existing_relation.is_view or should_full_refresh() %}
    {% set intermediate, backup = _make_room(target_relation, existing_relation) %}
    {% set temp_relation = make_temp_relation(target_relation) %}
    {% set swapped = existing_relation is not none and rebuilt %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if rebuilt %}
        {% set build_sql = create(False, intermediate if swapped else target_relation, sql) %}
    {% else %}
        {% do run_query(create(True, temp_relation, sql)) %}
        {% if not (config.get('contract') or {}).get('enforced') %}
            {% do adapter.expand_target_column_types(from_relation=temp_relation, to_relation=target_relation) %}
        {% endif %}
        {% set dest_columns = process_schema_changes(on_schema_change, temp_relation, existing_relation) or adapter.get_columns_in_relation(existing_relation) %}
        {% set build_sql = strategy(_strategy_arguments(target_relation, temp_relation, dest_columns)) %}
    {% endif %}
    {% call statement('main') %}{{ build_sql }}{% endcall %}
    {% if swapped %}
        {{ adapter.rename_relation(existing_relation, backup) }}
        {{ adapter.rename_relation(intermediate, target_relation) }}
    {% endif %}
    {% if rebuilt %}{% do create_indexes(target_relation) %}{% endif %}
    {% do _settle(target_relation, existing_relation, rebuilt) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {% if swapped %}{{ adapter.drop_relation(backup) }}{% endif %}
    {% if not rebuilt %}{% do run_query('drop table if exists ' ~ temp_relation) %}{% endif %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmacro %}
`
