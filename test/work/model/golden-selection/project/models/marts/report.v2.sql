select m.customer_id, m.revenue, d.id as day from {{ ref("revenue") }} m cross join {{ ref('dates') }} d
