{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at_time', batch_size='day', begin='2024-01-01', lookback=3, concurrent_batches=true,
  pre_hook="insert into main.log values ('before')", post_hook="insert into main.log values ('after')") }}
select * from {{ ref('staged') }}
