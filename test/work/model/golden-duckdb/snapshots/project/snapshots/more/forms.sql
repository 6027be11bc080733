{% snapshot by_time_records %}
{{ config(strategy='timestamp', updated_at='updated_at', hard_deletes='new_record', target_schema='elsewhere') }}
select * from {{ source('raw', 'customers') }}
{% endsnapshot %}

{% snapshot checked %}
{{ config(strategy='check', check_cols='all', invalidate_hard_deletes=true) }}
select id, name, status from {{ source('raw', 'customers') }}
{% endsnapshot %}

{% snapshot checked_some %}
{{ config(strategy='check', check_cols=['status'], updated_at='updated_at') }}
select * from {{ source('raw', 'customers') }}
{% endsnapshot %}

{% snapshot current %}
{{ config(strategy='timestamp', updated_at='updated_at', dbt_valid_to_current="to_timestamp(253402300799)::timestamp", hard_deletes='new_record',
   snapshot_meta_column_names={'dbt_valid_from': 'since', 'dbt_valid_to': 'until', 'dbt_scd_id': 'scd', 'dbt_updated_at': 'changed', 'dbt_is_deleted': 'gone'}) }}
select * from {{ source('raw', 'customers') }}
{% endsnapshot %}

{% snapshot two_keys %}
{{ config(strategy='timestamp', unique_key=['order_id', 'line'], updated_at='updated_at', hard_deletes='new_record') }}
select * from {{ source('raw', 'lines') }}
{% endsnapshot %}

{% snapshot own %}
{{ config(strategy='doubled', updated_at='updated_at') }}
select * from {{ source('raw', 'customers') }}
{% endsnapshot %}

{% snapshot off %}
{{ config(strategy='check', check_cols='all', enabled=false) }}
select 1 as id
{% endsnapshot %}
