select customer_id, count(*) as orders, sum(amount) as total_amount
from {{ source('raw', 'orders') }}
where status <> 'returned'
group by customer_id
