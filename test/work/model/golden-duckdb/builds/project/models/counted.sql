{{ config(materialized='counted', pre_hook='create table if not exists hooked (n integer)', post_hook="insert into hooked values (1)") }}
select id from raw.events
