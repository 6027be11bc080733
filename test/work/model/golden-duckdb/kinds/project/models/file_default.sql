{{ config(materialized='external', format='csv', delimiter='|') }} select id, val from raw.events
