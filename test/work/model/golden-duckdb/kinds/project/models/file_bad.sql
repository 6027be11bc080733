{{ config(materialized='external', format='xlsx', location='x.xlsx') }} select 1 as a
