{{ config(materialized='table') }} select e.id * 10 as id, e.id as parent from raw.events e join {{ ref('parents') }} p using (id)
