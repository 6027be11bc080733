{% snapshot codes_history %}
{{ config(target_schema='snap', unique_key='code', strategy='check', check_cols=['label']) }}
select * from {{ ref('codes') }}
{% endsnapshot %}
