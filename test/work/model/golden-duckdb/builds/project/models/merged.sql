{{ config(materialized='incremental', incremental_strategy='merge', unique_key=['id', 'moment'], merge_exclude_columns=['val'], incremental_predicates=["DBT_INTERNAL_DEST.id < 100"]) }}
select id, moment, val, {{ 1 if is_incremental() else 0 }} as run from {{ ref('events') }}
