/**
 * Macros of snapshots that strategies of a project call. The snapshots themselves are TypeScript (see `snapshot/`),
 * which asks for `snapshot_<name>_strategy` and `snapshot_get_time` where a project has its own.
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

{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
    {% set updated_at = config.get('updated_at') %}
    {% set columns = get_snapshot_table_column_names() %}
    {{ return({
        'unique_key': config.get('unique_key'),
        'updated_at': updated_at,
        'row_changed': '(' ~ snapshotted_rel ~ '.' ~ columns.dbt_valid_from ~ ' < ' ~ current_rel ~ '.' ~ updated_at ~ ')',
        'scd_id': snapshot_hash_arguments(_snapshot_keys() + [updated_at]),
        'hard_deletes': config.get('hard_deletes') or ('invalidate' if config.get('invalidate_hard_deletes') else 'ignore')
    }) }}
{% endmacro %}

{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
    {% set updated_at = config.get('updated_at') or snapshot_get_time() %}
    {% set wanted = config.get('check_cols') %}
    {% set query = 'select ' ~ ('*' if wanted == 'all' else wanted | join(', ')) ~ ' from (' ~ node['compiled_code'] ~ ') subq' %}
    {% set changed = [] %}
    {% if target_exists %}
        {% set relation = adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias) %}
        {% set held = adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list %}
        {% for name in run_query(query ~ ' limit 0').column_names %}
            {% if name | lower in held %}
                {% set column = adapter.quote(name) %}
                {% do changed.append(snapshotted_rel ~ '.' ~ column ~ ' is distinct from ' ~ current_rel ~ '.' ~ column) %}
            {% else %}
                {% do changed.append('true') %}
            {% endif %}
        {% endfor %}
    {% endif %}
    {{ return({
        'unique_key': config.get('unique_key'),
        'updated_at': updated_at,
        'row_changed': '(' ~ (changed | join(' or ') or 'false') ~ ')',
        'scd_id': snapshot_hash_arguments(_snapshot_keys() + [updated_at]),
        'hard_deletes': config.get('hard_deletes') or ('invalidate' if config.get('invalidate_hard_deletes') else 'ignore')
    }) }}
{% endmacro %}

{% macro _snapshot_keys() %}
    {% set key = config.get('unique_key') %}
    {{ return([key] if key is string else key) }}
{% endmacro %}
`
