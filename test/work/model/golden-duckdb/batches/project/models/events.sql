{{ config(event_time='moment') }}
select * from {{ source('raw', 'plain') }}
