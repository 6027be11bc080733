{% snapshot kept %}
{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='main') }}
select id, note from {{ ref('raw') }}
{% endsnapshot %}
