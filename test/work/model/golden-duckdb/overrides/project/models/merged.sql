{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', mark='merged') }}
select id, val from raw.events
