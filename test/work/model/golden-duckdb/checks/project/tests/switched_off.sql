{{ config(enabled=var('never', false)) }}
select 1
