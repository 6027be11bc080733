{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', incremental_predicates="DBT_INTERNAL_DEST.id < 3") }} select id, val from raw.events
