select id as "Order Id", grp from {{ ref('points') }}
