select id from {{ ref('orders') }} union all select id from {{ ref('orders', v=1) }} union all select id from {{ ref('orders', version=3) }}
