{{ config(materialized='external', location='out_csv.csv') }} select * from raw.events
