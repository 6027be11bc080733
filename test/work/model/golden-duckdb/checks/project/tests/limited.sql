{{ config(limit=2, store_failures_as='view') }}
select id from {{ ref('points_model') }} order by id
