select id, customer_id, amount, ordered_at, 1 as kind from {{ ref('stg_orders') }}
