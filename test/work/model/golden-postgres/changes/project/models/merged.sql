{{ config(unique_key='order_id', incremental_strategy='merge', merge_exclude_columns=['customer_id'], on_schema_change='sync_all_columns', grants={'select': ['public']}) }}
select * from {{ source('raw', 'orders') }}
