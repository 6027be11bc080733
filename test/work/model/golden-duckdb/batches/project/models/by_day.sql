{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='moment', begin='2024-01-01', batch_size='day') }}
select *, '{{ model.batch.event_time_start }}' as batch, {{ 1 if is_incremental() else 0 }} as adds from {{ ref('events') }}
