{{ config(full_refresh=false) }}
select 1 as id
