{% macro snapshot_doubled_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
  {% set key = config.get('unique_key') %}
  {% set changed %}({{ snapshotted_rel }}.id * 2 = {{ current_rel }}.id + {{ current_rel }}.id and {{ snapshotted_rel }}.status != {{ current_rel }}.status){% endset %}
  {% do return({
    'unique_key': key, 'updated_at': config.get('updated_at'), 'row_changed': changed,
    'scd_id': snapshot_hash_arguments([key, config.get('updated_at'), "'own'"])
  }) %}
{% endmacro %}
