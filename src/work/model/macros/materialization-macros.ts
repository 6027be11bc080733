/**
 * What materializations written in Jinja call, under dbt's public names, and Jinja forms of the built-in ones. A run
 * builds tables, views and incremental models in TypeScript (see `materialize/`) unless a project has its own
 * materialization, or its own form of a macro below.
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
    {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix})) }}
{% endmacro %}

{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') %}
    {{ return(adapter.dispatch('make_temp_relation', 'dbt')(base_relation, suffix)) }}
{% endmacro %}
{% macro default__make_temp_relation(base_relation, suffix) %}
    {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix, 'schema': none, 'database': none})) }}
{% endmacro %}

{% macro make_backup_relation(base_relation, backup_relation_type, suffix='__dbt_backup') %}
    {{ return(adapter.dispatch('make_backup_relation', 'dbt')(base_relation, backup_relation_type, suffix)) }}
{% endmacro %}
{% macro default__make_backup_relation(base_relation, backup_relation_type, suffix) %}
    {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix}, type=backup_relation_type)) }}
{% endmacro %}

{% macro get_or_create_relation(database, schema, identifier, type) %}
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
    {% call statement('rename_relation') %}alter {{ from_relation.type or 'table' }} {{ from_relation }} rename to {{ adapter.quote(to_relation.identifier) }}{% endcall %}
{% endmacro %}
{% macro truncate_relation(relation) %}{{ return(adapter.dispatch('truncate_relation', 'dbt')(relation)) }}{% endmacro %}
{% macro default__truncate_relation(relation) %}
    {% call statement('truncate_relation') %}truncate table {{ relation }}{% endcall %}
{% endmacro %}

{% macro get_create_table_as_sql(temporary, relation, sql) %}
    {{ adapter.dispatch('get_create_table_as_sql', 'dbt')(temporary, relation, sql) }}
{% endmacro %}
{% macro default__get_create_table_as_sql(temporary, relation, sql) %}{{ return(create_table_as(temporary, relation, sql)) }}{% endmacro %}
{% macro create_table_as(temporary, relation, compiled_code, language='sql') %}
    {{ adapter.dispatch('create_table_as', 'dbt')(temporary, relation, compiled_code) }}
{% endmacro %}
{% macro default__create_table_as(temporary, relation, compiled_code) %}
    {{ config.get('sql_header') or '' }}
    create {% if temporary %}temporary {% endif %}table {{ relation.include(database=(not temporary), schema=(not temporary)) }} as (
        {{ compiled_code }}
    )
{% endmacro %}
{% macro get_create_view_as_sql(relation, sql) %}{{ adapter.dispatch('get_create_view_as_sql', 'dbt')(relation, sql) }}{% endmacro %}
{% macro default__get_create_view_as_sql(relation, sql) %}{{ return(create_view_as(relation, sql)) }}{% endmacro %}
{% macro create_view_as(relation, sql) %}{{ adapter.dispatch('create_view_as', 'dbt')(relation, sql) }}{% endmacro %}
{% macro default__create_view_as(relation, sql) %}
    {{ config.get('sql_header') or '' }}
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

{% macro apply_grants(relation, grant_config, should_revoke=True) %}{{ return(adapter.dispatch('apply_grants', 'dbt')(relation, grant_config, should_revoke)) }}{% endmacro %}
{% macro duckdb__apply_grants(relation, grant_config, should_revoke=True) %}{% endmacro %}
{% macro get_grant_sql(relation, privilege, grantees) %}{{ return(adapter.dispatch('get_grant_sql', 'dbt')(relation, privilege, grantees)) }}{% endmacro %}
{% macro default__get_grant_sql(relation, privilege, grantees) %}grant {{ privilege }} on {{ relation }} to {{ grantees | join(', ') }}{% endmacro %}
{% macro get_revoke_sql(relation, privilege, grantees) %}{{ return(adapter.dispatch('get_revoke_sql', 'dbt')(relation, privilege, grantees)) }}{% endmacro %}
{% macro default__get_revoke_sql(relation, privilege, grantees) %}revoke {{ privilege }} on {{ relation }} from {{ grantees | join(', ') }}{% endmacro %}

{% macro persist_docs(relation, model, for_relation=true, for_columns=true) %}
    {{ return(adapter.dispatch('persist_docs', 'dbt')(relation, model, for_relation, for_columns)) }}
{% endmacro %}
{% macro default__persist_docs(relation, model, for_relation, for_columns) %}
    {% set wanted = config.get('persist_docs') or {} %}
    {% if for_relation and wanted.get('relation') and model.description %}
        {% call statement('comment') %}comment on {{ relation.type or 'table' }} {{ relation }} is '{{ model.description | replace("'", "''") }}'{% endcall %}
    {% endif %}
    {% if for_columns and wanted.get('columns') %}
        {% for name, column in model.columns.items() %}{% if column.description %}
            {% call statement('comment') %}comment on column {{ relation }}.{{ adapter.quote(name) }} is '{{ column.description | replace("'", "''") }}'{% endcall %}
        {% endif %}{% endfor %}
    {% endif %}
{% endmacro %}
{% macro create_indexes(relation) %}{{ return(adapter.dispatch('create_indexes', 'dbt')(relation)) }}{% endmacro %}
{% macro default__create_indexes(relation) %}{% endmacro %}

{% macro get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) %}
    {{ return(adapter.dispatch('get_delete_insert_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates)) }}
{% endmacro %}
{% macro default__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) %}
    {% set columns = get_quoted_csv(dest_columns | map(attribute='name')) %}
    {% if unique_key %}
        {% set keys = unique_key if unique_key is sequence and unique_key is not string else [unique_key] %}
        delete from {{ target }} as dbt_internal_dest where exists (
            select 1 from {{ source }} as dbt_internal_source
            where {% for key in keys %}dbt_internal_source.{{ key }} = dbt_internal_dest.{{ key }}{{ ' and ' if not loop.last }}{% endfor %}
        ){% for predicate in incremental_predicates or [] %} and {{ predicate }}{% endfor %};
    {% endif %}
    insert into {{ target }} ({{ columns }}) (select {{ columns }} from {{ source }})
{% endmacro %}
{% macro get_insert_into_sql(target_relation, temp_relation, dest_columns) %}
    {% set columns = get_quoted_csv(dest_columns | map(attribute='name')) %}
    insert into {{ target_relation }} ({{ columns }}) (select {{ columns }} from {{ temp_relation }})
{% endmacro %}
{% macro get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
    {{ return(adapter.dispatch('get_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates)) }}
{% endmacro %}
{% macro default__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
    {% set names = dest_columns | map(attribute='quoted') | list %}
    {% set keys = [] if not unique_key else ([unique_key] if unique_key is string else unique_key) %}
    {% set conditions = (incremental_predicates or []) | list %}
    {% for key in keys %}{% do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) %}{% endfor %}
    {% set updated = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns) %}
    merge into {{ target }} as DBT_INTERNAL_DEST using {{ source }} as DBT_INTERNAL_SOURCE
    on {{ ('(' ~ (conditions | join(') and (')) ~ ')') if keys else 'false' }}
    {% if keys %}when matched then update set {% for name in updated %}{{ name }} = DBT_INTERNAL_SOURCE.{{ name }}{{ ', ' if not loop.last }}{% endfor %}{% endif %}
    when not matched then insert ({{ names | join(', ') }}) values ({% for name in names %}DBT_INTERNAL_SOURCE.{{ name }}{{ ', ' if not loop.last }}{% endfor %})
{% endmacro %}

{% macro get_incremental_default_sql(arg_dict) %}{{ return(adapter.dispatch('get_incremental_default_sql', 'dbt')(arg_dict)) }}{% endmacro %}
{% macro default__get_incremental_default_sql(arg_dict) %}{{ return(get_incremental_delete_insert_sql(arg_dict)) }}{% endmacro %}

{% macro diff_columns(source_columns, target_columns) %}
    {% set held = target_columns | map(attribute='name') | map('lower') | list %}
    {% set found = [] %}
    {% for column in source_columns %}{% if column.name | lower not in held %}{% do found.append(column) %}{% endif %}{% endfor %}
    {{ return(found) }}
{% endmacro %}

{% materialization table, default %}
    {% set target_relation = this.incorporate(type='table') %}
    {% set existing = load_cached_relation(this) %}
    {% set intermediate = make_intermediate_relation(target_relation) %}
    {{ drop_relation_if_exists(load_cached_relation(intermediate)) }}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') %}{{ get_create_table_as_sql(False, intermediate, sql) }}{% endcall %}
    {{ drop_relation_if_exists(existing) }}
    {{ adapter.rename_relation(intermediate, target_relation) }}
    {% do create_indexes(target_relation) %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing, full_refresh_mode=True)) %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization view, default %}
    {% set target_relation = this.incorporate(type='view') %}
    {% set existing = load_cached_relation(this) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {{ drop_relation_if_exists(existing) }}
    {% call statement('main') %}{{ get_create_view_as_sql(target_relation, sql) }}{% endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing, full_refresh_mode=True)) %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
`
