/**
 * Macros of snapshots. They are taken in TypeScript (see `snapshot/`) unless a project has its own form of a macro
 * that the Jinja form below reaches; a strategy of a project's own does not need it.
 */
export const SNAPSHOT_MACROS = `
{% macro get_snapshot_table_column_names() %}
    {% set names = {} %}
    {% for name in ['dbt_valid_to', 'dbt_valid_from', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted'] %}
        {% do names.update({name: (config.get('snapshot_meta_column_names') or {}).get(name) or name}) %}
    {% endfor %}
    {{ return(names) }}
{% endmacro %}

{% macro snapshot_hash_arguments(args) -%}
    {{ return(adapter.dispatch('snapshot_hash_arguments', 'dbt')(args)) }}
{%- endmacro %}
{% macro default__snapshot_hash_arguments(args) -%}
    md5({% for arg in args %}coalesce(cast({{ arg }} as varchar), ''){% if not loop.last %} || '|' || {% endif %}{% endfor %})
{%- endmacro %}

{% macro snapshot_string_as_time(timestamp) -%}
    {{ return(adapter.dispatch('snapshot_string_as_time', 'dbt')(timestamp)) }}
{%- endmacro %}
{% macro default__snapshot_string_as_time(timestamp) -%}
    '{{ timestamp }}'::timestamp
{%- endmacro %}

{# What every strategy answers. #}
{% macro _snapshot_strategy(updated_at, row_changed) %}
    {% set hard_deletes = adapter.get_hard_deletes_behavior(config) %}
    {{ return({
        'unique_key': config.get('unique_key'),
        'updated_at': updated_at,
        'row_changed': row_changed,
        'scd_id': snapshot_hash_arguments(api.Relation.scd_args(config.get('unique_key'), updated_at)),
        'invalidate_hard_deletes': hard_deletes == 'invalidate',
        'hard_deletes': hard_deletes
    }) }}
{% endmacro %}

{# Not the user's own column of the record: it may have been taken with another strategy. #}
{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
    {% set updated_at = config.get('updated_at') %}
    {% set columns = get_snapshot_table_column_names() %}
    {{ return(_snapshot_strategy(updated_at, '(' ~ snapshotted_rel ~ '.' ~ columns.dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')')) }}
{% endmacro %}

{# Whether the query has gained a column, and those of its columns that the snapshot has too. #}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
    {%- if not target_exists -%}{{ return((false, query_columns)) }}{%- endif -%}
    {%- if check_cols_config != 'all' and (check_cols_config is string or not check_cols_config) -%}
        {% do exceptions.raise_compiler_error("Invalid value for 'check_cols': " ~ check_cols_config) %}
    {%- endif -%}
    {%- set wanted = '*' if check_cols_config == 'all' else check_cols_config | join(', ') -%}
    {%- set query_columns = get_columns_in_query('select ' ~ wanted ~ ' from (\\n' ~ node['compiled_code'] ~ '\\n) subq') -%}
    {%- set target_relation = adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias) -%}
    {%- set held = adapter.get_columns_in_relation(target_relation) | map(attribute='name') | list -%}
    {%- set common = [] -%}
    {%- for name in query_columns if name in held -%}{%- do common.append(adapter.quote(name)) -%}{%- endfor -%}
    {{ return((common | length < query_columns | length, common)) }}
{%- endmacro %}

{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
    {% set gained, columns = snapshot_check_all_get_existing_columns(node, target_exists, config.get('check_cols')) %}
    {% set differing = [] %}
    {% for column in columns or [] %}
        {% set was, now = snapshotted_rel ~ '.' ~ column, current_rel ~ '.' ~ column %}
        {% do differing.append(was ~ ' != ' ~ now ~ ' or ((' ~ was ~ ' is null) != (' ~ now ~ ' is null))') %}
    {% endfor %}
    {% set row_changed = '(' ~ (get_true_sql() | trim if gained else differing | join(' or ') or 'false') ~ ')' %}
    {{ return(_snapshot_strategy(config.get('updated_at') or snapshot_get_time(), row_changed)) }}
{% endmacro %}

{% macro build_snapshot_table(strategy, sql) -%}{{ adapter.dispatch('build_snapshot_table', 'dbt')(strategy, sql) }}{%- endmacro %}
{% macro default__build_snapshot_table(strategy, sql) %}
    {% set names = get_snapshot_table_column_names() %}
    select *,
        {{ strategy.scd_id }} as {{ names.dbt_scd_id }},
        {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
        {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
        {{ get_dbt_valid_to_current(strategy, names) }}
        {%- if strategy.hard_deletes == 'new_record' %},
        'False' as {{ names.dbt_is_deleted }}
        {%- endif %}
    from (
        {{ sql }}
    ) sbq
{% endmacro %}

{% macro snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {{ adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation) }}
{%- endmacro %}
{# Rows of insert are new records, those of update and delete close the open record with their dbt_scd_id. #}
{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {%- set names = get_snapshot_table_column_names() -%}
    {%- set key = strategy.unique_key -%}
    {%- set keyed = unique_key_fields(key) | trim -%}
    {%- set same = unique_key_join_on(key, 'snapshotted_data', 'source_data') | trim -%}
    {%- set seeks_deletes = strategy.hard_deletes in ['invalidate', 'new_record'] -%}
    {%- set records = strategy.hard_deletes == 'new_record' -%}
    {%- set open_end = config.get('dbt_valid_to_current') -%}
    {%- set was_gone = "snapshotted_data." ~ names.dbt_is_deleted ~ " = 'True'" -%}
    {%- set changed = strategy.row_changed ~ (' or ' ~ was_gone if records else '') -%}
    with snapshot_query as (
        {{ source_sql }}
    ),
    snapshotted_data as (
        select *, {{ keyed }}
        from {{ target_relation }}
        where {{ '(' ~ (equals(names.dbt_valid_to, open_end) | trim) ~ ' or ' if open_end }}{{ names.dbt_valid_to }} is null{{ ')' if open_end }}
    ),
    insertions_source_data as (
        select *, {{ keyed }},
            {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
            {{ get_dbt_valid_to_current(strategy, names) }},
            {{ strategy.scd_id }} as {{ names.dbt_scd_id }}
        from snapshot_query
    ),
    updates_source_data as (
        select *, {{ keyed }},
            {{ strategy.updated_at }} as {{ names.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ names.dbt_valid_from }},
            {{ strategy.updated_at }} as {{ names.dbt_valid_to }}
        from snapshot_query
    )
    {%- if seeks_deletes %},
    deletes_source_data as (select *, {{ keyed }} from snapshot_query)
    {%- endif %}
    select 'insert' as dbt_change_type, source_data.*{{ ", 'False' as " ~ names.dbt_is_deleted if records }}
    from insertions_source_data as source_data
    left join snapshotted_data on {{ same }}
    where {{ unique_key_is_null(key, 'snapshotted_data') | trim }} or ({{ unique_key_is_not_null(key, 'snapshotted_data') | trim }} and ({{ changed }}))
    union all
    select 'update' as dbt_change_type, source_data.*, snapshotted_data.{{ names.dbt_scd_id }}{{ ', snapshotted_data.' ~ names.dbt_is_deleted if records }}
    from updates_source_data as source_data
    join snapshotted_data on {{ same }}
    where ({{ changed }})
    {%- if seeks_deletes %}
    {%- set left %}
    from snapshotted_data
    left join deletes_source_data as source_data on {{ same }}
    where {{ unique_key_is_null(key, 'source_data') | trim }}{{ ' and not (' ~ was_gone ~ ')' if records }}
    {%- endset %}
    union all
    select 'delete' as dbt_change_type, source_data.*,
        {{ snapshot_get_time() }} as {{ names.dbt_updated_at }},
        {{ snapshot_get_time() }} as {{ names.dbt_valid_from }},
        {{ snapshot_get_time() }} as {{ names.dbt_valid_to }},
        snapshotted_data.{{ names.dbt_scd_id }}{{ ', snapshotted_data.' ~ names.dbt_is_deleted if records }}
    {{- left }}
    {%- if records %}
    {%- set held = get_list_of_column_names(adapter.get_columns_in_relation(target_relation)) %}
    union all
    select 'insert' as dbt_change_type,
        {% for name in get_columns_in_query(source_sql) %}{{ 'snapshotted_data' if name in held else 'source_data' }}.{{ adapter.quote(name) }}, {% endfor %}
        {% for index in range(1 if key is string else key | length) %}{% set suffix = '' if key is string else '_' ~ (index + 1) %}snapshotted_data.dbt_unique_key{{ suffix }}, {% endfor %}
        {{ snapshot_get_time() }} as {{ names.dbt_updated_at }},
        {{ snapshot_get_time() }} as {{ names.dbt_valid_from }},
        snapshotted_data.{{ names.dbt_valid_to }},
        {{ snapshot_hash_arguments(['snapshotted_data.' ~ names.dbt_scd_id, snapshot_get_time()]) }} as {{ names.dbt_scd_id }},
        'True' as {{ names.dbt_is_deleted }}
    {{- left }}
    {%- endif %}
    {%- endif %}
{%- endmacro %}

{% macro build_snapshot_staging_table(strategy, sql, target_relation) %}
    {% set temp_relation = make_temp_relation(target_relation) %}
    {% call statement('build_snapshot_staging_relation') %}
        {{ create_table_as(True, temp_relation, snapshot_staging_table(strategy, sql, target_relation)) }}
    {% endcall %}
    {% do return(temp_relation) %}
{% endmacro %}

{% macro get_snapshot_get_time_data_type() %}
    {% set columns = get_column_schema_from_query('select ' ~ snapshot_get_time() ~ ' as dbt_snapshot_time') %}
    {{ return(columns[0].dtype if columns else none) }}
{% endmacro %}

{% macro get_updated_at_column_data_type(snapshot_sql) %}
    {% set found = [] %}
    {% for column in get_column_schema_from_query(snapshot_sql) if column.column | lower == 'dbt_updated_at' %}{% do found.append(column.dtype) %}{% endfor %}
    {{ return(found[0] if found else none) }}
{% endmacro %}

{% macro check_time_data_types(sql) %}
    {% set updated_at, now = get_updated_at_column_data_type(sql), get_snapshot_get_time_data_type() %}
    {% if updated_at is not none and now is not none and updated_at != now %}
        {{ exceptions.warn_snapshot_timestamp_data_types(now, updated_at) }}
    {% endif %}
{% endmacro %}

{% materialization snapshot, default %}
    {% set exists, target_relation = get_or_create_relation(database=model.database, schema=model.schema, identifier=model.alias, type='table') %}
    {% if not target_relation.is_table %}{% do exceptions.relation_wrong_type(target_relation, 'table') %}{% endif %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% set strategy = strategy_dispatch(config.get('strategy'))(model, 'snapshotted_data', 'source_data', model['config'], exists) %}
    {% set staging = [] %}
    {% if not exists %}
        {% set looked_at = build_snapshot_table(strategy, model['compiled_code']) %}
        {% set final_sql = create_table_as(False, target_relation, looked_at) %}
    {% else %}
        {{ adapter.assert_valid_snapshot_target_given_strategy(target_relation, get_snapshot_table_column_names(), strategy) }}
        {% set looked_at = snapshot_staging_table(strategy, sql, target_relation) %}
        {% set staged = build_snapshot_staging_table(strategy, sql, target_relation) %}
        {% do staging.append(staged) %}
        {% do adapter.expand_target_column_types(from_relation=staged, to_relation=target_relation) %}
        {% set own = ['dbt_change_type', 'dbt_unique_key'] %}
        {% for key in ([] if strategy.unique_key is string else strategy.unique_key) %}{% do own.append('dbt_unique_key_' ~ loop.index) %}{% endfor %}
        {% set own = own + (own | map('upper') | list) %}
        {% do create_columns(target_relation, adapter.get_missing_columns(staged, target_relation) | rejectattr('name', 'in', own) | list) %}
        {% set columns = [] %}
        {% for column in adapter.get_columns_in_relation(staged) | rejectattr('name', 'in', own) %}{% do columns.append(adapter.quote(column.name)) %}{% endfor %}
        {% set final_sql = snapshot_merge_sql(target=target_relation, source=staged, insert_cols=columns) %}
    {% endif %}
    {{ check_time_data_types(looked_at) }}
    {% call statement('main') %}{{ final_sql }}{% endcall %}
    {% do _settle(target_relation, exists, false) %}
    {% if not exists %}{% do create_indexes(target_relation) %}{% endif %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {% for one in staging %}{% do post_snapshot(one) %}{% endfor %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
`
