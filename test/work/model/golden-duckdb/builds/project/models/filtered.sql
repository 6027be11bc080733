{{ config(materialized='everything', keep='id > 1') }}
select id from raw.events
