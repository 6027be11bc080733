{{ config(materialized='table') }}
select 1 as id, 10 as amount, 'a' as name, date '2024-01-01' as day
