{% snapshot timed %}
{{ config(unique_key='id', strategy='timestamp', updated_at='moment', target_schema='main', hard_deletes='invalidate') }}
select * from raw.events
{% endsnapshot %}

{% snapshot checked %}
{{ config(unique_key=['id', 'val'], strategy='check', check_cols=['moment'], schema='main', hard_deletes='new_record', snapshot_meta_column_names={'dbt_is_deleted': 'gone'}) }}
select id, val, moment from raw.events
{% endsnapshot %}
