{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='moment', begin='2024-01-03 10:30:00', batch_size='hour') }}
select moment, id from {{ ref('events').render() }}
