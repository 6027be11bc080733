{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='moment', begin='2023-12-15', batch_size='month', lookback=2) }}
select e.moment, count(*) as n from {{ source('raw', 'events') }} e group by 1
