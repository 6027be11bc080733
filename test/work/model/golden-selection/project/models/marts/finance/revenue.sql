{{ config(access='public', grants={'select': ['reporter', 'analyst']}) }}
select customer_id, sum(amount) as revenue from {{ ref('orders', v=2) }} group by all
