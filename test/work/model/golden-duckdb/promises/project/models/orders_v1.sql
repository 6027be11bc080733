{{ config(materialized='table') }} select '1.50'::decimal(10,2) as amount, 1 as id, 'x' as old
