{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) %}
  delete from {{ target }} where {{ unique_key }} in (select {{ unique_key }} from {{ source }});
  insert into {{ target }} select * replace ('merged by us' as mark) from {{ source }};
{% endmacro %}

{% macro default__get_insert_into_sql(target_relation, temp_relation, dest_columns) %}{% endmacro %}

{% macro get_insert_into_sql(target_relation, temp_relation, dest_columns) %}
  insert into {{ target_relation }} ({{ get_quoted_csv(dest_columns | map(attribute='name')) }})
  (select * replace ('appended by us' as mark) from {{ temp_relation }})
{% endmacro %}

{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') %}
  {{ return('append_new_columns' if on_schema_change == 'whatever' else on_schema_change) }}
{% endmacro %}

{% macro default__sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
  {% for column in schema_changes_dict['source_not_in_target'] %}
    {% do run_query('alter table ' ~ target_relation ~ ' add column ' ~ column.name ~ ' varchar') %}
  {% endfor %}
{% endmacro %}
