{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='at_time', batch_size='month', begin='2024-01-01', concurrent_batches=false) }}
select *, {{ is_incremental() }} as adds from {{ ref('staged') }}
