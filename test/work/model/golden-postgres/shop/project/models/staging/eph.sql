{{ config(materialized='ephemeral') }}
select id, day from {{ ref('stg_kinds') }} where day is not null
