{{ config(unique_key='order_id', incremental_strategy='append') }}
select order_id, cast(status as varchar(8)) as status from {{ source('raw', 'orders') }}
