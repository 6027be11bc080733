select id, grp, amount, day from {{ ref('points') }}
