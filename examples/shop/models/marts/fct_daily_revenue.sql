select
    orders.order_date,
    customers.country,
    count(*) as orders,
    count(distinct orders.customer_id) as customers,
    round(sum(orders.amount_usd), 2) as revenue_usd
from {{ ref('stg_orders') }} as orders
join {{ ref('stg_customers') }} as customers on customers.customer_id = orders.customer_id
where orders.status not in ('CANCELLED', 'RETURNED')
group by orders.order_date, customers.country
