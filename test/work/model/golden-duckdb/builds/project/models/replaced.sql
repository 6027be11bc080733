{{ config(materialized='incremental', unique_key=['id'], on_schema_change='sync_all_columns', incremental_strategy='delete+insert') }}
select * from raw.events
