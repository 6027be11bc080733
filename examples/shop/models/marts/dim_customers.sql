with totals as (
    select customer_id, count(*) as orders, sum(amount_usd) as lifetime_usd, max(order_date) as last_order_date
    from {{ ref('stg_orders') }}
    group by customer_id
)
select
    customers.customer_id,
    customers.customer_name,
    customers.country,
    coalesce(totals.orders, 0) as orders,
    round(coalesce(totals.lifetime_usd, 0), 2) as lifetime_usd,
    totals.last_order_date,
    coalesce(totals.lifetime_usd, 0) >= {{ var('vip_threshold') }} as is_vip
from {{ ref('stg_customers') }} as customers
left join totals on totals.customer_id = customers.customer_id
