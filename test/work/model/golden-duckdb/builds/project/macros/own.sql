{% materialization counted, adapter='duckdb' %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set existing = load_cached_relation(this) -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% if existing is none or should_full_refresh() %}
    {{ drop_relation_if_exists(existing) }}
    {% call statement('main') %}{{ create_table_as(False, target_relation, 'select 1 as run, * from (' ~ sql ~ ')') }}{% endcall %}
  {% else %}
    {% set last = run_query('select max(run) from ' ~ target_relation).columns[0].values()[0] %}
    {% call statement('main') %}
      insert into {{ target_relation }} select {{ last + 1 }}, * from ({{ sql }})
    {% endcall %}
  {% endif %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {{ adapter.commit() }}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization everything, default %}
  {%- set target_relation = api.Relation.create(identifier=this.identifier, schema=this.schema, database=this.database, type='view') -%}
  {% set old = adapter.get_relation(database=this.database, schema=this.schema, identifier=this.identifier) %}
  {% if old %}{% do adapter.drop_relation(old) %}{% endif %}
  {% call statement('main') -%}
    create view {{ target_relation }} as select * from ({{ sql }}) where {{ config.get('keep', 'true') }}
  {%- endcall %}
  {% do adapter.commit() %}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro get_incremental_insert_missing_sql(arg_dict) %}
  {% set target = arg_dict["target_relation"] %}
  insert into {{ target }} select * from {{ arg_dict["temp_relation"] }} s
  where not exists (select 1 from {{ target }} t where t.{{ arg_dict["unique_key"] }} = s.{{ arg_dict["unique_key"] }})
{% endmacro %}
