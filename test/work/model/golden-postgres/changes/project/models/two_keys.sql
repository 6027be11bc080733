{{ config(unique_key=['order_id', 'customer_id'], incremental_strategy='delete+insert', on_schema_change='append_new_columns', indexes=[{'columns': ['order_id']}]) }}
select * from {{ source('raw', 'orders') }}
