{{ config(materialized='table') }} select 7 as id, 'm' as more
