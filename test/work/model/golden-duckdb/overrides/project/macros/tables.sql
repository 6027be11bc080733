{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  create {{ 'temporary ' if temporary }}table {{ relation.include(database=(not temporary), schema=(not temporary)) }} as (
    select *, '{{ config.get('mark', 'none') }}' as mark from ({{ compiled_code }})
  )
{%- endmacro %}

{% macro get_create_view_as_sql(relation, sql) -%}
  create view {{ relation }} as select *, '{{ model.name }}' as view_of from ({{ sql }})
{%- endmacro %}

{% macro duckdb__apply_grants(relation, grant_config, should_revoke=True) %}
  {% do run_query("insert into main.log values ('grants of " ~ relation.identifier ~ " " ~ should_revoke ~ "')") %}
{% endmacro %}

{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}

{% macro duckdb__drop_relation(relation) -%}
  {% call statement('drop_relation', auto_begin=False) -%}
    drop {{ relation.type }} if exists {{ relation }} cascade
  {%- endcall %}
  {% if '__dbt' not in relation.identifier %}
  {% do run_query("insert into main.log values ('dropped " ~ relation.identifier ~ "')") %}
  {% endif %}
{%- endmacro %}
