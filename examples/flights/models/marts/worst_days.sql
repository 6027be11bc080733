select
    flight_date,
    any_value(weekday) as weekday,
    count(*) as flights,
    round(avg(delay_minutes), 2) as mean_delay,
    round(100.0 * avg(is_late::integer), 1) as late_percent
from {{ ref('stg_flights') }}
group by flight_date
having count(*) >= 1000
order by mean_delay desc
