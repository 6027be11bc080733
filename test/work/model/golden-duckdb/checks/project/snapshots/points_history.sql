{% snapshot points_history %}
{{ config(unique_key="id || grp", strategy='check', check_cols=['amount'], target_schema='history') }}
select * from {{ ref('points') }}
{% endsnapshot %}
