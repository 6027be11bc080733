{{ config(fail_calc='sum(n)', warn_if='> 2', error_if='> 100', limit=2) }}
select * from {{ ref('by_day') }}
