{{ config(materialized='incremental', unique_key=['id', 'val'], schema='other', mark='elsewhere') }}
select id, val, 'new' as state from raw.events
