{{ config(unique_key='order_id', incremental_predicates=['dbt_internal_dest.amount > 10']) }}
select order_id, status, amount from {{ source('raw', 'orders') }}
