{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns') }}
select *, '{{ this }}' as me from raw.events {% if is_incremental() %}where id > (select max(id) from {{ this }}){% endif %}
