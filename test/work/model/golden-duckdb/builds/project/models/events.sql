{{ config(event_time='moment') }}
select * from raw.events
