{{ config(materialized='table') }} select 1 as id, 2::decimal(10,2) as amount
