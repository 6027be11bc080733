select
    flights.origin as iata,
    airports.airport,
    airports.city,
    airports.state,
    count(*) as departures,
    round(avg(flights.delay_minutes), 2) as mean_delay,
    median(flights.delay_minutes) as median_delay,
    round(100.0 * avg(flights.is_late::integer), 1) as late_percent
from {{ ref('stg_flights') }} as flights
join {{ ref('stg_airports') }} as airports on airports.iata = flights.origin
group by all
