{{ config(materialized='table') }} select s.*, p.name from {{ ref('staged') }} s left join {{ source('raw', 'people') }} p using (id)
