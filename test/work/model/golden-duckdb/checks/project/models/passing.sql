{{ config(materialized='ephemeral') }}
select 1 as one union all select 2
