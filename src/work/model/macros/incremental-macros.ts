/** dbt's macros that incremental models are made of, in their dispatched forms: strategies, merges, changes of schemas. */
export const INCREMENTAL_MACROS = `
{% macro get_incremental_append_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_append_sql', 'dbt')(arg_dict)) }}
{% endmacro %}
{% macro default__get_incremental_append_sql(arg_dict) %}
    {% do return(get_insert_into_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns'])) %}
{% endmacro %}

{% macro get_incremental_delete_insert_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_delete_insert_sql', 'dbt')(arg_dict)) }}
{% endmacro %}
{% macro default__get_incremental_delete_insert_sql(arg_dict) %}
    {% do return(get_delete_insert_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) %}
{% endmacro %}

{% macro get_incremental_merge_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_merge_sql', 'dbt')(arg_dict)) }}
{% endmacro %}
{% macro default__get_incremental_merge_sql(arg_dict) %}
    {% do return(get_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['unique_key'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) %}
{% endmacro %}

{% macro get_incremental_insert_overwrite_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_insert_overwrite_sql', 'dbt')(arg_dict)) }}
{% endmacro %}
{% macro default__get_incremental_insert_overwrite_sql(arg_dict) %}
    {% do return(get_insert_overwrite_merge_sql(arg_dict['target_relation'], arg_dict['temp_relation'], arg_dict['dest_columns'], arg_dict['incremental_predicates'])) %}
{% endmacro %}

{% macro get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header=false) -%}
    {{ adapter.dispatch('get_insert_overwrite_merge_sql', 'dbt')(target, source, dest_columns, predicates, include_sql_header) }}
{%- endmacro %}
{% macro default__get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header) -%}
    {%- set columns = get_quoted_csv(dest_columns | map(attribute='name')) -%}
    {{ config.get('sql_header') if include_sql_header and config.get('sql_header') is not none else '' }}
    merge into {{ target }} as DBT_INTERNAL_DEST
        using {{ source }} as DBT_INTERNAL_SOURCE
        on FALSE
    when not matched by source {% for predicate in predicates or [] %} and {{ predicate }}{% endfor %}
        then delete
    when not matched then insert
        ({{ columns }})
    values
        ({{ columns }})
{%- endmacro %}

{% macro get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) %}
    {{ return(adapter.dispatch('get_delete_insert_merge_sql', 'dbt')(target, source, unique_key, dest_columns, incremental_predicates)) }}
{% endmacro %}
{# A key may be an expression. #}
{% macro default__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) %}
    {% set columns = get_quoted_csv(dest_columns | map(attribute='name')) %}
    {% if unique_key %}
        {% set keys = unique_key if unique_key is string else unique_key | join(', ') %}
        delete from {{ target }} as DBT_INTERNAL_DEST
        where ({{ keys }}) in (select distinct {{ keys }} from {{ source }} as DBT_INTERNAL_SOURCE)
        {%- for predicate in incremental_predicates or [] %} and {{ predicate }}{% endfor %};
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
    {% for key in keys %}{% do conditions.append(get_merge_unique_key_match(key) | trim) %}{% endfor %}
    {% if not keys %}{% do conditions.append('false') %}{% endif %}
    {% set updated = get_merge_update_columns(config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns) %}
    {{ config.get('sql_header') or '' }}
    merge into {{ target }} as DBT_INTERNAL_DEST using {{ source }} as DBT_INTERNAL_SOURCE
    on ({{ conditions | join(') and (') }})
    {% if keys and updated %}when matched then update set {% for name in updated %}{{ name }} = DBT_INTERNAL_SOURCE.{{ name }}{{ ', ' if not loop.last }}{% endfor %}{% endif %}
    when not matched then insert ({{ names | join(', ') }}) values ({% for name in names %}DBT_INTERNAL_SOURCE.{{ name }}{{ ', ' if not loop.last }}{% endfor %})
{% endmacro %}

{% macro get_incremental_default_sql(arg_dict) %}{{ return(adapter.dispatch('get_incremental_default_sql', 'dbt')(arg_dict)) }}{% endmacro %}
{% macro default__get_incremental_default_sql(arg_dict) %}{{ return(get_incremental_append_sql(arg_dict)) }}{% endmacro %}

{% macro diff_columns(source_columns, target_columns) %}
    {% set held = target_columns | map(attribute='name') | map('lower') | list %}
    {% set found = [] %}
    {% for column in source_columns %}{% if column.name | lower not in held %}{% do found.append(column) %}{% endif %}{% endfor %}
    {{ return(found) }}
{% endmacro %}

{% macro get_incremental_microbatch_sql(arg_dict) %}
    {{ return(adapter.dispatch('get_incremental_microbatch_sql', 'dbt')(arg_dict)) }}
{% endmacro %}
{% macro default__get_incremental_microbatch_sql(arg_dict) %}
    {{ exceptions.raise_not_implemented('microbatch materialization strategy not implemented for adapter ' ~ adapter.type()) }}
{% endmacro %}

{% macro get_merge_unique_key_match(unique_key) -%}
    {{ return(adapter.dispatch('get_merge_unique_key_match', 'dbt')(unique_key)) }}
{%- endmacro %}
{% macro default__get_merge_unique_key_match(unique_key) -%}
    {{ return('DBT_INTERNAL_SOURCE.' ~ unique_key ~ ' = DBT_INTERNAL_DEST.' ~ unique_key) }}
{%- endmacro %}

{% macro default__get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) -%}
    {%- if merge_update_columns and merge_exclude_columns -%}
        {{ exceptions.raise_compiler_error('Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config') }}
    {%- elif merge_update_columns -%}
        {{ return(merge_update_columns) }}
    {%- elif merge_exclude_columns -%}
        {%- set without = merge_exclude_columns | map('lower') | list -%}
        {%- set kept = [] -%}
        {%- for column in dest_columns if column.column | lower not in without -%}{%- do kept.append(column.quoted) -%}{%- endfor -%}
        {{ return(kept) }}
    {%- else -%}
        {{ return(dest_columns | map(attribute='quoted') | list) }}
    {%- endif -%}
{%- endmacro %}
{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
    {{ return(adapter.dispatch('get_merge_update_columns', 'dbt')(merge_update_columns, merge_exclude_columns, dest_columns)) }}
{% endmacro %}

{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') %}
    {% if on_schema_change not in ['sync_all_columns', 'append_new_columns', 'fail', 'ignore'] %}
        {% do log('Invalid value for on_schema_change (' ~ on_schema_change ~ ') specified. Setting default value of ' ~ default ~ '.') %}
        {{ return(default) }}
    {% endif %}
    {{ return(on_schema_change) }}
{% endmacro %}

{% macro diff_column_data_types(source_columns, target_columns) %}
    {{ return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) }}
{% endmacro %}
{% macro default__diff_column_data_types(source_columns, target_columns) %}
    {% set changed = [] %}
    {% for ours in source_columns %}
        {% for theirs in target_columns if theirs.name == ours.name %}
            {% if ours.expanded_data_type != theirs.expanded_data_type and not ours.can_expand_to(other_column=theirs) %}
                {% do changed.append({'column_name': theirs.name, 'new_type': ours.expanded_data_type}) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {{ return(changed) }}
{% endmacro %}

{% macro check_for_schema_changes(source_relation, target_relation) %}
    {{ return(adapter.dispatch('check_for_schema_changes', 'dbt')(source_relation, target_relation)) }}
{% endmacro %}
{% macro default__check_for_schema_changes(source_relation, target_relation) %}
    {% set source_columns = adapter.get_columns_in_relation(source_relation) %}
    {% set target_columns = adapter.get_columns_in_relation(target_relation) %}
    {% set added = diff_columns(source_columns, target_columns) %}
    {% set removed = diff_columns(target_columns, source_columns) %}
    {% set retyped = diff_column_data_types(source_columns, target_columns) %}
    {{ return({
        'schema_changed': (added or removed or retyped) | length > 0,
        'source_not_in_target': added,
        'target_not_in_source': removed,
        'source_columns': source_columns,
        'target_columns': target_columns,
        'new_target_types': retyped
    }) }}
{% endmacro %}

{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
    {{ return(adapter.dispatch('sync_column_schemas', 'dbt')(on_schema_change, target_relation, schema_changes_dict)) }}
{% endmacro %}
{% macro default__sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
    {%- set added = schema_changes_dict['source_not_in_target'] -%}
    {%- if on_schema_change == 'append_new_columns' and added -%}
        {%- do alter_relation_add_remove_columns(target_relation, added, none) -%}
    {%- elif on_schema_change == 'sync_all_columns' -%}
        {%- set removed = schema_changes_dict['target_not_in_source'] -%}
        {%- if added or removed -%}{%- do alter_relation_add_remove_columns(target_relation, added, removed) -%}{%- endif -%}
        {%- for change in schema_changes_dict['new_target_types'] -%}
            {%- do alter_column_type(target_relation, change['column_name'], change['new_type']) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{% macro process_schema_changes(on_schema_change, source_relation, target_relation) %}
    {{ return(adapter.dispatch('process_schema_changes', 'dbt')(on_schema_change, source_relation, target_relation)) }}
{% endmacro %}
{% macro default__process_schema_changes(on_schema_change, source_relation, target_relation) %}
    {% if on_schema_change == 'ignore' %}{{ return({}) }}{% endif %}
    {% set changes = check_for_schema_changes(source_relation, target_relation) %}
    {% if changes['schema_changed'] %}
        {% if on_schema_change == 'fail' %}
            {% do exceptions.raise_compiler_error(
                'The source and target schemas on this incremental model are out of sync!\\nSource columns not in target: ' ~ changes['source_not_in_target']
                ~ '\\nTarget columns not in source: ' ~ changes['target_not_in_source'] ~ '\\nNew column types: ' ~ changes['new_target_types']) %}
        {% endif %}
        {% do sync_column_schemas(on_schema_change, target_relation, changes) %}
    {% endif %}
    {{ return(changes['source_columns']) }}
{% endmacro %}
`
