{{ config(materialized='view') }}
select code, {{ tools.times('amount') }} as amount, '{{ var("greeting") }}' as greeting, {{ var('own') }} as own, {{ wrapped('x') }} as label
from {{ ref('codes') }}
