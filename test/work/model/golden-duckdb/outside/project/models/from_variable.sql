select *, '{{ var("digits") }}' as digits, {{ 'true' if var('nothing') is none else 'false' }} as nothing
from {{ var('orders_table') }}
