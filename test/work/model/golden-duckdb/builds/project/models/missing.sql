{{ config(materialized='incremental', incremental_strategy='insert_missing', unique_key='id') }}
select id, val from raw.events
