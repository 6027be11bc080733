{{ config(materialized='external', location='none.parquet') }} select * from raw.events where false
