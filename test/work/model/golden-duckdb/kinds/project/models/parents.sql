{{ config(materialized='table') }} select id, val from raw.events
