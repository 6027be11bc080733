{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', merge_update_columns='val') }} select id, val from raw.events
