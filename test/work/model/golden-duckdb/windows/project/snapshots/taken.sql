{% snapshot taken %}
{{ config(unique_key='id', strategy='timestamp', updated_at='at_time', target_schema='main') }}
select * from {{ ref('staged') }}
{% endsnapshot %}
