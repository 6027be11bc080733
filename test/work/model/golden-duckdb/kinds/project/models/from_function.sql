{{ config(materialized='table') }} select id from {{ ref('between_ids') }}(2, 3)
