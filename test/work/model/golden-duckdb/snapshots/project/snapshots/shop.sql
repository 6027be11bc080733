{# Two in one file. #}
{% snapshot by_time %}
    {{ config(strategy='timestamp', updated_at='updated_at') }}
    select * from {{ source('raw', 'customers') }}
{% endsnapshot %}

{% snapshot by_time_invalidated %}
{{ config(strategy='timestamp', updated_at='updated_at', hard_deletes='invalidate', alias='invalidated') }}
select * from {{ source('raw', 'customers') }}
{% endsnapshot %}
