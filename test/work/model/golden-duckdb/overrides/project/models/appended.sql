{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='whatever', mark='appended') }}
select * from raw.events
{% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}
