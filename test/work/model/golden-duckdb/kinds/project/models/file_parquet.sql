{{ config(materialized='external', location='out_parquet.parquet') }} select * from raw.events
