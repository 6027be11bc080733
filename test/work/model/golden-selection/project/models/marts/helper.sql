{{ config(materialized='ephemeral', tags=[]) }}
select * from {{ ref('customers') }}
