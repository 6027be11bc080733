{{ config(materialized='external', location='out_json.json') }} select * from raw.events
