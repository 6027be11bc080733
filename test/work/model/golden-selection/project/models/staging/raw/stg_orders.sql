select id, customer_id, {{ cents('amount') }} as amount, ordered_at from {{ source('raw', 'orders') }}
