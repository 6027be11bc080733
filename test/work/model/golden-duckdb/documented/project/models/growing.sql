{{ config(materialized='incremental', unique_key='id') }}
select id, note from {{ ref('raw') }}
