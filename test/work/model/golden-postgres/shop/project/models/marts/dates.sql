with d as (select cast('2024-01-31 10:20:30' as timestamp) as a, cast('2025-03-01 08:09:10' as timestamp) as b)
select
    {{ dbt.dateadd('day', 3, 'a') }} as plus_days,
    {{ dateadd('month', '-1', 'a') }} as less_a_month,
{%- for part in ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond', 'microsecond'] %}
    {{ dbt.datediff('a', 'b', part) }} as diff_{{ part }},
    {{ datediff('b', 'a', part) }} as back_{{ part }},
{%- endfor %}
    {{ dbt.date_trunc('month', 'a') }} as trunced,
    {{ dbt.last_day('a', 'month') }} as last_of_month,
    {{ dbt.last_day('a', 'quarter') }} as last_of_quarter,
    {{ dbt.date(2024, 2, 29) }} as made
from d
