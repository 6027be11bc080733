{{ config(materialized='table_function', parameters=['least', 'most']) }} select * from raw.events where id between least and most
